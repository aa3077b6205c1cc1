"""Whom a reminder can reach. Each app declares its own people in ``reminders.py``; the core knows only the calendar."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from assises.enums import Side
from assises.models import Edition, Milestone, RegisterItem, Task
from assises.silence import silenced


@dataclass(frozen=True)
class Recipient:
    """Somebody to be reminded."""

    #: What the app calls this person; unique within an audience, and what the app erases letters by.
    person: str
    email: str
    name: str
    language: str
    #: Whose working days and hours are kept.
    side: str = Side.FRENCH
    #: Path of the page where this person does what the reminder is about.
    link: str = ""


#: What a reminder is about.
About = Milestone | RegisterItem | Task
Find = Callable[[Edition, dt.datetime, About | None], Iterable[Recipient]]


@dataclass(frozen=True)
class Audience:
    name: str
    label: str | Promise
    find: Find


_AUDIENCES: dict[str, Audience] = {}


def audience(name: str, label: str | Promise) -> Callable[[Find], Find]:
    """Declare people that a reminder can be for; ``name`` is kept in the database, ``<app>.<who>``."""

    def declare(find: Find) -> Find:
        _AUDIENCES[name] = Audience(name, label, find)
        return find

    return declare


def audiences() -> list[Audience]:
    """All of them, by name."""
    autodiscover_modules("reminders")
    return [_AUDIENCES[name] for name in sorted(_AUDIENCES)]


def audience_of(name: str) -> Audience | None:
    """None for an audience that no app declares any more."""
    return next((a for a in audiences() if a.name == name), None)


def recipients(name: str, edition: Edition, at: dt.datetime, about: About | None) -> list[Recipient]:
    """The people of the audience at ``at``, each address once, without those who asked to be left alone."""
    found = audience_of(name)
    by_address: dict[str, Recipient] = {}
    for recipient in found.find(edition, at, about) if found else ():
        by_address.setdefault(recipient.email.casefold(), recipient)
    unwanted = silenced(by_address)
    return [who for address, who in by_address.items() if address not in unwanted]

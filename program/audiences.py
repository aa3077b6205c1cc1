"""Whom a change of the programme reaches. Each app declares its own people; this app knows nobody above it."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

from assises.models import Edition


@dataclass(frozen=True)
class Reader:
    """Somebody whose session moved: where letters go, in which language, and which sessions concern this person."""

    #: What the app calls this person: letters are named after it, so that the app erases them with the person.
    key: str
    email: str
    name: str
    language: str
    #: ``Session.guid`` of the sessions that this person goes to, leads or speaks in.
    guids: frozenset[str]
    #: Path of the page where the person changes the choice; empty if there is none.
    link: str = ""


Audience = Callable[[Edition, set[str], dt.datetime], Iterable[Reader]]
_AUDIENCES: list[Audience] = []


def told_of_moves(audience: Audience) -> Audience:
    """Declare a function that gives the readers concerned by sessions of these guids; in ``told`` of an app."""
    _AUDIENCES.append(audience)
    return audience


def readers(edition: Edition, guids: set[str], at: dt.datetime) -> list[Reader]:
    """Everybody concerned, one entry per address: who has two reasons gets one letter.

    Somebody with a page of their own is written to as there: by that name, in that language.
    """
    autodiscover_modules("told")
    merged: dict[str, Reader] = {}
    for audience in _AUDIENCES:
        for reader in audience(edition, guids, at):
            address = reader.email.casefold()
            known = merged.get(address)
            if known is not None:
                first = known if known.link or not reader.link else reader
                reader = dataclasses.replace(first, guids=known.guids | reader.guids)
            merged[address] = reader
    return list(merged.values())

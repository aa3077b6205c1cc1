"""The waiting list, in its order, with the reason why each person is on it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, panel, show, working_edition
from assises.models import Edition
from registration.models import Registration
from registration.queue import Waiting, queue, supply_of, why_waiting
from registration.rules import rules_of
from registration.summary import count


@dataclass(frozen=True)
class Line:
    """One person of the list as the page shows it."""

    registration: Registration
    waiting: Waiting
    why: str
    #: The first and not the first of a group that goes together.
    opens_group: bool
    in_group: bool

    @property
    def moved_up(self) -> int:
        return max((self.registration.rank_at_entry or 0) - self.waiting.rank, 0)


def lines(edition: Edition, *, at: dt.datetime, most: int | None = None) -> list[Line]:
    """The waiting list; in six queries, however long."""
    people = queue(edition, at=at)[:most]
    rows = Registration.objects.select_related("booking__organisation", "category").in_bulk(
        [p.id for p in people]
    )
    rules = rules_of(edition, at)
    supply = supply_of(edition)
    before = None
    found = []
    for person in people:
        in_group = person.together and person.party > 1
        found.append(
            Line(
                rows[person.id],
                person,
                why_waiting(person, rules, supply),
                opens_group=in_group and person.booking != before,
                in_group=in_group,
            )
        )
        before = person.booking
    return found


@page(
    "liste-attente/",
    name="waiting_list",
    title=gettext_lazy("Waiting list"),
    permission="registration.view_registration",
    task=Task.PLACES,
    order=20,
)
def waiting_list(request: HttpRequest) -> HttpResponse:
    """The queue, first come first; nobody is moved in it by hand."""
    edition = working_edition()
    title = _("Waiting list")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    at = clock.now()
    return show(
        request,
        "registration/back_office/waiting.html",
        {
            "title": title,
            "lines": lines(edition, at=at),
            "rules": rules_of(edition, at),
            "summary": count(edition, at=at),
            "working_edition": edition,
        },
    )


@panel("registration/back_office/_panel_waiting.html", permission="registration.view_registration", order=20)
def first_of_the_list(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """Who comes next."""
    return {"lines": lines(edition, at=at, most=5)}

"""The assignment of visits: proposed, looked at, applied."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, memory
from assises.back_office import Task, page, show, staff, working_edition
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition
from assises.text import whole_number
from program.models import Session
from registration import services
from registration.assignment import fingerprint
from registration.enums import SEATED
from registration.models import AssignedVisit, VisitAssignment, VisitWish
from registration.services.visits import held_by_others, inputs, seats_to_give
from registration.visits import by_rank, explain, sessions_spoken_of, visits_of


@dataclass(frozen=True)
class VisitNumbers:
    """One visit: its seats, the wishes for it, and what the proposal gives."""

    visit: Session
    #: Seats to give; None where they are not counted.
    ours: int | None
    #: How many have it as their first, second and third wish.
    first: int
    second: int
    third: int
    given: int | None

    @property
    def chinese(self) -> int:
        sheet = getattr(self.visit, "visit", None)
        return sheet.seats_chinese if sheet else 0

    @property
    def reserved(self) -> int:
        sheet = getattr(self.visit, "visit", None)
        return sheet.seats_reserved if sheet else 0

    @property
    def left(self) -> int | None:
        return None if self.ours is None or self.given is None else self.ours - self.given


def numbers(edition: Edition, rows: list[AssignedVisit] | None) -> list[VisitNumbers]:
    """Of each visit that can be wished for, whether anybody does or not; wishes of people with a place."""
    wishes = VisitWish.objects.filter(registration__edition=edition, registration__status__in=SEATED)
    wished = list(wishes.values_list("session", "rank"))
    visits = visits_of(edition)
    held = held_by_others(visits, {row.registration_id for row in rows or ()})
    return [
        VisitNumbers(
            visit,
            None if visit.seats is None else seats_to_give(visit, held[visit.pk]),
            first=wished.count((visit.pk, 1)),
            second=wished.count((visit.pk, 2)),
            third=wished.count((visit.pk, 3)),
            given=None if rows is None else sum(row.session_id == visit.pk for row in rows),
        )
        for visit in visits
    ]


@page(
    "visites/attribution/",
    name="visits_assignment",
    title=gettext_lazy("Visits: assignment"),
    permission="registration.change_registration",
    task=Task.PLACES,
    order=26,
)
def visits_assignment(request: HttpRequest) -> HttpResponse:
    """Propose, look at it by visit, by rank and by person; then apply."""
    edition = working_edition()
    title = _("Visits: assignment")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    if request.method == "POST":
        try:
            _do(request, edition)
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:visits_assignment")
    return show(request, "registration/back_office/visits.html", {"title": title, **_context(edition)})


def _do(request: HttpRequest, edition: Edition) -> None:
    at, by = clock.now(), staff(request)
    if "propose" in request.POST:
        services.propose_visits(edition, at=at, by=by)
        messages.success(request, _("This is the proposal. Nothing is decided before you apply it."))
        return
    wanted = whole_number(request.POST.get("apply"))
    proposal = VisitAssignment.objects.filter(edition=edition, pk=wanted).first()
    if proposal is None:
        raise Refusal(_("Another proposal has replaced this one. Look at it first."))
    services.apply_visits(proposal, at=at, by=by)
    memory.forget()
    if outbox.waits_for_approval(proposal.rows.count()):
        words = _(
            "The visits are assigned. The letters that say which one, and why, wait for approval, under “Mailings”."
        )
    else:
        words = _("The visits are assigned. A letter to each person says which one, and why.")
    messages.success(request, words)


def _context(edition: Edition) -> dict[str, Any]:
    assignments = VisitAssignment.objects.filter(edition=edition).select_related("proposed_by", "applied_by")
    applied = assignments.filter(applied_at__isnull=False).first()
    proposal = applied or assignments.first()
    rows: list[AssignedVisit] | None = None
    people: list[dict[str, Any]] = []
    is_outdated = False
    if proposal is not None:
        rows = list(proposal.rows.select_related("registration__booking__organisation", "session"))
        sessions = sessions_spoken_of(rows)
        people = [{"row": row, "why": explain(row, sessions)} for row in rows]
        is_outdated = applied is None and fingerprint(*inputs(edition)) != proposal.inputs_hash
    visits = numbers(edition, rows)
    return {
        "proposal": proposal,
        "is_applied": applied is not None,
        "is_outdated": is_outdated,
        "visits": visits,
        "ranks": by_rank(rows) if rows is not None else [],
        "people": people,
        "wishers": sum(visit.first for visit in visits),
    }

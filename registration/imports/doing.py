"""Trying out what a file asks for, and doing it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from assises import journal
from assises.exceptions import Refusal
from assises.models import Edition, User
from registration import services
from registration.imports.planning import Plan
from registration.models import Registration
from registration.services import places


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one line."""

    line: int
    registration: Registration | None
    refusal: str = ""


def try_out(planned: Plan, *, at: dt.datetime) -> list[Outcome]:
    """What would happen, line by line: everything is done as it would be, and taken back. Nothing is written."""
    with transaction.atomic():
        # Alone from the start: two previews that each wait for the other would never end.
        for edition in {entry.request.edition for entry in planned.requests}:
            places.lock_alone(edition)
        outcomes = _register_all(planned, at)
        transaction.set_rollback(True)
    return outcomes


def carry_out(planned: Plan, *, edition: Edition, by: User, at: dt.datetime) -> list[Outcome]:
    """Register everybody of the plan, request by request; a refusal of one stops no other. Twice changes nothing."""
    outcomes = _register_all(planned, at)
    done = sum(outcome.registration is not None for outcome in outcomes)
    journal.write([journal.entry(edition, "imported", at=at, by=by, count=done, lines=len(outcomes))])
    return outcomes


def _register_all(planned: Plan, at: dt.datetime) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for entry in planned.requests:
        try:
            booking = services.register(entry.request, at=at)
        except Refusal as refusal:
            outcomes += [Outcome(line, None, str(refusal)) for line in entry.lines]
            continue
        people = booking.registrations.select_related("category", "booking").order_by("pk")
        outcomes += [Outcome(line, r) for line, r in zip(entry.lines, people, strict=False)]
    return sorted(outcomes, key=lambda outcome: outcome.line)

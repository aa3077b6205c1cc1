"""Arrivals that phones at the entrance have noted, perhaps long ago and without a network."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction

from assises import journal
from assises.models import Edition, JournalEntry, User
from registration.enums import Status
from registration.models import Registration

#: Written late by so many seconds, an arrival says so in the journal.
LATE_SECONDS = 120


@dataclass(frozen=True)
class Arrival:
    """What a phone noted: a badge at an instant. ``undo`` takes the arrival of this badge back."""

    #: Made by the phone: the same key is the same arrival, however often it is sent.
    key: uuid.UUID
    code: str
    at: dt.datetime
    undo: bool = False


class Outcome(models.TextChoices):
    """What became of an arrival; the label is the action in the journal."""

    CHECKED_IN = "checked_in", "checked in"
    AGAIN = "again", "checked in again"
    NO_PLACE = "no_place", "arrived without a place"
    UNDONE = "undone", "check-in undone"
    # These two leave the registration, and therefore its journal, as it was.
    NOT_HERE = "not_here", "nothing to undo"
    UNKNOWN = "unknown", "unknown badge"


@transaction.atomic
def record_arrivals(
    edition: Edition,
    arrivals: Sequence[Arrival],
    *,
    received_at: dt.datetime,
    by: User | None = None,
    device: str = "",
) -> dict[uuid.UUID, Outcome]:
    """Note all arrivals in their order, by the rules of ``check_in``, in a few statements; outcomes by key.

    Sending an arrival again changes nothing and gives the outcome of the first time. A second arrival of a
    badge, and one without a place, are kept in the journal. Nothing is refused: people have come in already.
    """
    rows = _locked(edition, {arrival.code for arrival in arrivals})
    known = _known(rows.values(), arrivals)
    outcomes: dict[uuid.UUID, Outcome] = {}
    moved: set[Registration] = set()
    entries: list[JournalEntry] = []
    for arrival in arrivals:
        row = rows.get(arrival.code)
        if arrival.key in outcomes:
            continue
        if arrival.key in known:
            outcomes[arrival.key] = known[arrival.key]
            continue
        outcome = outcomes[arrival.key] = _judge(row, arrival)
        if row is None or outcome == Outcome.NOT_HERE:
            continue
        if outcome in (Outcome.CHECKED_IN, Outcome.UNDONE):
            row.status = Status.CONFIRMED if arrival.undo else Status.CHECKED_IN
            row.status_since, row.deadline = arrival.at, None
            moved.add(row)
        details = {"device": device, "arrival": str(arrival.key)}
        late = int((received_at - arrival.at).total_seconds())
        if late > LATE_SECONDS:
            details["late"] = str(late)
        entries.append(journal.entry(row, outcome.label, at=arrival.at, by=by, **details))
    Registration.objects.bulk_update(moved, ["status", "status_since", "deadline"])
    journal.write(entries)
    return outcomes


def _locked(edition: Edition, codes: Iterable[str]) -> dict[str, Registration]:
    """The registrations of these badges, nobody else changing them, locked in the order all services keep."""
    rows = Registration.objects.listed().filter(edition=edition, code__in=codes)
    return {r.code: r for r in rows.select_for_update(of=("self",)).order_by("booking_id", "pk")}


def _known(rows: Iterable[Registration], arrivals: Sequence[Arrival]) -> dict[uuid.UUID, Outcome]:
    """What was sent before; looked up behind the locks, so that two sendings at once are one."""
    written = JournalEntry.objects.filter(
        subject_type=Registration._meta.label_lower,
        subject_id__in=[row.pk for row in rows],
        details__arrival__in=[str(arrival.key) for arrival in arrivals],
    )
    by_action = {outcome.label: outcome for outcome in Outcome}
    return {
        uuid.UUID(details["arrival"]): by_action[action]
        for action, details in written.values_list("action", "details")
        if action in by_action
    }


def _judge(row: Registration | None, arrival: Arrival) -> Outcome:
    if row is None:
        return Outcome.UNKNOWN
    if arrival.undo:
        return Outcome.UNDONE if row.status == Status.CHECKED_IN else Outcome.NOT_HERE
    if row.status == Status.CHECKED_IN:
        return Outcome.AGAIN
    # Held and offered places are confirmed on the way: the person stands there.
    if row.status in (Status.HELD, Status.OFFERED, Status.CONFIRMED):
        return Outcome.CHECKED_IN
    return Outcome.NO_PLACE

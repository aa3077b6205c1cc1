"""How many seats a session has, and how those of a coach are shared."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, F
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy, ngettext

from assises import constraints, journal
from assises.exceptions import Refusal
from assises.models import Edition, User
from program.models import FieldVisit, Session
from registration.models import Seat, SessionChoice
from registration.services import places, seats

constraints.declare(
    {
        "registration_seats_beside_those_kept": gettext_lazy(
            "There are not as many seats as people hold and as are kept for others."
        )
    }
)


@dataclass(frozen=True)
class Kept:
    """Seats of a visit that nobody chooses here."""

    #: For the Chinese side, which counts its people itself.
    chinese: int = 0
    #: For the guests of the organisers.
    reserved: int = 0

    @property
    def total(self) -> int:
        return self.chinese + self.reserved


def kept_back(session: Session) -> Kept:
    """What of the seats of a visit is kept for others; nothing of those of other sessions."""
    sheet = FieldVisit.objects.filter(session=session).first()
    return Kept(sheet.seats_chinese, sheet.seats_reserved) if sheet else Kept()


@transaction.atomic
def set_seats(
    session: Session,
    seats_then: int | None,
    *,
    kept: Kept | None = None,
    at: dt.datetime,
    by: User | None,
    reason: str = "",
) -> None:
    """Give the session so many seats; None: they are not counted. New ones pass along the waiting list.

    ``kept`` says anew how those of a visit are shared; without it the shares stay. Refuses to go below what people
    hold and what is kept. The first count seats everybody who had chosen the session.
    """
    edition = session.edition
    places.lock_alone(edition)
    row = Session.objects.select_for_update().get(pk=session.pk)
    before, kept_before = row.seats, kept_back(row)
    kept = kept or kept_before
    if (before, kept_before) == (seats_then, kept):
        return
    holders = (
        SessionChoice.objects.filter(session=row, registration__place__isnull=False).held().order_by("pk")
    )
    if seats_then is not None:
        _refuse_below(row, holders.count(), seats_then, kept)
    FieldVisit.objects.filter(session=row).update(seats_chinese=kept.chinese, seats_reserved=kept.reserved)
    if before is not None and seats_then is not None:
        _shrink(row, seats_then - kept.total, seats_then)
        _write(row, seats_then)
        _add_missing(row)
    elif seats_then is not None:
        _begin_to_count(row, seats_then, list(holders.values_list("pk", flat=True)))
    else:
        with _checked_in_the_end():
            SessionChoice.objects.filter(session=row).update(seat=None)
            Seat.objects.filter(session=row).delete()
            _write(row, None)
    details = {"before": before, "after": seats_then}
    if kept != kept_before:
        details |= {"chinese": kept.chinese, "reserved": kept.reserved}
    journal.write([journal.entry(row, "seats", at=at, by=by, reason=reason, **details)])
    seats.settle(edition, at=at)
    session.seats = seats_then


def _refuse_below(session: Session, held: int, seats_then: int, kept: Kept) -> None:
    if seats_then >= held + kept.total:
        return
    words = {"session": session, "count": held, "kept": kept.total}
    if kept.total:
        raise Refusal(
            ngettext(
                "“%(session)s”: %(count)d seat is held, and %(kept)d are kept for the Chinese side and the organisers. The number cannot go below.",
                "“%(session)s”: %(count)d seats are held, and %(kept)d are kept for the Chinese side and the organisers. The number cannot go below.",
                held,
            )
            % words
        )
    raise Refusal(
        ngettext(
            "“%(session)s”: %(count)d seat is held. The number cannot go below.",
            "“%(session)s”: %(count)d seats are held. The number cannot go below.",
            held,
        )
        % words
    )


def _begin_to_count(session: Session, seats_then: int, holders: list[int]) -> None:
    """Seat those who attend; who has no place at the Assises waits, if not for another session of the group."""
    others = SessionChoice.objects.filter(session=session).held().exclude(pk__in=holders)
    with _checked_in_the_end():
        elsewhere = SessionChoice.objects.filter(choice_group=session.choice_group).exclude(choice_group="")
        others.filter(registration__in=elsewhere.waiting().values("registration")).delete()
        others.update(is_waiting=True)
        _write(session, seats_then)
        _add_missing(session)
        _seat(session, holders)


@contextmanager
def _checked_in_the_end() -> Iterator[None]:
    """Between counting and not counting no choice is right; what is wrong after it is refused as ever."""
    guards = "registration_sessionchoice_is_seated_or_waits, registration_seats_begin_to_count"
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {guards} DEFERRED")
        yield
        cursor.execute(f"SET CONSTRAINTS {guards} IMMEDIATE")


def _write(session: Session, seats_then: int | None) -> None:
    """The number itself; two editors of the session learn of each other by its version."""
    Session.objects.filter(pk=session.pk).update(seats=seats_then, version=F("version") + 1)
    session.seats = seats_then


def _shrink(session: Session, rows_then: int, capacity: int) -> None:
    """Take free seats away until ``rows_then`` are left, and move those above ``capacity`` to numbers below it."""
    rows = list(Seat.objects.filter(session=session).order_by("number").select_for_update())
    held = set(
        SessionChoice.objects.filter(session=session, seat__isnull=False).values_list("seat", flat=True)
    )
    spare = [seat for seat in rows if seat.pk not in held]
    gone = spare[max(rows_then - len(held), 0) :] if len(rows) > rows_then else []
    Seat.objects.filter(pk__in=[seat.pk for seat in gone]).delete()
    kept = [seat for seat in rows if seat not in gone]
    used = {seat.number for seat in kept}
    below = (n for n in range(1, capacity + 1) if n not in used)
    for seat in kept:
        if seat.number > capacity:
            seat.number = next(below)
            seat.save(update_fields=["number"])


def _add_missing(session: Session) -> int:
    """Make the rows that lack; how many."""
    assert session.seats is not None
    used = set(Seat.objects.filter(session=session).values_list("number", flat=True))
    lacking = session.seats - kept_back(session).total - len(used)
    below = (n for n in range(1, session.seats + 1) if n not in used)
    fresh = [Seat(session=session, number=next(below), capacity=session.seats) for _n in range(lacking)]
    Seat.objects.bulk_create(fresh)
    return len(fresh)


def _seat(session: Session, choices: list[int]) -> None:
    """Give these choices seats; there are enough."""
    rows = SessionChoice.objects.in_bulk(choices)
    free = Seat.objects.free().filter(session=session).order_by("number").values_list("pk", flat=True)
    for pk, seat in zip(choices, free, strict=False):
        rows[pk].seat_id, rows[pk].is_waiting = seat, False
    SessionChoice.objects.bulk_update(rows.values(), ["seat", "is_waiting"])


@transaction.atomic
def ensure_seats(edition: Edition, *, at: dt.datetime) -> int:
    """Make the rows of seats that lack, after sessions were loaded or edited; how many were made.

    Rows too many (a file keeps more seats for others) go. New seats pass on. Refuses where people hold them.
    """
    if not _unlike(edition):
        return 0
    places.lock_alone(edition)
    made = 0
    for session in _unlike(edition):
        assert session.seats is not None
        kept = kept_back(session)
        _refuse_below(
            session, SessionChoice.objects.filter(seat__session=session).count(), session.seats, kept
        )
        _shrink(session, session.seats - kept.total, session.seats)
        made += _add_missing(session)
    seats.settle(edition, at=at)
    return made


def _unlike(edition: Edition) -> list[Session]:
    """Sessions with more or fewer rows than seats to choose from; in one query."""
    rows = Count("seat_rows")
    kept = Coalesce(F("visit__seats_chinese") + F("visit__seats_reserved"), 0)
    counted = Session.objects.filter(edition=edition, seats__isnull=False)
    return list(counted.annotate(rows=rows, wanted=Greatest(F("seats") - kept, 0)).exclude(rows=F("wanted")))

"""Giving, freeing and counting the seats of sessions.

The two kinds of transaction of ``places`` meet here too, kept apart by an advisory lock of each session: a *taker*
holds it shared and takes free seats that nobody else has locked; whoever joins a session's waiting list or frees a
seat holds it alone. Locks are taken in one order: edition, sessions by number, rows. Who holds the edition's lock
alone holds those of its sessions too, because a place that is given or lost changes who may sit.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count

from assises import journal
from assises.enums import AgreementStatus
from assises.locks import Lock
from assises.mail import outbox
from assises.models import Edition
from program.models import Session
from registration import letters
from registration.enums import Status
from registration.models import MeetingSlot, Registration, Seat, SessionChoice, VisitWish
from registration.rules import Rules, rules_of
from registration.seating import Held, Move, Waiter, pass_on

# Who stands before a newcomer: those who wait and may have a seat. After the choices have closed nobody is moved
# from one session to another any more; who has none yet still gets one, also whoever sat in what was abandoned since.
_MAY_SIT = f"""
    queue.is_waiting AND EXISTS (
      SELECT FROM registration_registration person
      WHERE person.id = queue.registration_id AND person.place_id IS NOT NULL)
    AND NOT (%(closed)s AND queue.choice_group <> '' AND EXISTS (
      SELECT FROM registration_sessionchoice other JOIN program_session there ON there.id = other.session_id
      WHERE other.registration_id = queue.registration_id AND other.choice_group = queue.choice_group
        AND NOT other.is_waiting AND there.status <> '{AgreementStatus.ABANDONED}'))
"""
_TAKE = f"""
SELECT taken.session_id, taken.id
FROM unnest(%(sessions)s::bigint[], %(counts)s::int[]) AS wanted (session, n), LATERAL (
  SELECT seat.id, seat.session_id FROM registration_seat seat
  WHERE seat.session_id = wanted.session
    AND NOT EXISTS (SELECT FROM registration_sessionchoice choice WHERE choice.seat_id = seat.id)
    AND NOT EXISTS (
      SELECT FROM registration_sessionchoice queue WHERE queue.session_id = seat.session_id AND {_MAY_SIT})
  ORDER BY seat.number LIMIT wanted.n FOR UPDATE OF seat SKIP LOCKED) taken
"""


def lock_expression(sessions: Collection[int], alone: Collection[int]) -> tuple[str, list[Any]]:
    """What takes the locks of these sessions by number, as a part of a SELECT, and its values."""
    lock = (
        "(SELECT string_agg(CASE WHEN id = ANY(%s::int[]) THEN pg_advisory_xact_lock(%s, id)::text"
        " ELSE pg_advisory_xact_lock_shared(%s, id)::text END, '') FROM unnest(%s::int[]) AS wanted (id))"
    )
    return lock, [list(alone), Lock.SEATS, Lock.SEATS, sorted({*sessions, *alone})]


def lock_alone(edition: Edition) -> None:
    """Take the locks of all sessions with counted seats alone: seats move from one to another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT id::int FROM program_session"
            " WHERE edition_id = %s AND seats IS NOT NULL ORDER BY id) AS counted",
            [Lock.SEATS, edition.pk],
        )


def take_free(wanted: Mapping[int, int], *, rules: Rules) -> dict[int, list[int]]:
    """Lock up to so many free seats of each session, ``{session: number}``; in one statement, ids by session.

    None of a session as soon as anybody waits for it who may have a seat. The session's lock is held.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    if not any(wanted.values()):
        return found
    values: dict[str, Any] = {
        "sessions": list(wanted),
        "counts": list(wanted.values()),
        "closed": rules.choices_closed,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        for session, seat in cursor.fetchall():
            found[session].append(seat)
    return found


def waiting_for(sessions: Collection[int]) -> Counter[int]:
    """How many wait for each of these sessions."""
    rows = SessionChoice.objects.filter(session__in=sessions, is_waiting=True)
    return Counter(dict(rows.order_by().values_list("session").annotate(Count("pk"))))


def ranks(choices: Iterable[SessionChoice]) -> dict[int, int]:
    """The rank of each choice that waits, by its id; in one query."""
    waiting = [choice for choice in choices if choice.is_waiting]
    if not waiting:
        return {}
    queue = SessionChoice.objects.filter(session__in={c.session_id for c in waiting}).waiting()
    seen: Counter[int] = Counter()
    found = {}
    for pk, session in queue.values_list("pk", "session"):
        seen[session] += 1
        found[pk] = seen[session]
    return {choice.pk: found[choice.pk] for choice in waiting if choice.pk in found}


def settle(edition: Edition, *, at: dt.datetime) -> list[Move]:
    """Give every free seat to whoever has waited longest for it and may have it, and write so to each.

    Run after each event that frees a seat or makes somebody eligible. The locks of the sessions are held alone.
    """
    waiting = list(
        # Nobody gives up a seat for a session that has left the programme.
        SessionChoice.objects.filter(registration__edition=edition)
        .exclude(session__status=AgreementStatus.ABANDONED)
        .waiting()
        .values_list("pk", "session", "choice_group", "registration", "registration__place")
    )
    if not waiting:
        return []
    closed = rules_of(edition, at).choices_closed
    holds = _held({registration for _pk, _session, _group, registration, _place in waiting})
    sessions = dict(
        Session.objects.filter(pk__in={session for _pk, session, *_rest in waiting}).values_list(
            "pk", "seats"
        )
    )
    uncounted = {session for session, seats in sessions.items() if seats is None}
    waiters = []
    for pk, session, group, registration, place in waiting:
        held = holds.get((registration, group))
        stays = closed and held is not None and not held.is_abandoned
        may_sit = session in uncounted or (place is not None and not stays)
        waiters.append(Waiter(pk, session, may_sit=may_sit, holds=held))
    free: defaultdict[int, list[int]] = defaultdict(list)
    for seat, session in Seat.objects.free().filter(session__in=sessions).values_list("pk", "session"):
        free[session].append(seat)
    moves = pass_on(free, waiters, uncounted=uncounted)
    _move(moves, edition=edition, at=at)
    return moves


def _held(registrations: Collection[int]) -> dict[tuple[int, str], Held]:
    """What these people attend, by person and group."""
    rows = SessionChoice.objects.filter(registration__in=registrations).exclude(choice_group="").held()
    return {
        (registration, group): Held(pk, session, seat, is_abandoned=status == AgreementStatus.ABANDONED)
        for pk, session, seat, registration, group, status in rows.values_list(
            "pk", "session", "seat", "registration", "choice_group", "session__status"
        )
    }


def _move(moves: Sequence[Move], *, edition: Edition, at: dt.datetime) -> None:
    if not moves:
        return
    SessionChoice.objects.filter(pk__in=[m.left.choice for m in moves if m.left]).delete()
    choices = SessionChoice.objects.select_related(
        "session", "registration__booking__organisation", "registration__category"
    ).in_bulk([m.waiter.choice for m in moves])
    for move in moves:
        choice = choices[move.waiter.choice]
        choice.seat_id, choice.is_waiting = move.seat, False
    SessionChoice.objects.bulk_update(choices.values(), ["seat", "is_waiting"])
    left = Session.objects.in_bulk({m.left.session for m in moves if m.left})
    entries, told = [], []
    for move in moves:
        choice = choices[move.waiter.choice]
        before = left[move.left.session] if move.left else None
        entries.append(
            journal.entry(
                choice.registration, "seated", at=at, reason="first in the queue for a free seat",
                session=choice.session.code, left=before.code if before else "",
            )
        )  # fmt: skip
        # Who is only being offered a place hears of the seat when the place is accepted.
        if choice.registration.status in (Status.HELD, Status.CONFIRMED, Status.CHECKED_IN):
            told.append(
                letters.to_person(
                    "seat", choice.registration, edition=edition, once=str(choice.pk),
                    session=choice.session, left=None if move.left and move.left.is_abandoned else before,
                )
            )  # fmt: skip
    journal.write(entries)
    outbox.write(told, at=at)


def release(registrations: Iterable[Registration]) -> None:
    """Forget what people had chosen who lose their place or their rank; call ``settle`` once that is written."""
    ids = [registration.pk for registration in registrations]
    SessionChoice.objects.filter(registration__in=ids).delete()
    VisitWish.objects.filter(registration__in=ids).delete()
    MeetingSlot.objects.filter(registration__in=ids).delete()

"""What sessions people get of those that they choose: a seat, a rank on a waiting list, meanwhile another seat."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from program.models import Session
from registration.models import Registration, SessionChoice, VisitWish
from registration.rules import rules_of
from registration.services import seats

#: For each choice group of which it was asked: where to sit while waiting for another session; None: nowhere.
Meanwhile = Mapping[str, Session | None]


@dataclass(frozen=True)
class Wanted:
    """The sessions that one person wants, at most one of each choice group."""

    sessions: Sequence[Session] = ()
    meanwhile: Meanwhile = field(default_factory=dict)
    #: Who has no place at the Assises has no seat either, and waits.
    may_sit: bool = True

    def instead_of(self, session: Session) -> Session | None:
        """Where to sit while waiting for ``session``."""
        other = self.meanwhile.get(session.choice_group) if session.choice_group else None
        return other if other is not None and other.pk != session.pk else None


class SeatsRanOut(Exception):
    """Fewer seats in sight than were thought: look again with the locks of these sessions held alone."""

    def __init__(self, sessions: set[int]) -> None:
        super().__init__(sessions)
        self.sessions = sessions


def counted(people: Iterable[Wanted]) -> Counter[int]:
    """How many seats these people may need, by session; of sessions whose seats are counted."""
    wanted: Counter[int] = Counter()
    for person in people:
        for session in person.sessions:
            for one in (session, person.instead_of(session)):
                if one is not None and one.seats is not None:
                    wanted[one.pk] += person.may_sit
    return wanted


def choose(
    people: Sequence[Wanted], pool: Mapping[int, list[int]], *, alone: Collection[int] | None = None
) -> list[list[SessionChoice]]:
    """The choices of each person, in the order of the request, with seats out of ``pool``; none is written yet.

    ``alone`` are the sessions whose locks are held alone, None all of them; raises ``SeatsRanOut`` if somebody
    would have to wait for another one, before anything is decided.
    """
    left = {session: list(of_it) for session, of_it in pool.items()}
    missing: set[int] = set()

    def sits(session: Session, person: Wanted) -> SessionChoice | None:
        if session.seats is None:
            return _choice(session)
        if person.may_sit and left.get(session.pk):
            return _choice(session, seat_id=left[session.pk].pop(0))
        missing.add(session.pk)
        return None

    chosen = []
    for person in people:
        rows = []
        for session in person.sessions:
            seated = sits(session, person)
            rows.append(seated or _choice(session, is_waiting=True))
            other = person.instead_of(session)
            if seated is None and other is not None and (meanwhile := sits(other, person)):
                rows.append(meanwhile)
        chosen.append(rows)
    if alone is not None and missing - set(alone):
        raise SeatsRanOut(missing)
    return chosen


def _choice(session: Session, **fields: int | bool) -> SessionChoice:
    return SessionChoice(session=session, choice_group=session.choice_group, **fields)


def write(chosen: Iterable[tuple[Registration, Sequence[SessionChoice]]], *, at: dt.datetime) -> None:
    """Write the choices of these people, those that wait with their rank."""
    rows = []
    for registration, choices in chosen:
        for choice in choices:
            choice.registration, choice.chosen_at = registration, at
            rows.append(choice)
    waiting = [choice for choice in rows if choice.is_waiting]
    ahead = seats.waiting_for({choice.session_id for choice in waiting}) if waiting else Counter()
    for choice in waiting:
        ahead[choice.session_id] += 1
        choice.rank_at_entry = ahead[choice.session_id]
    if rows:
        SessionChoice.objects.bulk_create(rows)


def wishes(registration: Registration, visits: Sequence[Session]) -> list[VisitWish]:
    """Wishes for visits, the dearest first; not written yet."""
    return [
        VisitWish(registration=registration, session=session, rank=rank)
        for rank, session in enumerate(visits, start=1)
    ]


def replace_choices(row: Registration, wanted: Wanted, *, at: dt.datetime) -> bool:
    """Choose anew for somebody who is registered; whether anything changed. All sessions' locks are held alone.

    A session that one attends or waits for already keeps its seat or its rank. Who chooses a full session waits
    for it, and keeps the seat in another one of the group unless asked to give it up.
    """
    current = {choice.session_id: choice for choice in row.choices.select_related("session")}
    kept: set[int] = set()
    fresh: list[SessionChoice] = []
    pool = seats.take_free(
        {s: n for s, n in counted([wanted]).items() if s not in current or current[s].is_waiting},
        rules=rules_of(row.edition, at),
    )
    for session in wanted.sessions:
        before = current.get(session.pk)
        if before is not None and not before.is_waiting:
            kept.add(session.pk)
            continue
        [[chosen, *_meanwhile]] = choose([Wanted([session], may_sit=wanted.may_sit)], pool)
        if before is None or not chosen.is_waiting:
            fresh.append(chosen)
        else:
            kept.add(session.pk)
        if chosen.is_waiting and session.choice_group:
            held = next(
                (c for c in current.values() if c.choice_group == session.choice_group and not c.is_waiting),
                None,
            )
            _meanwhile_of(session, wanted, held, pool, kept, fresh)
    gone = [choice.pk for session, choice in current.items() if session not in kept]
    if gone:
        SessionChoice.objects.filter(pk__in=gone).delete()
    write([(row, fresh)], at=at)
    if gone:
        seats.settle(row.edition, at=at)
    return bool(gone or fresh)


def _meanwhile_of(
    session: Session,
    wanted: Wanted,
    held: SessionChoice | None,
    pool: Mapping[int, list[int]],
    kept: set[int],
    fresh: list[SessionChoice],
) -> None:
    """Where to sit until there is a seat in ``session``: as asked; else, or where that is full, as before."""
    other = wanted.instead_of(session)
    if other is not None and (held is None or held.session_id != other.pk):
        [[chosen, *_none]] = choose([Wanted([other], may_sit=wanted.may_sit)], pool)
        if not chosen.is_waiting:
            fresh.append(chosen)
            return
    gives_up = session.choice_group in wanted.meanwhile and wanted.meanwhile[session.choice_group] is None
    if held is not None and not gives_up:
        kept.add(held.session_id)


def replace_wishes(row: Registration, visits: Sequence[Session]) -> bool:
    """Wish anew; whether anything changed."""
    before = list(row.wishes.order_by("rank").values_list("session", flat=True))
    if before == [session.pk for session in visits]:
        return False
    row.wishes.all().delete()
    VisitWish.objects.bulk_create(wishes(row, visits))
    return True

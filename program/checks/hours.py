"""Hours of one day, compared."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from program.models import Session


def is_before(first: Session, second: Session) -> bool:
    return bool(first.ends_at and second.starts_at and first.ends_at <= second.starts_at)


def by_day(sessions: list[Session]) -> dict[dt.date, list[Session]]:
    """Sessions with an hour, by day, in their order."""
    days: dict[dt.date, list[Session]] = defaultdict(list)
    timed = [s for s in sessions if s.starts_at is not None]
    for session in sorted(timed, key=lambda s: (s.day, s.starts_at or dt.time(), end(s))):
        days[session.day].append(session)
    return days


def end(session: Session) -> dt.time:
    return session.ends_at or dt.time.max


def overlap(first: Session, second: Session) -> bool:
    if first.starts_at is None or second.starts_at is None or first.day != second.day:
        return False
    return first.starts_at < end(second) and second.starts_at < end(first)


def overlaps(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    return [(a, b) for a, b in combinations(sessions, 2) if overlap(a, b)]


def minutes(start: dt.time | None, end: dt.time | None) -> int:
    if start is None or end is None:
        return 0
    return (end.hour - start.hour) * 60 + end.minute - start.minute

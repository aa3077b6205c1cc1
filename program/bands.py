"""How the items of a day stand beside one another: pure functions on hours.

A *band* is a stretch of the day in which items overlap, in chains; within it each item stands in a lane, from the row
in which it starts to the row in which it ends.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from program.enums import SessionKind
from program.programme import SessionFacts

#: How long an item whose end is open takes up on the page.
OPEN_END = dt.timedelta(hours=1)
#: What a page is wide enough for, and what its style sheet knows: beyond, items follow one another in lines.
MOST_LANES, MOST_ROWS = 4, 12
_KINDS = list(SessionKind.values)


@dataclass(frozen=True)
class Placed:
    """An item in its lane, counted from 1; ``to_row`` is the line after its last row."""

    session: SessionFacts
    lane: int
    from_row: int
    to_row: int


@dataclass(frozen=True)
class Band:
    starts: dt.time
    #: Only where all its items end together.
    ends: dt.time | None
    lanes: int
    rows: int
    items: tuple[Placed, ...]

    @property
    def is_simple(self) -> bool:
        """Whether all its items have the same hours: then they are said once, in the margin."""
        return len({(item.session.starts_at, item.session.ends_at) for item in self.items}) == 1

    @property
    def fits(self) -> bool:
        """Whether lanes can show it."""
        return self.lanes <= MOST_LANES and self.rows <= MOST_ROWS


def bands_of(sessions: Iterable[SessionFacts]) -> list[Band]:
    """The bands of one day, by the hour. Items without an hour are not among them."""
    timed = sorted((s for s in sessions if s.starts_at is not None), key=_order)
    groups: list[list[SessionFacts]] = []
    for session in timed:
        if not groups or all(_end(other) <= _start(session) for other in groups[-1]):
            groups.append([])
        groups[-1].append(session)
    return [_band(group) for group in groups]


def _band(sessions: list[SessionFacts]) -> Band:
    moments = sorted({_start(s) for s in sessions} | {_end(s) for s in sessions})
    row_of = {moment: number for number, moment in enumerate(moments, start=1)}
    lanes = _lanes(sessions)
    starts = sessions[0].starts_at
    assert starts is not None
    same_end = {s.ends_at for s in sessions}
    return Band(
        starts=starts,
        ends=same_end.pop() if len(same_end) == 1 else None,
        lanes=max(lanes.values()),
        rows=len(list(pairwise(moments))),
        items=tuple(Placed(s, lanes[s.guid], row_of[_start(s)], row_of[_end(s)]) for s in sessions),
    )


def _lanes(sessions: list[SessionFacts]) -> dict[str, int]:
    """The first lane that is free when each item starts; the least number of lanes that will do."""
    free_from: list[dt.datetime] = []
    lanes = {}
    for session in sessions:
        start = _start(session)
        lane = next((n for n, free in enumerate(free_from) if free <= start), len(free_from))
        if lane == len(free_from):
            free_from.append(start)
        free_from[lane] = _end(session)
        lanes[session.guid] = lane + 1
    return lanes


def _order(session: SessionFacts) -> tuple[dt.time, int, tuple[object, ...]]:
    """By the hour; at one hour by kind, so that parallel workshops are neighbours."""
    assert session.starts_at is not None
    return session.starts_at, _KINDS.index(session.kind), session.key()


def _start(session: SessionFacts) -> dt.datetime:
    assert session.starts_at is not None
    return dt.datetime.combine(session.day, session.starts_at)


def _end(session: SessionFacts) -> dt.datetime:
    if session.ends_at is None:
        return _start(session) + OPEN_END
    return dt.datetime.combine(session.day, session.ends_at)

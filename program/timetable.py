"""Where each session stands on the visual timetable: days, rooms beside one another, time downwards. Pure.

Places are counted in rows of five minutes from the first hour that is shown; all days show the same hours, so
that a session keeps its row when it changes its day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assises.enums import AgreementStatus
from assises.models import Edition
from program.checks import Finding
from program.enums import Severity
from program.models import Room, Session

#: Minutes of a row, and rows of an hour.
ROW = 5
HOUR = 60 // ROW
#: How long a session with an open end is drawn; minutes.
OPEN_END = 60
#: Pixels of a row and of a line of a title, as the style sheet has them; more lines than these are not counted.
ROW_HEIGHT, LINE_HEIGHT, MOST_LINES = 6, 16, 6
#: Shown of a day in any case.
EARLIEST, LATEST = 8, 20


@dataclass(frozen=True)
class Block:
    """A session as it stands on the timetable or on a shelf."""

    session: Session
    findings: tuple[Finding, ...] = ()
    row: int = 0
    rows: int = 0
    #: Where several stand in one column at once: side by side, counted from 1.
    lane: int = 1

    @property
    def worst(self) -> Severity | None:
        """The heaviest of what the checks say of it; an information is not a mark."""
        severities = {f.severity for f in self.findings}
        return next((s for s in (Severity.BLOCKS, Severity.WARNING) if s in severities), None)

    @property
    def count(self) -> int:
        return sum(f.severity == self.worst for f in self.findings)

    @property
    def is_low(self) -> bool:
        """Too short a time for more than its title."""
        return 0 < self.rows < 8

    @property
    def lines(self) -> int:
        """How many lines of the title its time has room for; 0 where all have."""
        fit = (self.rows * ROW_HEIGHT - (4 if self.is_low else 40)) // LINE_HEIGHT
        return max(fit, 1) if fit <= MOST_LINES else 0


@dataclass
class Column:
    """A room on one day; None is where no room is known yet."""

    room: Room | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def lanes(self) -> int:
        return max((b.lane for b in self.blocks), default=1)


@dataclass(frozen=True)
class Day:
    date: dt.date
    columns: tuple[Column, ...]
    #: Sessions of the day whose hour is open.
    shelf: tuple[Block, ...]


@dataclass(frozen=True)
class Timetable:
    days: tuple[Day, ...]
    abandoned: tuple[Block, ...]
    first_hour: int
    last_hour: int

    @property
    def rows(self) -> int:
        return (self.last_hour - self.first_hour) * HOUR

    @property
    def hours(self) -> list[tuple[int, dt.time]]:
        """Row and hour for the margin."""
        return [
            ((h - self.first_hour) * HOUR, dt.time(h % 24)) for h in range(self.first_hour, self.last_hour)
        ]


def lay_out(
    edition: Edition,
    sessions: Iterable[Session],
    rooms: Sequence[Room],
    findings: Iterable[Finding] = (),
    *,
    days: Sequence[dt.date] | None = None,
) -> Timetable:
    """The timetable of ``days``, or of all days of the edition."""
    sessions = list(sessions)
    said: dict[int, list[Finding]] = {}
    for finding in findings:
        for session in finding.sessions:
            said.setdefault(session.pk, []).append(finding)
    kept = [s for s in sessions if s.status != AgreementStatus.ABANDONED]
    first, last = _hours(kept)
    return Timetable(
        days=tuple(
            _day(day, [s for s in kept if s.day == day], rooms, said, first)
            for day in (days if days is not None else days_of(edition))
        ),
        abandoned=tuple(Block(s) for s in sessions if s.status == AgreementStatus.ABANDONED),
        first_hour=first,
        last_hour=last,
    )


def days_of(edition: Edition) -> list[dt.date]:
    first, last = edition.starts_on, edition.ends_on
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _hours(sessions: Iterable[Session]) -> tuple[int, int]:
    timed = [s for s in sessions if s.starts_at is not None]
    first = min((_minute(s.starts_at) // 60 for s in timed), default=EARLIEST)
    last = max(((_end(s) + 59) // 60 for s in timed), default=LATEST)
    # An hour of air on both sides: somewhere to put what comes before and after.
    return max(min(first - 1, EARLIEST), 0), min(max(last + 1, LATEST), 24)


def _day(
    day: dt.date, sessions: list[Session], rooms: Sequence[Room], said: dict[int, list[Finding]], first: int
) -> Day:
    columns = {room.pk: Column(room) for room in rooms}
    nowhere = Column(None)
    timed = [s for s in sessions if s.starts_at is not None]
    for session in sorted(timed, key=lambda s: (_minute(s.starts_at), -_end(s), s.order, s.pk)):
        column = columns.get(session.room_id or 0, nowhere)
        row = (_minute(session.starts_at) - first * 60) // ROW
        rows = max((_end(session) - _minute(session.starts_at)) // ROW, 1)
        lane = _free_lane(column.blocks, row)
        column.blocks.append(Block(session, tuple(said.get(session.pk, ())), row, rows, lane))
    shelf = tuple(Block(s, tuple(said.get(s.pk, ()))) for s in sessions if s.starts_at is None)
    return Day(day, (*columns.values(), nowhere), shelf)


def _free_lane(blocks: list[Block], row: int) -> int:
    taken = {b.lane for b in blocks if b.row + b.rows > row}
    return next(lane for lane in range(1, len(blocks) + 2) if lane not in taken)


def _minute(time: dt.time | None) -> int:
    return time.hour * 60 + time.minute if time is not None else 0


def _end(session: Session) -> int:
    """The minute of the day at which it is drawn to end."""
    if session.ends_at is not None:
        return _minute(session.ends_at)
    return min(_minute(session.starts_at) + OPEN_END, 24 * 60)

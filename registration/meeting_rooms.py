"""The rooms for informal meetings by half-hours: who has them, and what is free. No appointments are made (S-130)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assises.models import Edition
from program.enums import SessionKind
from program.models import Session
from registration.models import MeetingSlot

HALF_HOUR = dt.timedelta(minutes=30)
#: How many half-hours of one day somebody may hold.
MOST_A_DAY = 2


@dataclass(frozen=True)
class HalfHour:
    """Half an hour of one room."""

    session: Session
    starts_at: dt.time
    slot: MeetingSlot | None
    is_over: bool = False

    @property
    def code(self) -> str:
        """What a button sends for it."""
        return f"{self.session.pk}-{self.starts_at:%H%M}"

    @property
    def ends_at(self) -> dt.time:
        return (dt.datetime.combine(self.session.day, self.starts_at) + HALF_HOUR).time()


@dataclass(frozen=True)
class Line:
    """One half-hour of a day in all rooms; None where a room is not open."""

    starts_at: dt.time
    cells: list[HalfHour | None]


@dataclass(frozen=True)
class Day:
    """The rooms of one day, side by side."""

    day: dt.date
    rooms: list[Session]
    lines: list[Line]

    @property
    def half_hours(self) -> list[HalfHour]:
        return [cell for line in self.lines for cell in line.cells if cell is not None]

    @property
    def taken(self) -> int:
        return sum(half_hour.slot is not None for half_hour in self.half_hours)


def open_rooms(edition: Edition) -> list[Session]:
    """Periods in which a room is open for informal meetings."""
    rooms = Session.objects.kept().filter(
        edition=edition,
        kind=SessionKind.INFORMAL,
        room__isnull=False,
        starts_at__isnull=False,
        ends_at__isnull=False,
    )
    return list(rooms.select_related("room__venue").order_by("day", "room__order", "room__code", "starts_at"))


def hours_of(room: Session) -> list[dt.time]:
    """When the half-hours of this room begin; a rest that is shorter is nobody's."""
    assert room.starts_at is not None
    assert room.ends_at is not None
    begins = dt.datetime.combine(room.day, room.starts_at)
    closes = dt.datetime.combine(room.day, room.ends_at)
    found = []
    while begins + HALF_HOUR <= closes:
        found.append(begins.time())
        begins += HALF_HOUR
    return found


def hours_by_room(rooms: Iterable[Session]) -> dict[int, set[dt.time]]:
    """When half-hours begin, by session; a half-hour that is not among them is on no board."""
    return {room.pk: set(hours_of(room)) for room in rooms}


def moment_of(edition: Edition, day: dt.date, hour: dt.time) -> dt.datetime:
    """An hour on the clocks of the place, as an instant."""
    return dt.datetime.combine(day, hour, ZoneInfo(edition.time_zone))


def board(edition: Edition, *, at: dt.datetime) -> list[Day]:
    """All half-hours by day; in two queries."""
    rooms = open_rooms(edition)
    slots = MeetingSlot.objects.filter(session__in=rooms).select_related(
        "registration__booking__organisation"
    )
    taken = {(slot.session_id, slot.starts_at): slot for slot in slots}
    days: dict[dt.date, list[Session]] = {}
    for room in rooms:
        days.setdefault(room.day, []).append(room)
    return [Day(day, of_it, _lines(edition, of_it, taken, at)) for day, of_it in days.items()]


def _lines(
    edition: Edition,
    rooms: Iterable[Session],
    taken: dict[tuple[int, dt.time], MeetingSlot],
    at: dt.datetime,
) -> list[Line]:
    rooms = list(rooms)
    hours = hours_by_room(rooms)
    return [
        Line(
            hour,
            [
                HalfHour(
                    room,
                    hour,
                    taken.get((room.pk, hour)),
                    is_over=moment_of(edition, room.day, hour) + HALF_HOUR <= at,
                )
                if hour in hours[room.pk]
                else None
                for room in rooms
            ],
        )
        for hour in sorted(set().union(*hours.values()))
    ]

"""The items of the programme as conference apps think of them: an hour, a room, a number, a slug of ASCII letters.

In French, the reference: make them within ``words.spoken``. Apps want a start and a room for each item. An item
without a room is in one called "Place to be defined"; one without an end lasts an hour here, and its text says that
the end is open. An item without an hour cannot be told at all: see ``left_out``.
"""

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from program.enums import Languages
from program.exports.words import address_of, lines_of
from program.programme import Programme, RoomFacts, SessionFacts, Voice

REFERENCE = "fr"
OPEN_END = dt.timedelta(hours=1)
#: A day as apps draw it, unless something is earlier or later.
DAY_STARTS, DAY_ENDS = dt.time(9), dt.time(18)
#: Numbers that fit into 32 bits with a sign, as some apps count.
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class RoomName:
    """How an app calls a room, and its key."""

    name: str
    guid: str


@dataclass(frozen=True)
class Event:
    """One item, in the words that both formats share."""

    session: SessionFacts
    number: int
    room: "RoomName"
    starts: dt.datetime
    ends: dt.datetime
    slug: str
    track: str
    abstract: str
    description: str
    url: str
    persons: tuple[tuple[str, str], ...]

    @property
    def language(self) -> str:
        return "zh" if self.session.languages == Languages.CHINESE else REFERENCE

    @property
    def duration(self) -> str:
        minutes = int((self.ends - self.starts).total_seconds() // 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True)
class Day:
    index: int
    date: dt.date
    starts: dt.datetime
    ends: dt.datetime
    rooms: "dict[RoomName, list[Event]]"


def acronym(programme: Programme) -> str:
    """A short name of lower-case letters, digits and underlines, of four at least: ``toulouse_2018``."""
    name = re.sub(r"[^a-z0-9]+", "_", programme.edition.code.lower()).strip("_")
    return name if len(name) >= 4 else f"assises_{name}"


def left_out(programme: Programme) -> list[SessionFacts]:
    """The items without an hour, which these formats cannot tell."""
    return [session for session in programme.sessions if session.is_open_hour]


def days_of(programme: Programme) -> list[Day]:
    """Each day of the edition with its rooms and, in each, what happens there by the hour."""
    events = _events(programme)
    return [_day(programme, n, day, events) for n, day in enumerate(programme.days, start=1)]


def _day(programme: Programme, index: int, date: dt.date, events: Iterable[Event]) -> Day:
    found = [event for event in events if event.session.day == date]
    rooms: dict[RoomName, list[Event]] = {}
    for event in found:
        rooms.setdefault(event.room, []).append(event)
    first, last = (dt.datetime.combine(date, hour, programme.zone) for hour in (DAY_STARTS, DAY_ENDS))
    return Day(
        index=index,
        date=date,
        starts=min([first, *(event.starts for event in found)]),
        ends=max([last, *(event.ends for event in found)]),
        rooms=rooms,
    )


def rooms_of(programme: Programme) -> dict[str, RoomName]:
    """The name of each room by its code; with that of its venue where two rooms have the same name."""
    times = Counter(str(room.name) for room in programme.rooms)

    def name(room: RoomFacts) -> str:
        venue = programme.venue_by_code.get(room.venue)
        return f"{room.name}, {venue.name}" if venue and times[str(room.name)] > 1 else str(room.name)

    return {
        room.code: RoomName(name(room), guid_of("room", programme.edition.code, room.code))
        for room in programme.rooms
    }


def _events(programme: Programme) -> list[Event]:
    numbers: set[int] = set()
    rooms = rooms_of(programme)
    nowhere = RoomName(_("Place to be defined"), guid_of("room", programme.edition.code))
    events = []
    for session in programme.sessions:
        starts = programme.starts(session)
        if starts is None:
            continue
        number = int(session.short_code, 36) % LARGEST_ID + 1
        while number in numbers:
            number += 1
        numbers.add(number)
        room = rooms.get(session.room) or _site(session) or nowhere
        events.append(_event(programme, session, number, starts, room))
    return events


def _site(session: SessionFacts) -> RoomName | None:
    """Where a visit goes: seven visits at once are not in one room."""
    if session.visit is None:
        return None
    return RoomName(str(session.visit.place), guid_of("site", session.guid))


def _event(
    programme: Programme, session: SessionFacts, number: int, starts: dt.datetime, room: RoomName
) -> Event:
    theme, ends = programme.theme_of(session), _ends(programme, session, starts)
    lines = lines_of(session)
    if session.ends_at is None:
        lines.insert(0, _("End to be defined"))
    if session.summary.zh:
        lines.append(session.summary.zh)
    return Event(
        session=session,
        number=number,
        room=room,
        starts=starts,
        ends=ends,
        slug=f"{acronym(programme)}-{session.short_code.lower()}-{session.code.lower()}".rstrip("-_"),
        track=str(theme.name) if theme else "",
        abstract=str(session.summary),
        description="\n".join(lines),
        url=address_of(session),
        persons=_persons(session),
    )


def _ends(programme: Programme, session: SessionFacts, starts: dt.datetime) -> dt.datetime:
    back = session.back_at
    return dt.datetime.combine(session.day, back, programme.zone) if back else starts + OPEN_END


def _persons(session: SessionFacts) -> tuple[tuple[str, str], ...]:
    """Guid and name of each person who has confirmed: nobody else is named."""
    voices = [part.voice for part in session.parts if part.voice is not None and part.voice.is_named]
    return tuple(
        dict.fromkeys((guid_of("person", v.name, v.name_zh, str(v.organisation)), _full(v)) for v in voices)
    )


def _full(voice: Voice) -> str:
    return " ".join(name for name in (voice.name, voice.name_zh) if name)


def guid_of(*names: str) -> str:
    """The same key for the same thing in all releases."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join([settings.BASE_URL, *names])))


def slug_of(code: str) -> str:
    return code.lower().rstrip("-_")

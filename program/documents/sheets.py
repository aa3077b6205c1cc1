"""Single sheets, A4 and in both languages: one for the door of each room, one for each visit to judge."""

import datetime as dt
from dataclasses import dataclass

from assises.documents import render_pdf
from program.documents.booklet import context
from program.enums import SessionKind, Verdict
from program.programme import Programme, RoomFacts, SessionFacts, Stamp

LANGUAGES = ("fr", "zh-hans")
#: How many letters a door has room for, by size of type; what is more is set small.
SINGLE, LARGE, MIDDLE = 90, 240, 420


@dataclass(frozen=True)
class Door:
    """What hangs at the door of a room on one day."""

    room: RoomFacts
    day: dt.date
    sessions: tuple[SessionFacts, ...]

    @property
    def is_informal(self) -> bool:
        """Whether people take the room by half-hours."""
        return all(session.kind == SessionKind.INFORMAL for session in self.sessions)

    @property
    def size(self) -> str:
        """The larger the less there is to say, so that it is read from three metres where it can be."""
        # Each item takes a line of each script at least; a hanzi is as wide as two letters.
        said = sum(max(len(s.title.fr), 30) + max(2 * len(s.title.zh), 30) for s in self.sessions)
        if len(self.sessions) == 1 and said <= SINGLE and not self.is_informal:
            return "single"
        return "large" if said <= LARGE else "middle" if said <= MIDDLE else "small"


def room_sheets(programme: Programme, stamp: Stamp) -> bytes:
    """One A4 page a room and day. What has no hour yet is not on a door; an empty programme gives one page that says so."""
    return render_pdf(
        "program/pdf/room_sheets.html",
        language=LANGUAGES[0],
        identifier=f"{stamp.hash} {stamp.number} rooms",
        **context(programme, stamp, LANGUAGES),
        doors=doors(programme),
    )


def doors(programme: Programme) -> list[Door]:
    found = []
    for room in programme.rooms:
        for day in programme.days:
            sessions = tuple(s for s in programme.on(day) if s.room == room.code and not s.is_open_hour)
            if sessions:
                found.append(Door(room, day, sessions))
    return found


def visit_sheets(programme: Programme, stamp: Stamp) -> bytes:
    """The sheets of all visits, one A4 page each, on which each side ticks what it says of it (S-113)."""
    return _visit_sheets(programme, stamp, [s for s in programme.sessions if s.visit], "visits")


def visit_sheet(programme: Programme, stamp: Stamp, code: str) -> bytes:
    """The sheet of one visit. Raises ``KeyError`` when no session of this code is a visit."""
    session = programme.session_by_code[code]
    if session.visit is None:
        raise KeyError(code)
    return _visit_sheets(programme, stamp, [session], code)


def _visit_sheets(programme: Programme, stamp: Stamp, visits: list[SessionFacts], name: str) -> bytes:
    return render_pdf(
        "program/pdf/visit_sheets.html",
        language=LANGUAGES[0],
        identifier=f"{stamp.hash} {stamp.number} {name}",
        **context(programme, stamp, LANGUAGES),
        visits=visits,
        answers=[Verdict.KEPT, Verdict.NOT_KEPT, Verdict.TO_SPECIFY],
    )

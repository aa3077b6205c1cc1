"""What differs between two programmes: what is new, what was dropped, what moved, what else changed."""

import dataclasses
import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assises.templatetags.typography import write_date, write_time
from program.programme import Programme, RoomFacts, SessionFacts, Words


class What(StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    #: Another day, another hour or another room: whoever goes there must know.
    MOVED = "moved"
    CHANGED = "changed"


#: What moves people.
PLACE_AND_TIME = ("day", "starts_at", "ends_at", "room")
#: What nobody reads: keys, and what counts the changes themselves.
BOOKKEEPING = ("guid", "code", "short_code", "sequence", "changed_at")

FIELD_NAMES = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "kind": gettext_lazy("kind"),
    "theme": gettext_lazy("theme"),
    "time_is_flexible": gettext_lazy("whether the hour may move"),
    "status": gettext_lazy("status"),
    "audience": gettext_lazy("audience"),
    "invited_by": gettext_lazy("invited by"),
    "invited": gettext_lazy("for whom"),
    "languages": gettext_lazy("languages spoken"),
    "interpretation": gettext_lazy("interpretation"),
    "seats": gettext_lazy("seats"),
    "choice_group": gettext_lazy("choice group"),
    "leads": gettext_lazy("leading authorities"),
    "parts": gettext_lazy("running order"),
    "visit": gettext_lazy("visit sheet"),
}


@dataclass(frozen=True)
class Spot:
    """When and where an item is."""

    day: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    room: Words

    def in_words(self, language: str) -> str:
        """``mardi 11 décembre 2018, 9 h–10 h 30, Salle plénière``, in French or in Chinese."""
        if self.starts_at is None:
            hours = _("time to be defined")
        else:
            starts = write_time(self.starts_at, language)
            hours = f"{starts}–{write_time(self.ends_at, language)}" if self.ends_at else starts
        room = self.room.in_language(language) or _("place to be defined")
        comma = pgettext("between the parts of a place and time", ", ")
        return comma.join([write_date(self.day, language, weekday=True), hours, room])


@dataclass(frozen=True)
class Change:
    """One item that is not what it was."""

    what: What
    guid: str
    code: str
    title: Words
    fields: tuple[str, ...] = ()
    before: Spot | None = None
    after: Spot | None = None

    @property
    def field_labels(self) -> list[str]:
        return [str(FIELD_NAMES[name]) for name in self.fields if name in FIELD_NAMES]


def compare(before: Programme | None, after: Programme) -> list[Change]:
    """The changes in the order of the programme; without ``before`` there is nothing to compare."""
    if before is None:
        return []
    earlier = {s.guid: s for s in before.sessions}
    changes = []
    for session in after.sessions:
        old = earlier.pop(session.guid, None)
        if old is None:
            changes.append(_change(What.ADDED, session, after=_spot(after, session)))
        elif names := _differences(before, old, after, session):
            moved = any(name in PLACE_AND_TIME for name in names)
            changes.append(
                _change(
                    What.MOVED if moved else What.CHANGED,
                    session,
                    fields=tuple(n for n in names if n not in PLACE_AND_TIME),
                    before=_spot(before, old),
                    after=_spot(after, session),
                )
            )
    changes += [_change(What.DROPPED, old, before=_spot(before, old)) for old in earlier.values()]
    return changes


def to_plain(changes: list[Change]) -> list[dict[str, Any]]:
    """For keeping with a release."""
    return [dataclasses.asdict(c) | {"before": _plain(c.before), "after": _plain(c.after)} for c in changes]


def from_plain(rows: list[dict[str, Any]]) -> list[Change]:
    return [
        Change(
            **{
                **row,
                "what": What(row["what"]),
                "title": Words(**row["title"]),
                "fields": tuple(row["fields"]),
                "before": _unplain(row["before"]),
                "after": _unplain(row["after"]),
            }
        )
        for row in rows
    ]


def _change(what: What, session: SessionFacts, **rest: Any) -> Change:
    return Change(what, session.guid, session.code, session.title, **rest)


def _spot(programme: Programme, session: SessionFacts) -> Spot:
    room = programme.room_of(session)
    return Spot(session.day, session.starts_at, session.ends_at, room.name if room else Words())


def _differences(before: Programme, old: SessionFacts, after: Programme, new: SessionFacts) -> list[str]:
    names = [f.name for f in fields(SessionFacts) if f.name not in BOOKKEEPING]
    found = [name for name in names if getattr(old, name) != getattr(new, name)]
    # The same room under another name is another sign to look for.
    if "room" not in found and _name(before.room_of(old)) != _name(after.room_of(new)):
        found.append("room")
    return found


def _name(room: RoomFacts | None) -> Words | None:
    return room.name if room else None


def _plain(spot: Spot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    times = {
        n: t.isoformat() if t else None for n, t in (("starts_at", spot.starts_at), ("ends_at", spot.ends_at))
    }
    return {"day": spot.day.isoformat(), **times, "room": dataclasses.asdict(spot.room)}


def _unplain(row: dict[str, Any] | None) -> Spot | None:
    if row is None:
        return None
    starts, ends = (dt.time.fromisoformat(t) if t else None for t in (row["starts_at"], row["ends_at"]))
    return Spot(dt.date.fromisoformat(row["day"]), starts, ends, Words(**row["room"]))

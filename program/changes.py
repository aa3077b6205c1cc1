"""What differs between two programmes: what is new, what was dropped, what moved, what else changed."""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.templatetags.typography import is_chinese, write_date, write_time
from assises.text import fold
from program.programme import Programme, SessionFacts, Words


class What(StrEnum):
    ADDED = "added"
    #: It had been dropped, and is back: whoever was told so must know.
    RETURNED = "returned"
    DROPPED = "dropped"
    #: Another day, another hour or another room: whoever goes there must know.
    MOVED = "moved"
    CHANGED = "changed"


#: Of these, whoever goes there is told.
TOLD = (What.MOVED, What.DROPPED, What.RETURNED)
#: What moves people.
PLACE_AND_TIME = ("day", "starts_at", "ends_at", "room")
#: What nobody reads: keys, and what counts the changes themselves.
BOOKKEEPING = ("guid", "code", "short_code", "sequence", "changed_at")

FIELD_NAMES = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "kind": gettext_lazy("kind"),
    "room_name": gettext_lazy("how the place is named"),
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


def write_hours(starts: dt.time | None, ends: dt.time | None, language: str) -> str:
    """``9 h – 10 h 30`` or ``09:00—10:30``; in the active language where the hour is open."""
    if starts is None:
        return _("time to be defined")
    dash = "—" if is_chinese(language) else "\u00a0– "
    return dash.join(write_time(hour, language) for hour in (starts, ends) if hour is not None)


@dataclass(frozen=True)
class Spot:
    """When and where an item is."""

    day: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    room: Words
    venue: Words = field(default_factory=Words)

    def in_words(self, language: str) -> str:
        """``mardi 11 décembre 2018, 9 h – 10 h 30, Salle plénière``, in French or in Chinese."""
        with translation.override(language):
            hours = write_hours(self.starts_at, self.ends_at, language)
            parts = [write_date(self.day, language, weekday=True), hours]
            return ("，" if is_chinese(language) else ", ").join([*parts, *self._place(language)])

    def _place(self, language: str) -> list[str]:
        room, venue = self.room.in_language(language), self.venue.in_language(language)
        if not room:
            return [_("place to be defined")]
        # The only room of a small site is named like the site.
        return [room] if venue in ("", room) else [room, venue]


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
    dropped = {s.guid for s in before.dropped}
    changes = []
    for session in after.sessions:
        old = earlier.pop(session.guid, None)
        if old is None:
            what = What.RETURNED if session.guid in dropped else What.ADDED
            changes.append(_change(what, session, after=_spot(after, session)))
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
    room, venue, _address = programme.place_of(session)
    return Spot(session.day, session.starts_at, session.ends_at, room, venue)


def _differences(before: Programme, old: SessionFacts, after: Programme, new: SessionFacts) -> list[str]:
    names = [f.name for f in fields(SessionFacts) if f.name not in BOOKKEEPING]
    found = [name for name in names if getattr(old, name) != getattr(new, name)]
    if "room" not in found:
        there, here = before.place_of(old), after.place_of(new)
        # The same room under another name is another sign to look for. A translation that comes later, an accent
        # or an address moves nobody.
        if [fold(words.fr) for words in there[:2]] != [fold(words.fr) for words in here[:2]]:
            found.append("room")
        elif there != here:
            found.append("room_name")
    return found


def _plain(spot: Spot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    times = {
        n: t.isoformat() if t else None for n, t in (("starts_at", spot.starts_at), ("ends_at", spot.ends_at))
    }
    return dataclasses.asdict(spot) | {"day": spot.day.isoformat(), **times}


def _unplain(row: dict[str, Any] | None) -> Spot | None:
    if row is None:
        return None
    starts, ends = (dt.time.fromisoformat(t) if t else None for t in (row["starts_at"], row["ends_at"]))
    return Spot(dt.date.fromisoformat(row["day"]), starts, ends, Words(**row["room"]), Words(**row["venue"]))

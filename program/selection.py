"""What a reader of the programme wants to see: by day, theme or place, some of it, so many at a time."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.http import urlencode

from program.bands import Band, bands_of
from program.enums import SessionKind
from program.programme import Programme, SessionFacts, ThemeFacts, Words

#: Items on one page; a programme of three days has some twenty, a large one is read in pages.
AT_ONCE = 100
BY_DAY, BY_THEME, BY_PLACE = "jour", "theme", "lieu"
WAYS = (BY_DAY, BY_THEME, BY_PLACE)


@dataclass(frozen=True)
class Group:
    """Items under one heading; ``code`` is good for an anchor. Without a name it is what belongs nowhere."""

    code: str
    sessions: tuple[SessionFacts, ...]
    name: Words | None = None
    day: dt.date | None = None
    theme: ThemeFacts | None = None

    @cached_property
    def bands(self) -> list[Band]:
        return bands_of(self.sessions)

    @cached_property
    def without_hour(self) -> list[SessionFacts]:
        return [s for s in self.sessions if s.is_open_hour]


@dataclass(frozen=True)
class Selection:
    """What the query of the page's address asks for. ``is_known`` is false if it asks for what there is not."""

    by: str = BY_DAY
    day: str = ""
    theme: str = ""
    venue: str = ""
    kind: str = ""
    page: int = 1
    is_known: bool = True

    #: Names in the query, in the order in which our own links write them.
    NAMES = (("par", "by"), ("quand", "day"), ("theme", "theme"), ("ou", "venue"), ("type", "kind"))

    @classmethod
    def of(cls, query: QueryDict, programme: Programme) -> "Selection":
        """Whatever the query says: what this programme does not have is left out, and said."""
        if not query:
            return cls()
        known: dict[str, set[str]] = {
            "by": set(WAYS),
            "day": {day.isoformat() for day in programme.days},
            "theme": set(programme.theme_by_code),
            "venue": set(programme.venue_by_code),
            "kind": set(SessionKind.values),
        }
        asked = {field: query.get(name, "") for name, field in cls.NAMES}
        taken = {field: value for field, value in asked.items() if value in known[field]}
        page = query.get("page", "1")
        right_page = page.isdecimal() and len(page) < 5 and int(page) > 0
        return cls(
            **taken,
            page=int(page) if right_page else 1,
            is_known=right_page and all(field in taken for field, value in asked.items() if value),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.day or self.theme or self.venue or self.kind)

    @property
    def query(self) -> str:
        """The one way in which our links write this selection, with its ``?``; empty for the whole programme."""
        pairs = [
            (name, getattr(self, field))
            for name, field in self.NAMES
            if getattr(self, field) not in ("", BY_DAY)
        ]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return f"?{urlencode(pairs)}" if pairs else ""

    def by_way(self, way: str) -> str:
        """The query of the same items grouped otherwise."""
        return replace(self, by=way, page=1).query or "?"

    def sessions(self, programme: Programme) -> list[SessionFacts]:
        """The items that it chooses, in the order of its way."""
        chosen = [s for s in programme.sessions if self._takes(programme, s)]
        return sorted(chosen, key=_order(self.by, programme))

    def _takes(self, programme: Programme, session: SessionFacts) -> bool:
        room = programme.room_of(session)
        return (
            (not self.day or session.day.isoformat() == self.day)
            and (not self.theme or session.theme == self.theme)
            and (not self.venue or (room is not None and room.venue == self.venue))
            and (not self.kind or session.kind == self.kind)
        )

    def page_of(self, sessions: Sequence[SessionFacts]) -> Page[SessionFacts]:
        return Paginator(sessions, AT_ONCE).get_page(self.page)

    def groups(self, programme: Programme, sessions: Sequence[SessionFacts]) -> list[Group]:
        """The items under their headings."""
        return list(_GROUPERS[self.by](programme, sessions))


def _order(by: str, programme: Programme) -> Callable[[SessionFacts], tuple[object, ...]]:
    if by == BY_THEME:
        themes = [theme.code for theme in programme.themes]
        return lambda s: (themes.index(s.theme) if s.theme in themes else len(themes), *s.key())
    if by == BY_PLACE:
        rooms = {room.code: n for n, room in enumerate(programme.rooms)}
        return lambda s: (rooms.get(s.room, len(rooms)), *s.key())
    return SessionFacts.key


def _by_day(programme: Programme, sessions: Sequence[SessionFacts]) -> Iterator[Group]:
    for day in programme.days:
        found = tuple(s for s in sessions if s.day == day)
        if found:
            yield Group(day.isoformat(), found, day=day)


def _by_theme(programme: Programme, sessions: Sequence[SessionFacts]) -> Iterator[Group]:
    for theme in programme.themes:
        found = tuple(s for s in sessions if s.theme == theme.code)
        if found:
            yield Group(theme.code, found, name=theme.name, theme=theme)
    rest = tuple(s for s in sessions if s.theme not in programme.theme_by_code)
    if rest:
        yield Group("sans-theme", rest)


def _by_place(programme: Programme, sessions: Sequence[SessionFacts]) -> Iterator[Group]:
    for room in programme.rooms:
        found = tuple(s for s in sessions if s.room == room.code)
        if found:
            yield Group(room.code, found, name=room.name)
    rest = tuple(s for s in sessions if s.room not in programme.room_by_code)
    if rest:
        yield Group("sans-lieu", rest)


_GROUPERS: dict[str, Callable[[Programme, Sequence[SessionFacts]], Iterator[Group]]] = {
    BY_DAY: _by_day,
    BY_THEME: _by_theme,
    BY_PLACE: _by_place,
}

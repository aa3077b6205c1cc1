"""What a programme is made of: the one shape that pages, documents and feeds read, frozen in a release or not.

``snapshot.read`` takes it from the database, ``content`` to and from the plain values that a release keeps. Texts are there in both languages; ``str()`` gives that of the page.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext

from assises.enums import AgreementStatus, Side
from program.enums import (
    WORKSHOPS,
    Audience,
    Languages,
    PartKind,
    ReleaseKind,
    SessionKind,
    Verdict,
    VisitOrigin,
)


@dataclass(frozen=True)
class Words:
    """A text in both languages. French is the reference: it stands where the Chinese is missing."""

    fr: str = ""
    zh: str = ""

    def __str__(self) -> str:
        return self.in_language(get_language())

    def __bool__(self) -> bool:
        return bool(self.fr or self.zh)

    def in_language(self, language: str | None) -> str:
        if (language or "").lower().startswith("zh"):
            return self.zh or self.fr
        return self.fr or self.zh

    @property
    def lang(self) -> str:
        """The language of what ``str()`` gives, for a ``lang`` attribute."""
        shown = str(self)
        return "zh-Hans" if shown == self.zh and shown != self.fr else "fr"


@dataclass(frozen=True)
class Credit:
    """A line of the organisers, in the order of protocol."""

    name: Words
    role: str
    title: Words


@dataclass(frozen=True)
class EditionFacts:
    code: str
    number: int
    name: Words
    short_name: Words
    city: Words
    venue_name: Words
    venue_address: str
    starts_on: dt.date
    ends_on: dt.date
    time_zone: str
    host: Words
    guest_of_honour: Words
    contact_email: str
    contact_phone: str
    credits: tuple[Credit, ...] = ()

    def credited(self, role: str) -> list[Credit]:
        """Co-organisers or supporters: never in one list (S-086)."""
        return [credit for credit in self.credits if credit.role == role]


@dataclass(frozen=True)
class ThemeFacts:
    code: str
    name: Words
    shape: str
    colour: str


@dataclass(frozen=True)
class VenueFacts:
    code: str
    name: Words
    address: str
    directions: Words
    travel_minutes: int


@dataclass(frozen=True)
class RoomFacts:
    code: str
    name: Words
    venue: str
    capacity: int | None
    is_accessible: bool | None
    equipment: Words


@dataclass(frozen=True)
class Lead:
    """One half of a pair."""

    side: str
    name: Words
    confirmed: bool


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks: by name once confirmed, by function until then."""

    side: str
    name: str
    #: Family name in capitals within, so that nobody takes one for the other (GB/T 28039).
    name_zh: str
    function: Words
    organisation: Words

    @property
    def is_named(self) -> bool:
        return bool(self.name or self.name_zh)


@dataclass(frozen=True)
class Part:
    """A part of a session's running order; how long it takes, in minutes."""

    kind: str
    title: Words
    minutes: int
    confirmed: bool
    voice: Voice | None = None
    authority: Words | None = None
    counterpart: Words | None = None
    #: Code of the workshop that a report back is about.
    workshop: str = ""

    @property
    def kind_label(self) -> str:
        return str(PartKind(self.kind).label)


@dataclass(frozen=True)
class Visit:
    """The sheet of a field visit: distances in kilometres, times in minutes, one way."""

    place: Words
    programme: Words
    distance_km: int | None
    travel_minutes: int | None
    duration_minutes: int | None
    is_accessible: bool | None
    accessibility: Words
    identity_document: bool | None
    origin: str
    origin_side: str
    verdict_french: str
    verdict_chinese: str
    is_kept: bool | None
    decision_note: Words

    @property
    def minutes_away(self) -> int | None:
        """From leaving to being back; None while travel or stay are unknown."""
        if self.travel_minutes is None or self.duration_minutes is None:
            return None
        return 2 * self.travel_minutes + self.duration_minutes

    @property
    def origin_label(self) -> str:
        return str(VisitOrigin(self.origin).label)

    @property
    def side_label(self) -> str:
        return str(Side(self.origin_side).label)

    @property
    def verdicts(self) -> list[tuple[str, str, str]]:
        """Each side's verdict: label of the side, code, word."""
        return [
            (str(side.label), code, str(Verdict(code).label))
            for side, code in ((Side.FRENCH, self.verdict_french), (Side.CHINESE, self.verdict_chinese))
        ]


@dataclass(frozen=True)
class SessionFacts:
    """One item of the programme. Hours are on the clocks of the place; open ones are None."""

    guid: str
    code: str
    short_code: str
    title: Words
    summary: Words
    kind: str
    theme: str
    day: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    time_is_flexible: bool
    room: str
    status: str
    audience: str
    invited_by: Words
    invited: Words
    languages: str
    interpretation: bool
    seats: int | None
    choice_group: str
    leads: tuple[Lead, ...] = ()
    parts: tuple[Part, ...] = ()
    visit: Visit | None = None
    #: Times that this item changed between releases, and when it last did (RFC 5545, SEQUENCE).
    sequence: int = 0
    changed_at: dt.datetime | None = None

    @property
    def is_workshop(self) -> bool:
        return self.kind in WORKSHOPS

    @property
    def is_visit(self) -> bool:
        return self.kind == SessionKind.VISIT

    @property
    def is_open_hour(self) -> bool:
        return self.starts_at is None

    @property
    def kind_label(self) -> str:
        return str(SessionKind(self.kind).label)

    @property
    def status_label(self) -> str:
        return str(AgreementStatus(self.status).label)

    @property
    def is_decided(self) -> bool:
        return self.status == AgreementStatus.DECIDED

    @property
    def audience_label(self) -> str:
        return str(Audience(self.audience).label)

    @property
    def is_for_all(self) -> bool:
        return self.audience == Audience.PUBLIC

    @property
    def languages_label(self) -> str:
        """What is spoken; where both languages meet, whether interpretation is arranged (loi Toubon, art. 6)."""
        if self.languages == Languages.BOTH and self.interpretation:
            return pgettext("languages of a session", "French and Chinese, with interpretation")
        return str(Languages(self.languages).label)

    @property
    def minutes(self) -> int | None:
        if self.starts_at is None or self.ends_at is None:
            return None
        span = dt.datetime.combine(self.day, self.ends_at) - dt.datetime.combine(self.day, self.starts_at)
        return int(span.total_seconds() // 60)

    @property
    def back_at(self) -> dt.time | None:
        """When a visit is back: its end, or what travel and stay add up to; None while that is unknown."""
        if self.ends_at is not None or self.visit is None or self.starts_at is None:
            return self.ends_at
        away = self.visit.minutes_away
        if away is None:
            return None
        back = dt.datetime.combine(self.day, self.starts_at) + dt.timedelta(minutes=away)
        return back.time() if back.date() == self.day else None

    @property
    def lead_french(self) -> Lead | None:
        return next((lead for lead in self.leads if lead.side == Side.FRENCH), None)

    @property
    def lead_chinese(self) -> Lead | None:
        return next((lead for lead in self.leads if lead.side == Side.CHINESE), None)

    @property
    def pair_is_complete(self) -> bool:
        return self.lead_french is not None and self.lead_chinese is not None

    def key(self) -> tuple[dt.date, bool, dt.time, str]:
        """The order of the day: by hour, what has none last."""
        return (self.day, self.starts_at is None, self.starts_at or dt.time(), self.code)


@dataclass(frozen=True)
class Programme:
    """A whole programme: of a release, or in progress."""

    edition: EditionFacts
    themes: tuple[ThemeFacts, ...]
    venues: tuple[VenueFacts, ...]
    rooms: tuple[RoomFacts, ...]
    sessions: tuple[SessionFacts, ...]
    #: What stood in an earlier release and does no longer: calendars are told that it is cancelled.
    dropped: tuple[SessionFacts, ...] = field(default=())

    @cached_property
    def theme_by_code(self) -> dict[str, ThemeFacts]:
        return {theme.code: theme for theme in self.themes}

    @cached_property
    def room_by_code(self) -> dict[str, RoomFacts]:
        return {room.code: room for room in self.rooms}

    @cached_property
    def venue_by_code(self) -> dict[str, VenueFacts]:
        return {venue.code: venue for venue in self.venues}

    @cached_property
    def session_by_code(self) -> dict[str, SessionFacts]:
        return {session.code: session for session in self.sessions}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.edition.time_zone)

    @cached_property
    def days(self) -> list[dt.date]:
        """All days of the edition, also those on which nothing is fixed yet."""
        first, last = self.edition.starts_on, self.edition.ends_on
        return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]

    def on(self, day: dt.date) -> list[SessionFacts]:
        return [session for session in self.sessions if session.day == day]

    def theme_of(self, session: SessionFacts) -> ThemeFacts | None:
        return self.theme_by_code.get(session.theme)

    def room_of(self, session: SessionFacts) -> RoomFacts | None:
        return self.room_by_code.get(session.room)

    def venue_of(self, session: SessionFacts) -> VenueFacts | None:
        room = self.room_of(session)
        return self.venue_by_code.get(room.venue) if room else None

    def place_of(self, session: SessionFacts) -> tuple[Words, Words, str]:
        """Room, building and address; empty where they are open."""
        room, venue = self.room_of(session), self.venue_of(session)
        return (
            room.name if room else Words(),
            venue.name if venue else Words(),
            venue.address if venue else "",
        )

    def starts(self, session: SessionFacts) -> dt.datetime | None:
        """The instant at which it starts, aware, on the clocks of the place."""
        if session.starts_at is None:
            return None
        return dt.datetime.combine(session.day, session.starts_at, self.zone)

    def ends(self, session: SessionFacts) -> dt.datetime | None:
        if session.ends_at is None:
            return None
        return dt.datetime.combine(session.day, session.ends_at, self.zone)

    @cached_property
    def incomplete_pairs(self) -> list[SessionFacts]:
        """Workshops that lack one half of their pair: a draft says so."""
        return [s for s in self.sessions if s.is_workshop and not s.pair_is_complete]


# --- What a release says of itself ------------------------------------------------------------------


@dataclass(frozen=True)
class Stamp:
    """What identifies a release on its documents and pages; None where the programme is in progress."""

    number: int
    kind: str
    purpose: Words
    date: dt.datetime
    hash: str
    is_public: bool
    approvals: tuple[tuple[str, str], ...] = ()

    @property
    def kind_label(self) -> str:
        return str(ReleaseKind(self.kind).label)

    @property
    def is_draft(self) -> bool:
        return self.kind == ReleaseKind.TRAVEL_DRAFT

    @property
    def is_final(self) -> bool:
        return self.kind == ReleaseKind.FINAL

    @property
    def short_hash(self) -> str:
        """Enough of the hash to compare by eye."""
        return self.hash[:12]


def sessions_in_order(sessions: Iterable[SessionFacts]) -> tuple[SessionFacts, ...]:
    return tuple(sorted(sessions, key=SessionFacts.key))

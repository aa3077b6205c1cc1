"""The programme as a spreadsheet: real dates and hours, to be sorted, filtered and worked with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises.enums import Side
from assises.spreadsheets import Sheet, safe, write
from assises.templatetags.typography import is_chinese, write_date_range
from program.exports.words import address_of, name_of, release_in_words, spoken
from program.programme import Lead, Programme, SessionFacts, Stamp

DATE_FR, DATE_ZH, HOUR = "dd/mm/yyyy", 'yyyy"年"m"月"d"日"', "hh:mm"


@dataclass(frozen=True)
class Column:
    heading: str | Promise
    read: Callable[[Programme, SessionFacts], Any]
    width: int
    #: ``day``, ``hour`` or ``link``; empty for texts and numbers.
    kind: str = ""


def _lead(lead: Lead | None) -> str:
    if lead is None:
        return ""
    return str(lead.name) if lead.confirmed else _("%(name)s (to be confirmed)") % {"name": lead.name}


def _room(programme: Programme, session: SessionFacts) -> str:
    room = programme.room_of(session)
    return str(room.name) if room else ""


def _venue(programme: Programme, session: SessionFacts) -> str:
    venue = programme.venue_of(session)
    if venue is None and session.visit is not None:
        return str(session.visit.place)
    return str(venue.name) if venue else ""


def _theme(programme: Programme, session: SessionFacts) -> str:
    theme = programme.theme_of(session)
    return str(theme.name) if theme else ""


DAY = Column(gettext_lazy("Day"), lambda p, s: s.day, 13, "day")
STARTS = Column(gettext_lazy("Starts"), lambda p, s: s.starts_at, 9, "hour")
ENDS = Column(gettext_lazy("Ends"), lambda p, s: s.ends_at, 9, "hour")
TITLE_FR = Column(gettext_lazy("Title in French"), lambda p, s: s.title.fr, 44)
TITLE_ZH = Column(gettext_lazy("Title in Chinese"), lambda p, s: s.title.zh, 34)
KIND = Column(gettext_lazy("Kind"), lambda p, s: s.kind_label, 20)
THEME = Column(gettext_lazy("Theme"), _theme, 24)
VENUE = Column(gettext_lazy("Venue"), _venue, 34)
ROOM = Column(gettext_lazy("Room"), _room, 18)
STATUS = Column(gettext_lazy("Status"), lambda p, s: s.status_label, 15)
CODE = Column(gettext_lazy("Code"), lambda p, s: s.code, 22)
PAGE = Column(pgettext_lazy("of a web site", "Page"), lambda p, s: address_of(s), 44, "link")
DETAILS = [
    Column(gettext_lazy("The hour may move"), lambda p, s: _("yes") if s.time_is_flexible else "", 12),
    Column(gettext_lazy("For whom"), lambda p, s: s.audience_label, 20),
    Column(gettext_lazy("Invited by"), lambda p, s: str(s.invited_by), 24),
    Column(gettext_lazy("Invited"), lambda p, s: str(s.invited), 34),
    Column(gettext_lazy("Languages"), lambda p, s: s.languages_label, 30),
    Column(gettext_lazy("French lead"), lambda p, s: _lead(s.lead_french), 26),
    Column(gettext_lazy("Chinese lead"), lambda p, s: _lead(s.lead_chinese), 26),
    Column(gettext_lazy("Seats"), lambda p, s: s.seats, 9),
    Column(gettext_lazy("Summary in French"), lambda p, s: s.summary.fr, 60),
    Column(gettext_lazy("Summary in Chinese"), lambda p, s: s.summary.zh, 50),
]  # fmt: skip
BY_DAY = [DAY, STARTS, ENDS, TITLE_FR, TITLE_ZH, KIND, THEME, VENUE, ROOM, STATUS, *DETAILS, CODE, PAGE]
BY_THEME = [THEME, DAY, STARTS, ENDS, TITLE_FR, TITLE_ZH, KIND, ROOM, STATUS, CODE]
BY_PLACE = [VENUE, ROOM, DAY, STARTS, ENDS, TITLE_FR, TITLE_ZH, KIND, THEME, STATUS, CODE]


def workbook(programme: Programme, stamp: Stamp, *, language: str) -> bytes:
    """By day, by theme, by place, the running orders, and what release this is; headings in ``language``.

    An open hour is an empty cell: nothing is invented.
    """
    with spoken(language):
        sheets = [
            _view(programme, _("By day"), BY_DAY, programme.sessions),
            _view(
                programme,
                _("By theme"),
                BY_THEME,
                [s for t in programme.themes for s in programme.sessions if s.theme == t.code],
            ),
            _view(programme, _("By place"), BY_PLACE, _by_place(programme)),
            _running_orders(programme),
            _about(programme, stamp),
        ]
        return write(sheets, title=str(programme.edition.name), at=stamp.date)


def _by_place(programme: Programme) -> list[SessionFacts]:
    order = {room.code: n for n, room in enumerate(programme.rooms)}
    return sorted(programme.sessions, key=lambda s: (order.get(s.room, len(order)), s.key()))


def _view(
    programme: Programme, title: str, columns: Sequence[Column], sessions: Iterable[SessionFacts]
) -> Sheet:
    return Sheet(
        title=title,
        headings=[str(column.heading) for column in columns],
        rows=[[safe(column.read(programme, session)) for column in columns] for session in sessions],
        widths=[column.width for column in columns],
        formats={n: _format(c.kind) for n, c in enumerate(columns) if c.kind in ("day", "hour")},
        links=[n for n, c in enumerate(columns) if c.kind == "link"],
        filtered=True,
        wrapped=True,
    )


def _format(kind: str) -> str:
    if kind == "hour":
        return HOUR
    return DATE_ZH if is_chinese(get_language()) else DATE_FR


def _running_orders(programme: Programme) -> Sheet:
    headings = [
        _("Day"), _("Starts"), _("Session"), _("Part"), _("Kind"), _("Title in French"), _("Title in Chinese"),
        _("Minutes"), _("Speaker"), _("Authority"), _("Counterpart"), _("Confirmed"),
    ]  # fmt: skip
    rows = [
        [
            session.day, session.starts_at, str(session.title), number, part.kind_label, part.title.fr, part.title.zh,
            part.minutes, name_of(part.voice) if part.voice else "", str(part.authority or ""),
            str(part.counterpart or ""), _("yes") if part.confirmed else _("no"),
        ]
        for session in programme.sessions
        for number, part in enumerate(session.parts, start=1)
    ]  # fmt: skip
    return Sheet(
        title=_("Running orders"),
        headings=headings,
        rows=[[safe(value) for value in row] for row in rows],
        widths=[13, 9, 34, 6, 16, 40, 30, 9, 44, 26, 26, 11],
        formats={0: _format("day"), 1: HOUR},
        filtered=True,
        wrapped=True,
    )


def _about(programme: Programme, stamp: Stamp) -> Sheet:
    edition, language = programme.edition, get_language()
    rows: list[list[Any]] = [
        [_("Edition"), str(edition.name)],
        [_("City"), str(edition.city)],
        [_("Dates"), write_date_range(edition.starts_on, edition.ends_on, language)],
        [_("Hours"), _("on the clocks of the place (%(zone)s)") % {"zone": edition.time_zone}],
        [_("Release"), release_in_words(stamp)],
        [_("Purpose"), str(stamp.purpose)],
        [_("SHA-256 of the content"), stamp.hash],
        *([_("Approved for the %(side)s") % {"side": side}, name] for side, name in _approvals(stamp)),
        *([_("Incomplete pair"), str(session.title)] for session in programme.incomplete_pairs),
        *(
            [_("Organised by") if c.role == "co_organiser" else _("With the support of"), str(c.name)]
            for c in edition.credits
        ),
    ]
    table = [[safe(value) for value in row] for row in rows]
    return Sheet(_("About"), [_("What"), ""], table, [30, 90], wrapped=True)


def _approvals(stamp: Stamp) -> list[tuple[str, str]]:
    return [(str(Side(side).label), name) for side, name in stamp.approvals]

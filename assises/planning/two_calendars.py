"""What a date means on the calendars of both sides: holidays, weeks in which nobody answers, changes of hour, clashes.

Pure but for the language of its sentences. Days are those of each side's own calendar.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.enums import MilestoneKind, Side
from assises.models import Edition, Milestone
from assises.templatetags.typography import write_date
from assises.working_time import holiday_name

#: Days around a change of hour in which somebody comes an hour late.
AROUND = 3
#: The Chinese National Day week: offices are closed from 1 to 7 October.
NATIONAL_WEEK = range(1, 8)


@dataclass(frozen=True)
class Remark:
    """Something to know about a date. ``code`` says what kind; ``text`` is a sentence for the reader."""

    code: str
    text: str


def days_of(milestone: Milestone, zone: str) -> tuple[dt.date, dt.date]:
    """First and last day on the calendar of ``zone``; what has no hours has the same days everywhere."""
    if milestone.is_whole_day:
        return milestone.first_day, milestone.last_day
    first, last = milestone.on_clocks(zone)
    return first.date(), last.date()


@lru_cache
def changes_of_hour(zone: str, year: int) -> tuple[dt.date, ...]:
    """The days of the year on which the clocks of the zone change."""

    def offset(day: dt.date) -> dt.timedelta | None:
        return dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)).utcoffset()

    one = dt.timedelta(days=1)
    days = (dt.date(year, 1, 1) + n * one for n in range(366))
    return tuple(day for day in days if day.year == year and offset(day) != offset(day - one))


def remarks_on_day(day_fr: dt.date, day_cn: dt.date, edition: Edition) -> list[Remark]:
    """What is to be known of one due day, on the calendar of each side."""
    found = []
    for side, day in ((Side.FRENCH, day_fr), (Side.CHINESE, day_cn)):
        if name := holiday_name(day, side):
            words = (
                _("public holiday in France: %(name)s")
                if side == Side.FRENCH
                else _("public holiday in China: %(name)s")
            )
            found.append(Remark(f"holiday_{side}", words % {"name": name}))
    if day_cn.month == 10 and day_cn.day in NATIONAL_WEEK:
        found.append(Remark("national_week", _("Chinese National Day week: nobody answers there")))
    if day_fr.weekday() > 4:
        found.append(Remark("weekend", _("weekend")))
    if day_fr.month == 8:
        found.append(Remark("august", _("August: French local authorities are on holiday")))
    # The clocks of China do not change.
    for change in changes_of_hour(edition.zone_of(Side.FRENCH), day_fr.year):
        if abs((day_fr - change).days) <= AROUND:
            at = write_date(change, get_language())
            found.append(
                Remark(
                    "change_of_hour",
                    _("the clocks change on %(day)s: the two sides are an hour nearer or farther")
                    % {"day": at},
                )
            )
    return found


#: An external event and its days on the calendar of the place.
Event = tuple[dt.date, dt.date, Milestone]


def remarks(milestone: Milestone, events: Iterable[Event], edition: Edition | None = None) -> list[Remark]:
    """What is to be known of its due day, and which external events it overlaps (S-125, S-154 to S-156)."""
    place = edition or milestone.edition
    milestone.edition = place
    if milestone.kind == MilestoneKind.EXTERNAL:
        return [] if milestone.verified_on else [Remark("unverified", _("date not verified yet"))]
    french, chinese = (days_of(milestone, place.zone_of(side)) for side in (Side.FRENCH, Side.CHINESE))
    return [*remarks_on_day(french[1], chinese[1], place), *clashes(french, events)]


def clashes(days: tuple[dt.date, dt.date], events: Iterable[Event]) -> list[Remark]:
    """The external events that fall on one of these days."""
    return [
        Remark("clash", _("at the same time: %(event)s") % {"event": event})
        for first, last, event in events
        if first <= days[1] and days[0] <= last
    ]


def with_days(events: Iterable[Milestone]) -> list[Event]:
    return [(event.first_day, event.last_day, event) for event in events]


def external(milestones: Sequence[Milestone]) -> list[Milestone]:
    """Those that others organise, as long as they stand."""
    return [m for m in milestones if m.kind == MilestoneKind.EXTERNAL and m.is_standing]

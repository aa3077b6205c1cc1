"""A month as a grid of weeks: what stands on each day, and who is on holiday."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assises.enums import Side
from assises.models import Edition, Milestone
from assises.working_time import holiday_name

#: A milestone that lasts longer is shown on its first and last day only.
LONG = 14


@dataclass(frozen=True)
class Day:
    date: dt.date
    is_of_month: bool
    is_weekend: bool
    is_edition: bool
    #: What each side celebrates; empty for nothing.
    holidays: tuple[tuple[str, str], ...]
    milestones: tuple[Milestone, ...]


def weeks_of(edition: Edition, shown: Sequence[Milestone], year: int, month: int) -> list[list[Day]]:
    """The weeks of a month, Mondays first, with the days of its neighbours that fill them."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    first, last = weeks[0][0], weeks[-1][-1]
    by_day: dict[dt.date, list[Milestone]] = defaultdict(list)
    for milestone in shown:
        begins, ends = milestone.first_day, milestone.last_day
        if ends < first or begins > last:
            continue
        if (ends - begins).days > LONG:
            days = [day for day in (begins, ends) if first <= day <= last]
        else:
            length = (ends - begins).days + 1
            days = [d for d in (begins + dt.timedelta(days=n) for n in range(length)) if first <= d <= last]
        for day in days:
            by_day[day].append(milestone)
    return [[_day(edition, day, month, by_day) for day in week] for week in weeks]


def _day(edition: Edition, day: dt.date, month: int, by_day: dict[dt.date, list[Milestone]]) -> Day:
    named = ((side, holiday_name(day, side)) for side in Side)
    return Day(
        day,
        day.month == month,
        day.weekday() > 4,
        edition.starts_on <= day <= edition.ends_on,
        tuple((side, name) for side, name in named if name),
        tuple(by_day.get(day, ())),
    )

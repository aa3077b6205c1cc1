"""Hours in which an office is open: no nights, weekends or public holidays."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from assises.enums import Side
from assises.models import Edition

_COUNTRIES = {Side.FRENCH: "FR", Side.CHINESE: "CN"}


@lru_cache
def public_holidays(side: Side, year: int) -> frozenset[dt.date]:
    """The public holidays of the country of that side in that year."""
    return frozenset(holidays.country_holidays(_COUNTRIES[side], years=year))


def is_working_day(day: dt.date, side: Side = Side.FRENCH) -> bool:
    """Monday to Friday, and no public holiday of that side."""
    return day.weekday() < 5 and day not in public_holidays(side, day.year)


def add_working_hours(start: dt.datetime, hours: float, *, edition: Edition) -> dt.datetime:
    """The instant when ``hours`` working hours have passed since ``start``.

    Hours count from ``working_day_starts`` to ``working_day_ends`` of the edition, in its time zone, on working
    days. With a day from 8:00 to 20:00, 72 hours are six working days. Hours of the day are those on the wall:
    a change of hour falls on a Sunday night, when none are counted.
    """
    zone = ZoneInfo(edition.time_zone)
    left = dt.timedelta(hours=hours)
    wall = start.astimezone(zone).replace(tzinfo=None)
    while True:
        opens = dt.datetime.combine(wall.date(), edition.working_day_starts)
        closes = dt.datetime.combine(wall.date(), edition.working_day_ends)
        begin = max(wall, opens)
        if is_working_day(wall.date()) and begin < closes:
            if closes - begin >= left:
                return (begin + left).replace(tzinfo=zone).astimezone(dt.UTC)
            left -= closes - begin
        wall = dt.datetime.combine(wall.date() + dt.timedelta(days=1), dt.time.min)

"""Hours in which an office is open: no nights, weekends or public holidays."""

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assises.enums import Side
from assises.models import Edition

_COUNTRIES = {Side.FRENCH: "FR", Side.CHINESE: "CN"}
#: As the library calls them in English, and as our readers do.
_NAMES: dict[str, str | Promise] = {
    "New Year's Day": _("New Year’s Day"),
    "Easter Monday": _("Easter Monday"),
    "Labor Day": _("Labour Day"),
    "Victory Day": _("Victory Day 1945"),
    "Ascension Day": _("Ascension Day"),
    "Pentecost Monday": _("Whit Monday"),
    "Assumption Day": _("Assumption Day"),
    "All Saints' Day": _("All Saints’ Day"),
    "Armistice Day": _("Armistice Day 1918"),
    "Christmas Day": _("Christmas Day"),
    "Chinese New Year (Spring Festival)": _("Spring Festival"),
    "Chinese New Year Extended Holiday": _("Spring Festival"),
    "Chinese New Year's Eve": _("eve of the Spring Festival"),
    "Tomb-Sweeping Day": _("Tomb-Sweeping Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-Autumn Festival": _("Mid-Autumn Festival"),
}
_NATIONAL_DAYS = {Side.FRENCH: _("14 July, national day"), Side.CHINESE: _("National Day of China")}
_EXCHANGED = _("day off, exchanged for a working weekend")


@lru_cache
def _calendar(side: Side, year: int) -> Any:
    return holidays.country_holidays(_COUNTRIES[side], years=year, language="en_US")


@lru_cache
def public_holidays(side: Side, year: int) -> dict[dt.date, str | Promise]:
    """The public holidays of the country of that side in that year, by name; where two fall together, the first."""
    found: dict[dt.date, str | Promise] = {}
    for day, names in _calendar(side, year).items():
        name = names.split("; ")[0].removesuffix(" (observed)")
        if name == "National Day":
            found[day] = _NATIONAL_DAYS[side]
        else:
            found[day] = _EXCHANGED if name.startswith("Day off") else _NAMES.get(name, name)
    return found


def holiday_name(day: dt.date, side: Side) -> str:
    """What is celebrated on that day in the country of that side, in the language of the reader; empty for nothing."""
    return str(public_holidays(side, day.year).get(day, ""))


def is_working_day(day: dt.date, side: Side = Side.FRENCH) -> bool:
    """Monday to Friday, and no public holiday of that side; in China also the weekends that a holiday is paid with."""
    if day in public_holidays(side, day.year):
        return False
    return day.weekday() < 5 or day in getattr(_calendar(side, day.year), "weekend_workdays", ())


def working_days(first: dt.date, last: dt.date, side: Side) -> int:
    """How many days that side works after ``first``, until ``last``."""
    return sum(
        is_working_day(first + dt.timedelta(days=n), side) for n in range(1, max(0, (last - first).days) + 1)
    )


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

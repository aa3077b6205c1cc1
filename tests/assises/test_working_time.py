"""72 working hours: nights, weekends and public holidays do not count."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from assises.models import Edition
from assises.working_time import add_working_hours, is_working_day

PARIS = ZoneInfo("Europe/Paris")


def paris(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2018-10-15T10:00", 2, "2018-10-15T12:00"),  # within a day
        ("2018-10-15T19:00", 2, "2018-10-16T09:00"),  # over a night
        ("2018-10-15T23:30", 1, "2018-10-16T09:00"),  # begun at night
        ("2018-10-15T06:00", 1, "2018-10-15T09:00"),  # begun before the offices open
        ("2018-10-19T19:00", 2, "2018-10-22T09:00"),  # over a weekend
        ("2018-10-20T12:00", 1, "2018-10-22T09:00"),  # begun on a Saturday
        ("2018-10-31T19:00", 2, "2018-11-02T09:00"),  # over All Saints' Day
        ("2018-10-15T10:00", 72, "2018-10-23T10:00"),  # six working days
        ("2018-10-26T10:00", 12, "2018-10-29T10:00"),  # over the change of hour
        ("2018-10-15T08:00", 12, "2018-10-15T20:00"),  # to the last minute of a day
    ],
)
def test_only_working_hours_count(start, hours, end):
    assert add_working_hours(paris(start), hours, edition=Edition()) == paris(end)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2018-11-11", False),
        ("2018-05-08", False),
        ("2018-12-25", False),
        ("2018-12-11", True),
        ("2018-12-15", False),
    ],
)
def test_french_public_holidays_are_not_working_days(day, works):
    assert is_working_day(dt.date.fromisoformat(day)) is works

"""What a date means in Paris and in Beijing: holidays by name, closed weeks, changes of hour, clashes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from assises.enums import Side
from assises.models import Edition
from assises.planning.two_calendars import changes_of_hour, days_of, remarks, remarks_on_day, with_days
from assises.planning.wording import in_both_calendars
from assises.working_time import holiday_name, is_working_day, public_holidays, working_days
from tests.planning_factories import on, planned
from tests.reminder_factories import a_milestone


def codes(day: dt.date, edition: Edition) -> list[str]:
    return [remark.code for remark in remarks_on_day(day, day, edition)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2018, 4, 10), []),
        (dt.date(2018, 5, 1), ["holiday_FR", "holiday_CN"]),
        (dt.date(2018, 7, 14), ["holiday_FR", "weekend"]),
        (dt.date(2018, 10, 2), ["holiday_CN", "national_week"]),
        (dt.date(2018, 10, 8), []),
        (dt.date(2018, 8, 7), ["august"]),
        (dt.date(2018, 3, 22), ["change_of_hour"]),
        (dt.date(2018, 3, 28), ["change_of_hour"]),
        (dt.date(2018, 3, 29), []),
        (dt.date(2018, 10, 31), ["change_of_hour"]),
        (dt.date(2018, 2, 16), ["holiday_CN"]),
    ],
)
def test_each_day_says_what_is_to_be_known(edition: Edition, day: dt.date, expected: list[str]) -> None:
    assert codes(day, edition) == expected


def test_the_clocks_of_paris_change_twice_and_those_of_shanghai_never() -> None:
    assert changes_of_hour("Europe/Paris", 2018) == (dt.date(2018, 3, 25), dt.date(2018, 10, 28))
    assert changes_of_hour("Asia/Shanghai", 2018) == ()


def test_an_evening_in_paris_is_the_next_day_in_beijing(edition: Edition) -> None:
    evening = a_milestone(edition, on("10-15", 20))
    whole = planned(edition, "10-15")

    assert days_of(evening, "Europe/Paris")[0] == dt.date(2018, 10, 15)
    assert days_of(evening, "Asia/Shanghai")[0] == dt.date(2018, 10, 16)
    assert days_of(whole, "Asia/Shanghai")[0] == dt.date(2018, 10, 15)


def test_an_evening_before_a_chinese_holiday_falls_on_it(edition: Edition) -> None:
    evening = a_milestone(edition, on("09-30", 20))

    assert "holiday_CN" in [remark.code for remark in remarks(evening, [])]


def test_an_edition_in_china_has_its_own_clocks_and_those_of_paris_beside(edition: Edition) -> None:
    edition.time_zone, edition.partner_time_zone = "Asia/Shanghai", "Europe/Paris"
    edition.host.side = Side.CHINESE
    morning = a_milestone(edition, dt.datetime(2018, 5, 2, 3, tzinfo=ZoneInfo("Asia/Shanghai")))

    # It is still the first of May in Paris.
    assert [r.code for r in remarks(morning, [])] == ["holiday_FR"]
    assert [place for place, _words in in_both_calendars(morning, "fr")] == ["Pékin", "Paris"]
    assert edition.zone_of(Side.CHINESE) == "Asia/Shanghai"


def test_the_due_day_of_a_window_is_its_last(edition: Edition) -> None:
    assert [r.code for r in remarks(planned(edition, "10-01", "10-10"), [])] == []
    assert "holiday_CN" in [r.code for r in remarks(planned(edition, "09-20", "10-01"), [])]


@pytest.mark.parametrize(
    ("first", "last", "clashes"),
    [("11-05", "11-09", False), ("11-05", "11-10", True), ("11-11", "", True), ("11-12", "", False)],
)
def test_what_falls_together_with_an_external_event_is_said(
    edition: Edition, first: str, last: str, clashes: bool
) -> None:
    """S-154."""
    forum = planned(edition, "11-10", "11-11", kind="external", label_fr="Forum THNS")

    said = [r.text for r in remarks(planned(edition, first, last), with_days([forum])) if r.code == "clash"]

    assert bool(said) is clashes
    assert all("Forum THNS" in text for text in said)


def test_a_date_of_others_that_nobody_verified_says_so(edition: Edition) -> None:
    """D-05."""
    fair = planned(edition, "12-13", "12-17", kind="external")
    verified = planned(edition, "12-13", kind="external", verified_on=dt.date(2018, 10, 1))

    assert [r.code for r in remarks(fair, [])] == ["unverified"]
    assert remarks(verified, []) == []


@pytest.mark.parametrize("year", range(2018, 2023))
def test_every_holiday_has_a_name_in_french_and_in_chinese(year: int) -> None:
    for side in Side:
        for day in public_holidays(side, year):
            with translation.override("en"):
                english = holiday_name(day, side)
            for language in ("fr", "zh-hans"):
                with translation.override(language):
                    name = holiday_name(day, side)
                assert name
                assert name != english, name


def test_a_weekend_that_pays_for_a_holiday_is_worked_in_china() -> None:
    sunday = dt.date(2018, 9, 30)

    assert is_working_day(sunday, Side.CHINESE)
    assert not is_working_day(sunday, Side.FRENCH)


def test_working_days_of_each_side_are_counted() -> None:
    first, last = dt.date(2018, 9, 28), dt.date(2018, 10, 8)

    assert working_days(first, last, Side.FRENCH) == 6
    # Saturday and Sunday are worked, and the week from the 1st is closed.
    assert working_days(first, last, Side.CHINESE) == 3
    assert working_days(last, first, Side.FRENCH) == 0

"""The programme as other people's calendars read it (RFC 5545)."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest

from program.exports.calendars import calendar
from program.programme import Words
from tests.program.showing import PUBLISHED, WEDNESDAY, a_programme, a_stamp, a_workshop, an_item

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(programme, language="fr", **fields):
    file = calendar(programme, a_stamp(programme), language=language, **fields)
    return icalendar.Calendar.from_ical(file)


def entries(programme, language="fr", **fields):
    return list(read(programme, language, **fields).walk("VEVENT"))


@pytest.mark.parametrize(
    ("language", "title", "tag", "room"),
    [("fr", "Atelier : ville", "fr", "Salle A"), ("zh-hans", "分论坛：城市", "zh-Hans", "A厅")],
)
def test_an_item_comes_back_as_it_went_in_both_languages(edition, language, title, tag, room):
    session = a_workshop(
        "Atelier : ville", "分论坛：城市", sequence=3, summary=Words("Mobilité, énergie", "交通，能源")
    )

    [entry] = entries(a_programme(edition, session), language)

    assert str(entry["summary"]) == title
    assert entry["summary"].params["LANGUAGE"] == tag
    assert entry["location"].params["LANGUAGE"] == tag
    assert str(entry["location"]).startswith(room)
    assert entry["uid"] == session.guid
    assert entry["sequence"] == 3
    assert entry["dtstart"].dt == dt.datetime(2018, 12, 12, 14, tzinfo=ZoneInfo("Europe/Paris"))
    assert entry["dtend"].dt - entry["dtstart"].dt == dt.timedelta(hours=2, minutes=30)
    assert entry["last-modified"].dt == PUBLISHED
    assert entry["url"].endswith(f"/{language}/programme/{session.code}/")
    assert len(entry["categories"].cats) == 2


def test_a_reader_in_shanghai_sees_the_hour_there(edition):
    [entry] = entries(a_programme(edition, a_workshop()), "zh-hans")

    assert f"{entry['dtstart'].dt.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == "2018-12-12 21:00"


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_change_of_hour_of_october_falls_between_two_days(edition, language):
    edition.starts_on, edition.ends_on = dt.date(2018, 10, 27), dt.date(2018, 10, 28)
    programme = a_programme(edition, *(an_item(day=day) for day in (edition.starts_on, edition.ends_on)))

    before, after = entries(programme, language)

    # It goes out and comes back at nine in Toulouse, on both sides of the change.
    assert [e["dtstart"].dt.hour for e in (before, after)] == [9, 9]
    assert [e["dtend"].dt - e["dtstart"].dt for e in (before, after)] == [dt.timedelta(hours=1)] * 2
    assert before["dtstart"].dt.astimezone(dt.UTC).hour == 7
    assert after["dtstart"].dt.astimezone(dt.UTC).hour == 8
    assert [e["dtstart"].dt.astimezone(SHANGHAI).hour for e in (before, after)] == [15, 16]


def test_the_rules_of_the_time_zone_travel_with_the_file_and_for_its_years_only(edition):
    file = calendar(a_programme(edition, an_item()), a_stamp(a_programme(edition)), language="fr")

    [zone] = icalendar.Calendar.from_ical(file).walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Paris"
    assert len(file) < 3000
    # Read by somebody who knows no zone of that name: the rules alone give the hour.
    rules = zone.to_tz()
    winter, summer = (
        dt.datetime.combine(day, dt.time(14), rules) for day in (WEDNESDAY, dt.date(2018, 10, 27))
    )
    assert (winter.utcoffset(), summer.utcoffset()) == (dt.timedelta(hours=1), dt.timedelta(hours=2))


@pytest.mark.parametrize("status", ["proposed", "under_study", "to_be_defined", "requested"])
def test_what_is_not_decided_is_tentative(edition, status):
    [entry] = entries(a_programme(edition, an_item(status=status)))

    assert entry["status"] == "TENTATIVE"


def test_what_was_dropped_is_cancelled_and_counted_on(edition):
    kept, dropped = an_item(), an_item(sequence=4)

    entry = entries(a_programme(edition, kept, dropped=(dropped,)))[1]

    assert (entry["uid"], entry["status"], entry["sequence"]) == (dropped.guid, "CANCELLED", 4)
    assert "url" not in entry


def test_an_open_hour_is_a_day_that_leaves_one_free_and_an_open_end_is_not_invented(edition):
    open_hour = an_item(starts_at=None, ends_at=None)
    open_end = an_item(ends_at=None)

    end, hour = entries(a_programme(edition, open_hour, open_end))

    assert hour["dtstart"].dt == WEDNESDAY
    assert hour["transp"] == "TRANSPARENT"
    assert "dtend" not in end
    assert "transp" not in end


def test_where_the_chinese_is_missing_the_french_stands_and_says_so(edition):
    session = dataclasses.replace(an_item("Dîner"), title=Words("Dîner"))

    [entry] = entries(a_programme(edition, session), "zh-hans")

    assert str(entry["summary"]) == "Dîner"
    assert entry["summary"].params["LANGUAGE"] == "fr"


def test_programs_are_told_how_often_to_ask_again(edition):
    found = read(a_programme(edition, an_item()))

    assert found["refresh-interval"].params["VALUE"] == "DURATION"
    assert found["refresh-interval"].dt == dt.timedelta(hours=1)
    assert found["x-published-ttl"] == "PT1H"
    assert found["method"] == "PUBLISH"


def test_lines_are_folded_by_bytes_and_no_hanzi_is_broken(edition):
    long = Words(
        "Une très longue présentation, avec des accents. " * 20, "中法地方政府合作高层论坛的很长的说明。" * 30
    )
    programme = a_programme(edition, an_item(summary=long))

    file = calendar(programme, a_stamp(programme), language="zh-hans")

    lines = file.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines[:-1])
    [entry] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert long.zh in str(entry["description"])


def test_the_same_release_gives_the_same_file(edition):
    programme = a_programme(edition, an_item(), a_workshop())
    stamp = a_stamp(programme)

    assert calendar(programme, stamp, language="fr") == calendar(programme, stamp, language="fr")


def test_one_item_can_be_had_alone(edition):
    first, second = an_item(), an_item()
    programme = a_programme(edition, first, second)

    assert [e["uid"] for e in entries(programme, only=second.code)] == [second.guid]
    with pytest.raises(KeyError):
        calendar(programme, a_stamp(programme), language="fr", only="nothing")

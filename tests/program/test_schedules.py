"""schedule.xml and schedule.json, which conference apps read."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from program.exports import schedule
from program.programme import Part, RoomFacts, Visit, Voice, Words
from tests.program.showing import THURSDAY, a_programme, a_stamp, a_workshop, an_item

STANDARDS = Path(__file__).parent / "standards"
XSD, SCHEMA = STANDARDS / "schedule.xml.xsd", STANDARDS / "schedule-v1.schema.json"
ZHANG = Voice("CN", "ZHANG Shili", "张示例", Words("Directeur", "局长"), Words("Chengdu", "成都市"))
UNNAMED = Voice("FR", "", "", Words("Préfet", "区长"), Words())


def a_visit(title, **fields):
    sheet = {
        "place": Words(title), "programme": Words(), "distance_km": 95, "travel_minutes": 70, "duration_minutes": 120,
        "is_accessible": None, "accessibility": Words(), "identity_document": None, "origin": "proposed",
        "origin_side": "FR", "verdict_french": "kept", "verdict_chinese": "", "is_kept": None, "decision_note": Words(),
    }  # fmt: skip
    return an_item(
        title,
        kind="visit",
        day=THURSDAY,
        starts_at=dt.time(11),
        ends_at=None,
        room="",
        visit=Visit(**sheet),
        **fields,
    )


@pytest.fixture
def programme(edition):
    """Something of everything that these formats find hard."""
    return a_programme(
        edition,
        an_item("Inauguration & <ouverture>\x0b", "开幕式", parts=(Part("speech", Words("Allocution"), 10, True, ZHANG), Part("speech", Words(), 5, False, UNNAMED))),
        a_workshop("Atelier", "分论坛", summary=Words("Mobilité", "交通")),
        an_item("Nulle part", room=""),
        an_item("Sans fin", ends_at=None, starts_at=dt.time(19)),
        an_item("Sans heure", starts_at=None, ends_at=None),
        a_visit("Carcassonne"),
        a_visit("Cahors"),
        an_item("Tôt", day=THURSDAY, starts_at=dt.time(7), ends_at=dt.time(8), code="Abc_"),
    )  # fmt: skip


def xml(programme):
    from lxml import etree

    return etree.fromstring(schedule.xml(programme, a_stamp(programme)))


def events(programme):
    """Events of the JSON by their titles."""
    days = json.loads(schedule.json(programme, a_stamp(programme)))["schedule"]["conference"]["days"]
    return {e["title"]: e for day in days for room in day["rooms"].values() for e in room}


def test_schedule_xml_is_valid_by_the_published_schema(programme):
    from lxml import etree

    etree.XMLSchema(etree.parse(str(XSD))).assertValid(xml(programme))


def test_schedule_json_is_valid_by_the_published_schema(programme):
    import jsonschema

    written = json.loads(schedule.json(programme, a_stamp(programme)))

    checker = jsonschema.Draft6Validator(
        json.loads(SCHEMA.read_text()), format_checker=jsonschema.Draft6Validator.FORMAT_CHECKER
    )
    assert [error.message for error in checker.iter_errors(written)] == []


def test_an_empty_programme_is_valid_too(edition):
    from lxml import etree

    etree.XMLSchema(etree.parse(str(XSD))).assertValid(xml(a_programme(edition)))


def test_both_formats_say_the_same(programme):
    from_json = events(programme)
    from_xml = {e.findtext("title"): e for e in xml(programme).iter("event")}

    assert len(from_json) == len(from_xml) == 7
    for title, event in from_xml.items():
        other = from_json.get(title) or from_json["Inauguration & <ouverture>\x0b"]
        assert (event.get("guid"), event.get("code"), int(event.get("id"))) == (
            other["guid"],
            other["code"],
            other["id"],
        )
        for name in (
            "date",
            "start",
            "duration",
            "room",
            "slug",
            "url",
            "subtitle",
            "description",
            "language",
        ):
            assert event.findtext(name).replace("\x0b", "") == (other[name] or "").replace("\x0b", ""), (
                title,
                name,
            )


def test_the_hour_has_its_offset_and_the_code_six_characters(programme):
    workshop = events(programme)["Atelier"]

    assert (workshop["date"], workshop["end"]) == ("2018-12-12T14:00:00+01:00", "2018-12-12T16:30:00+01:00")
    assert workshop["duration"] == "02:30"
    assert re.fullmatch(r"[0-9A-Z]{6}", workshop["code"])


def test_titles_are_french_with_the_chinese_beneath(programme):
    workshop = events(programme)["Atelier"]

    assert (workshop["subtitle"], workshop["language"], workshop["track"]) == (
        "分论坛",
        "fr",
        "Ville durable",
    )
    assert workshop["description"].endswith("交通")


def test_slugs_are_ascii_and_no_two_are_the_same(programme):
    slugs = [event["slug"] for event in events(programme).values()]

    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]", slug) for slug in slugs)


def test_an_item_without_an_hour_is_left_out_and_the_version_counts_it(programme):
    assert "Sans heure" not in events(programme)
    assert re.search(r"\b1\b.*$", xml(programme).findtext("version").partition("–")[2])


def test_an_open_end_lasts_an_hour_here_and_says_that_it_is_open(programme):
    event = events(programme)["Sans fin"]

    assert event["duration"] == "01:00"
    assert event["description"].splitlines()[0]


def test_visits_at_once_are_where_they_go_and_last_as_long_as_travel_and_stay(programme):
    found = events(programme)

    assert found["Carcassonne"]["room"] == "Carcassonne"
    assert found["Cahors"]["room"] == "Cahors"
    assert found["Carcassonne"]["duration"] == "04:20"


def test_only_who_has_confirmed_is_named(programme):
    [person] = events(programme)["Inauguration & <ouverture>\x0b"]["persons"]

    assert person["name"] == "ZHANG Shili 张示例"


def test_a_day_begins_before_its_first_item(programme):
    days = xml(programme).findall("day")

    assert [d.get("date") for d in days] == ["2018-12-11", "2018-12-12", "2018-12-13"]
    assert days[2].get("start") == "2018-12-13T07:00:00+01:00"


def test_two_rooms_of_one_name_are_told_apart(edition):
    programme = a_programme(edition, a_workshop(), an_item(room="autre"))
    venue = programme.venues[0]
    rooms = (*programme.rooms, RoomFacts("autre", Words("Salle A"), "annexe", None, None, Words()))
    programme = replace(
        programme, rooms=rooms, venues=(venue, replace(venue, code="annexe", name=Words("Annexe")))
    )

    assert {e["room"] for e in events(programme).values()} == {"Salle A, Hôtel de Région", "Salle A, Annexe"}


def test_numbers_of_items_fit_where_apps_count_in_32_bits(edition):
    programme = a_programme(edition, an_item(short_code="ZZZZZZ"), an_item(short_code="ZZZZZY"))

    numbers = [event["id"] for event in events(programme).values()]

    assert all(0 < n < 2**31 for n in numbers)
    assert len(set(numbers)) == 2

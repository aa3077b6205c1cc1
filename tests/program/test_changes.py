"""What differs between two programmes, in the words that people read."""

import dataclasses
import datetime as dt
import json

import pytest
from django.utils import translation

from program.changes import Spot, What, compare, from_plain, to_plain
from program.programme import RoomFacts, SessionFacts, VenueFacts, Words
from tests.program.test_programme_shape import EMPTY

DAY = dt.date(2018, 12, 12)
NB = "\u00a0"


def a_session(guid: str = "1", **fields) -> SessionFacts:
    defaults = {
        "guid": guid, "code": f"seance-{guid}", "short_code": "ABC123", "title": Words("Atelier", "分论坛"),
        "summary": Words(), "kind": "parallel", "theme": "", "day": DAY, "starts_at": dt.time(14),
        "ends_at": dt.time(16, 30), "time_is_flexible": False, "room": "a", "status": "decided", "audience": "public",
        "invited_by": Words(), "invited": Words(), "languages": "both", "interpretation": True, "seats": None,
        "choice_group": "",
    }  # fmt: skip
    return SessionFacts(**{**defaults, **fields})


def a_programme(*sessions: SessionFacts, dropped=(), rooms=None, venue="Hôtel de Région"):
    rooms = rooms or {"a": Words("Salle A", "A厅"), "b": Words("Salle B", "B厅")}
    return dataclasses.replace(
        EMPTY,
        venues=(VenueFacts("hr", Words(venue, "大区议会大厦"), "22 boulevard d’Exemple", Words(), 0),),
        rooms=tuple(RoomFacts(code, name, "hr", 100, None, Words()) for code, name in rooms.items()),
        sessions=sessions,
        dropped=dropped,
    )


def the_change(before, after):
    (change,) = compare(before, after)
    return change


def test_the_first_release_has_nothing_to_compare_with():
    assert compare(None, a_programme(a_session())) == []


def test_the_same_programme_has_no_changes():
    assert compare(a_programme(a_session()), a_programme(a_session())) == []


@pytest.mark.parametrize(
    "moved",
    [
        {"day": dt.date(2018, 12, 13)},
        {"starts_at": dt.time(14, 30)},
        {"ends_at": dt.time(17)},
        {"starts_at": None, "ends_at": None},
        {"room": "b"},
        {"room": ""},
    ],
    ids=str,
)
def test_another_day_hour_or_room_is_a_move(moved):
    change = the_change(a_programme(a_session()), a_programme(a_session(**moved)))

    assert change.what == What.MOVED
    assert change.fields == ()
    assert change.before != change.after


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": Words("Atelier 1", "分论坛")}, "title"),
        ({"status": "proposed"}, "status"),
        ({"interpretation": False}, "interpretation"),
        ({"seats": 100}, "seats"),
    ],
)
def test_what_moves_nobody_is_a_change_and_names_what_it_is_about(changed, field):
    change = the_change(a_programme(a_session()), a_programme(a_session(**changed)))

    assert (change.what, change.fields) == (What.CHANGED, (field,))
    assert all(change.field_labels)


def test_every_field_that_may_change_has_a_name():
    names = {f.name for f in dataclasses.fields(SessionFacts)}
    from program.changes import BOOKKEEPING, FIELD_NAMES, PLACE_AND_TIME

    assert names - {*BOOKKEEPING, *PLACE_AND_TIME} == set(FIELD_NAMES) - {"room_name"}


def test_a_session_that_moves_and_changes_is_one_move_that_tells_both():
    after = a_session(room="b", title=Words("Autre titre", "分论坛"))

    change = the_change(a_programme(a_session()), a_programme(after))

    assert (change.what, change.fields) == (What.MOVED, ("title",))
    assert change.title.fr == "Autre titre"


def test_counting_the_changes_is_no_change():
    counted = a_session(sequence=3, changed_at=dt.datetime(2018, 10, 15, tzinfo=dt.UTC), short_code="ZZZ999")

    assert compare(a_programme(a_session()), a_programme(counted)) == []


def test_added_dropped_and_back_are_three_things():
    old, new, again = a_session("old"), a_session("new"), a_session("again")

    changes = compare(a_programme(old, dropped=(again,)), a_programme(new, again))

    assert [(c.what, c.guid) for c in changes] == [
        (What.ADDED, "new"),
        (What.RETURNED, "again"),
        (What.DROPPED, "old"),
    ]
    assert changes[0].before is None
    assert changes[2].after is None


# --- Where it is --------------------------------------------------------------------------------


def test_the_same_room_under_another_name_is_a_move():
    renamed = {"a": Words("Salle Malraux", "马尔罗厅")}

    change = the_change(a_programme(a_session()), a_programme(a_session(), rooms=renamed))

    assert change.what == What.MOVED


def test_the_same_room_in_another_building_is_a_move():
    change = the_change(a_programme(a_session()), a_programme(a_session(), venue="Centre de congrès"))

    assert change.what == What.MOVED


@pytest.mark.parametrize(
    "name", [Words("Salle A", "A号厅"), Words("Salle A", ""), Words("salle  a", "A厅")], ids=str
)
def test_a_name_that_is_translated_or_tidied_moves_nobody(name):
    change = the_change(a_programme(a_session()), a_programme(a_session(), rooms={"a": name}))

    assert (change.what, change.fields) == (What.CHANGED, ("room_name",))


@pytest.mark.parametrize(
    ("language", "spot", "words"),
    [
        (
            "fr",
            Spot(DAY, dt.time(9), dt.time(10, 30), Words("Salle A", "A厅"), Words("Hôtel de Région", "大厦")),
            f"mercredi{NB}12{NB}décembre 2018, 9{NB}h{NB}– 10{NB}h{NB}30, Salle A, Hôtel de Région",
        ),
        (
            "zh-hans",
            Spot(DAY, dt.time(9), dt.time(10, 30), Words("Salle A", "A厅"), Words("Hôtel de Région", "大厦")),
            "09:00—10:30",
        ),
        (
            "fr",
            Spot(DAY, dt.time(19), None, Words("Atrium", "中庭"), Words("Atrium", "中庭")),
            f"mercredi{NB}12{NB}décembre 2018, 19{NB}h, Atrium",
        ),
    ],
)
def test_a_place_and_time_is_said_as_one_writes_it(language, spot, words):
    assert words in spot.in_words(language)


def test_what_is_open_is_said_in_the_language_asked_for_whatever_the_page_speaks():
    open_spot = Spot(DAY, None, None, Words())

    with translation.override("zh-hans"):
        on_a_chinese_page = open_spot.in_words("fr")
    with translation.override("fr"):
        on_a_french_page = open_spot.in_words("fr")

    assert on_a_chinese_page == on_a_french_page
    assert on_a_french_page.count(",") == 2


def test_changes_are_kept_with_a_release_and_come_back():
    before = a_programme(a_session("1"), a_session("2"), a_session("3"), dropped=(a_session("5"),))
    after = a_programme(
        a_session("1", room="b"), a_session("2", seats=3), a_session("4"), a_session("5", starts_at=None)
    )
    changes = compare(before, after)

    assert len(changes) == 5
    assert from_plain(json.loads(json.dumps(to_plain(changes)))) == changes

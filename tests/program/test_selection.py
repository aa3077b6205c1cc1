"""What a reader of the programme chooses to see."""

import datetime as dt

import pytest
from django.http import QueryDict

from program.selection import AT_ONCE, Selection
from tests.program.showing import THURSDAY, a_programme, a_workshop, an_item


@pytest.fixture
def programme(edition):
    return a_programme(
        edition,
        an_item("Inauguration"),
        a_workshop("Atelier"),
        an_item("Dîner", starts_at=None, ends_at=None, room="", kind="meal"),
        an_item("Clôture", day=THURSDAY),
    )


def chosen(programme, query):
    return [s.title.fr for s in Selection.of(QueryDict(query), programme).sessions(programme)]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Inauguration", "Atelier", "Dîner", "Clôture"]),
        ("quand=2018-12-13", ["Clôture"]),
        ("theme=ville", ["Atelier"]),
        ("ou=region", ["Inauguration", "Atelier", "Clôture"]),
        ("type=meal", ["Dîner"]),
        ("type=meal&quand=2018-12-13", []),
        ("par=theme", ["Atelier", "Inauguration", "Dîner", "Clôture"]),
        ("par=lieu", ["Inauguration", "Clôture", "Atelier", "Dîner"]),
    ],
)
def test_each_choice_narrows_and_each_way_orders(programme, query, titles):
    assert chosen(programme, query) == titles


@pytest.mark.parametrize(
    "query",
    [
        "quand=demain",
        "theme=%00",
        "par=x",
        "page=0",
        "page=99999",
        "page=-1",
        "type=abandoned",
        "ou=" + "9" * 5000,
    ],
)
def test_what_there_is_not_is_left_out_and_said(programme, query):
    selection = Selection.of(QueryDict(query), programme)

    assert not selection.is_known
    assert len(selection.sessions(programme)) == 4


def test_our_own_links_write_a_selection_in_one_way(programme):
    asked = Selection.of(QueryDict("type=parallel&theme=ville&par=jour"), programme)

    assert asked.query == "?theme=ville&type=parallel"
    assert asked.by_way("lieu") == "?par=lieu&theme=ville&type=parallel"
    assert Selection().by_way("jour") == "?"


def test_groups_say_also_what_belongs_nowhere(programme):
    selection = Selection(by="lieu")

    groups = selection.groups(programme, selection.sessions(programme))

    assert [(g.code, len(g.sessions)) for g in groups] == [("pleniere", 2), ("salle-a", 1), ("sans-lieu", 1)]


def test_a_day_has_its_bands_and_what_has_no_hour(programme):
    selection = Selection()

    wednesday, thursday = selection.groups(programme, selection.sessions(programme))

    assert [band.starts for band in wednesday.bands] == [dt.time(9), dt.time(14)]
    assert [s.title.fr for s in wednesday.without_hour] == ["Dîner"]
    assert thursday.day == THURSDAY


def test_a_large_programme_is_read_in_pages(edition):
    items = [an_item() for _unused in range(AT_ONCE + 5)]
    programme = a_programme(edition, *items)
    selection = Selection(page=2)

    page = selection.page_of(selection.sessions(programme))

    assert len(page) == 5
    assert not page.has_next()

"""The programme in Excel."""

import dataclasses
import datetime as dt
import io

import openpyxl
import pytest

from program.exports.spreadsheet import workbook
from program.programme import Part, Words
from tests.program.showing import WEDNESDAY, a_programme, a_stamp, a_workshop, an_item


def read(programme, language="fr"):
    return openpyxl.load_workbook(io.BytesIO(workbook(programme, a_stamp(programme), language=language)))


@pytest.fixture
def programme(edition):
    parts = (Part("speech", Words("Allocution", "致辞"), 10, False),)
    return a_programme(
        edition, an_item("Inauguration", "开幕式", parts=parts), a_workshop("Atelier", "分论坛")
    )


def test_days_and_hours_are_real(programme):
    page = read(programme).worksheets[0]

    assert page["A2"].value == dt.datetime.combine(WEDNESDAY, dt.time())
    assert page["A2"].is_date
    assert page["A2"].number_format == "dd/mm/yyyy"
    assert (page["B2"].value, page["C2"].value) == (dt.time(9), dt.time(10))
    assert page["B2"].number_format == "hh:mm"


def test_both_titles_stand_there_whatever_the_language_of_the_headings(programme):
    french, chinese = read(programme, "fr").worksheets[0], read(programme, "zh-hans").worksheets[0]

    assert (
        [c.value for c in french[2]][3:5] == [c.value for c in chinese[2]][3:5] == ["Inauguration", "开幕式"]
    )
    assert chinese["A2"].number_format == 'yyyy"年"m"月"d"日"'


def test_headings_stay_in_view_and_filter(programme):
    page = read(programme).worksheets[0]

    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref.startswith("A1:")
    assert page.auto_filter.ref.endswith("3")
    assert all(page.column_dimensions[letter].width >= 9 for letter in "ABCDE")


def test_there_is_a_sheet_for_each_view(programme):
    book = read(programme)

    assert len(book.worksheets) == 5
    by_theme = book.worksheets[1]
    assert [row[4] for row in by_theme.iter_rows(min_row=2, values_only=True)] == ["Atelier"]
    assert [row[5] for row in book.worksheets[3].iter_rows(min_row=2, values_only=True)] == ["Allocution"]


def test_an_open_hour_is_an_empty_cell(edition):
    page = read(a_programme(edition, an_item(starts_at=None, ends_at=None))).worksheets[0]

    assert (page["B2"].value, page["C2"].value) == (None, None)


@pytest.mark.parametrize("title", ["=1+1", "+33", "-2", "@cmd", "\tx", "\x0b=1+1", "\uffff=1+1"])
def test_nothing_can_be_taken_for_a_formula(edition, title):
    session = dataclasses.replace(an_item(), title=Words(title, title), summary=Words(title))

    book = read(a_programme(edition, session))

    values = [c for page in book.worksheets for row in page.iter_rows(values_only=True) for c in row]
    assert not [v for v in values if isinstance(v, str) and v.startswith(("=", "+", "-", "@", "\t"))]


def test_it_says_which_release_it_is(programme):
    about = {row[0]: row[1] for row in read(programme).worksheets[4].iter_rows(values_only=True)}

    assert a_stamp(programme).hash in about.values()


@pytest.mark.parametrize("sign", ["\x0b", "\x7f", "\ufffe", "\uffff"], ids=ascii)
def test_what_a_release_froze_by_mistake_does_not_break_the_file(edition, sign):
    session = dataclasses.replace(an_item(), title=Words(f"a{sign}b"))
    edition.name_fr = f"Assises{sign}"

    assert read(a_programme(edition, session)).worksheets[0]["D2"].value == "ab"

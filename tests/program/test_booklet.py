"""The booklet: how it lies on paper, and how it says things in each language."""

import dataclasses
import datetime as dt
import re

import page as conformance
import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from program import documents
from program.documents.booklet import TEMPLATE, contents, folded
from program.documents.days import plan
from program.programme import Words
from tests.pdf import needs_pdftotext
from tests.printed_factories import a_programme, a_stamp, session_facts, visit_facts, workshop_facts
from tests.program.printed import (
    BOOKLETS,
    BOTH,
    CHINESE,
    FRENCH,
    POINTS_PER_MM,
    PROGRAMME,
    booklet_of,
    made,
)
from tests.program.showing import WEDNESDAY


@pytest.mark.parametrize("name", BOOKLETS)
def test_a_booklet_is_a5_and_folds_from_sheets_of_four_pages(name):
    pages = made(name).pages

    assert len(pages) % 4 == 0
    for written in pages:
        box = re.search(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", written)
        assert box is not None
        assert (float(box[1]), float(box[2])) == pytest.approx(
            (148 * POINTS_PER_MM, 210 * POINTS_PER_MM), abs=0.1
        )


class Page:
    """Stands for a page that was laid out, with the anchors that are on it."""

    def __init__(self, *anchors: str) -> None:
        self.anchors = dict.fromkeys(anchors, (0, 0))


@pytest.mark.parametrize(("inside", "kept"), [(9, 3), (10, 2), (11, 1), (12, 0), (80, 0)])
def test_pages_for_notes_fill_the_last_sheet_and_no_other_page_is_ever_left_out(inside, kept):
    pages = (
        [Page("day") for _ in range(inside - 1)] + [Page(f"notes-{n}") for n in range(3)] + [Page("release")]
    )

    left = folded(pages)

    assert [page for page in pages if page not in left and "notes-" not in str(page.anchors)] == []
    assert len(left) == inside + kept
    assert list(left[-1].anchors) == ["release"]


def test_the_inner_margins_are_the_wide_ones():
    pdf = made("booklet, French")

    lefts = {}
    for number in (2, 3):
        contents = re.search(r"/Contents (\d+) 0 R", pdf.pages[number - 1])
        assert contents is not None
        drawn = pdf.streams[int(contents[1])][1].decode("latin-1")
        lefts[number] = min(float(x) for x in re.findall(r"1 0 0 -1 ([\d.]+) [\d.]+ Tm", drawn)) * 25.4 / 96
    assert lefts[2] == pytest.approx(15, abs=0.5)
    assert lefts[3] == pytest.approx(22, abs=0.5)


@needs_pdftotext
@pytest.mark.parametrize(("name", "column"), [("booklet, French", "fr"), ("booklet, Chinese", "zh")])
def test_the_contents_give_the_page_on_which_each_item_stands(name, column):
    pdf = made(name)

    titles = [getattr(s.title, column) for s in PROGRAMME.sessions if not s.is_visit]
    told = {title: [line for line in pdf.lines(2) if f"{title} " in line] for title in titles}

    assert [title for title, found in told.items() if len(found) != 1] == []
    pages = {title: int(line.rpartition(" ")[2]) for title, [line] in told.items()}
    assert [title for title, number in pages.items() if title not in pdf.text(number)] == []


@needs_pdftotext
def test_each_day_begins_on_a_page_of_its_own():
    pdf = made("booklet, French")

    days = [f"{day} décembre 2018" for day in ("ardi 11", "ercredi 12", "eudi 13")]
    pages = [next(n for n in range(3, len(pdf.pages) + 1) if day in pdf.text(n)[:250]) for day in days]
    assert pages == sorted(set(pages))


@needs_pdftotext
def test_both_languages_stand_item_by_item_the_french_first():
    text = made("booklet, both").text()

    body = text[text.index("Ouverture des Assises") - 400 :]
    assert body.index("Ouverture des Assises") < body.index("论坛开幕。") < body.index("Atelier agriculture")


@needs_pdftotext
def test_each_language_puts_its_own_side_first():
    french, chinese = made("booklet, French").text(), made("booklet, Chinese").text()

    assert french.rindex("Solène Référent") < french.rindex("孙样例")
    assert chinese.rindex("孙样例") < chinese.rindex("Solène Référent")


@needs_pdftotext
def test_who_is_confirmed_is_named_and_who_is_not_stands_by_function():
    text = made("booklet, French").text()

    assert "Oriane Parcours, directrice du tourisme, Montpellier" in text
    assert "Représentant de la province, Province du Sichuan" in text
    assert "旅游局局长 Oriane Parcours" in made("booklet, Chinese").text()


@pytest.mark.parametrize(("languages", "narrow"), [(FRENCH, True), (CHINESE, False)])
def test_french_has_the_spaces_of_french_print_and_chinese_none(languages, narrow):
    programme = a_programme(session_facts("Et après ?", "之后？", summary=Words("Venez !", "欢迎！")))

    with translation.override(languages[0]):
        html = render_to_string(TEMPLATE, contents(programme, a_stamp(programme), languages))

    assert ("Et après\u202f?" in html, "Venez\u202f!" in html) == (narrow, narrow)
    assert "Et après ?" not in html


@needs_pdftotext
def test_organisers_and_those_who_support_them_are_never_in_one_list():
    elements = made("booklet, French").text()

    assert (
        elements.index("APCAE")
        < elements.rindex("Région Occitanie")
        < elements.rindex("Ministère de l’Europe")
    )
    with translation.override("fr"):
        between = elements[elements.rindex("Région Occitanie") : elements.rindex("Ministère de l’Europe")]
        assert _("With the support of") in between


def test_an_empty_programme_is_printed_all_the_same():
    programme = dataclasses.replace(PROGRAMME, sessions=(), venues=(), rooms=(), themes=())

    stamp = a_stamp(programme, approvals=(), purpose=Words())

    for make in (documents.room_sheets, documents.visit_sheets):
        assert conformance.is_pdf_compliant_bytes(make(programme, stamp), profile="ua1")
    assert conformance.is_pdf_compliant_bytes(
        documents.booklet(programme, stamp, languages=BOTH), profile="ua1"
    )


def test_what_organisers_type_is_text_and_nothing_else():
    typed = "<b>Gras</b> & {{ nom }} <img src='file:///etc/passwd'>"

    pdf = booklet_of(a_programme(session_facts(typed, typed), visit_facts(typed, "")))

    assert pdf.text().count("<b>Gras</b> & {{ nom }}") >= 3


# --- How a day is laid out ------------------------------------------------------------------------------


def test_workshops_to_choose_from_stand_side_by_side_in_the_order_of_their_themes():
    hours = {"starts_at": dt.time(14), "choice_group": "workshops"}
    programme = a_programme(
        workshop_facts("Ville", "城市", theme="city", **hours),
        session_facts("Visite libre", "参观", starts_at=dt.time(14)),
        workshop_facts("Agriculture", "农业", theme="agriculture", **hours),
    )

    day = plan(programme, WEDNESDAY)

    assert [[s.title.fr for s in group.sessions] for group in day.groups] == [
        ["Agriculture", "Ville"],
        ["Visite libre"],
    ]
    assert [group.is_side_by_side for group in day.groups] == [True, False]


def test_what_has_no_hour_comes_last():
    programme = a_programme(
        session_facts(starts_at=None, ends_at=None), session_facts("Tard", starts_at=dt.time(22))
    )

    day = plan(programme, WEDNESDAY)

    assert [group.first.title.fr for group in day.groups] == ["Tard"]
    assert len(day.open) == 1


def test_three_workshops_at_once_are_a_choice_one_below_the_other():
    programme = a_programme(*(workshop_facts(f"Atelier {n}", "", choice_group="w") for n in range(3)))

    [group] = plan(programme, WEDNESDAY).groups

    assert (group.is_choice, group.is_side_by_side) == (True, False)

"""What every document of the programme keeps to: accessible, complete in its signs, known by its release."""

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import page as conformance
import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from assises import loading
from assises.documents import ORIGIN, static_path
from program import documents, snapshot
from program.content import to_content
from program.enums import ReleaseKind
from program.programme import Words
from tests.pdf import Pdf, needs_pdftotext
from tests.printed_factories import (
    a_programme,
    session_facts,
)
from tests.program.printed import (
    BOOKLETS,
    CHINESE,
    FRENCH,
    MAKERS,
    OUR_FACES,
    PROGRAMME,
    STAMP,
    booklet_of,
    made,
)

# --- For who does not see it ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKERS)
def test_a_document_conforms_to_pdf_ua(name):
    report = conformance.validate_pdf_bytes(made(name).data, profile="ua1")

    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize(
    ("name", "tag", "other"), [("booklet, French", "fr", "zh-Hans"), ("booklet, Chinese", "zh-Hans", "fr")]
)
def test_a_document_says_its_language_and_each_change_of_it(name, tag, other):
    pdf = made(name)

    assert f"/Lang ({tag})" in pdf.catalog
    assert "/DisplayDocTitle true" in pdf.catalog
    languages = {m[1] for element in pdf.elements if (m := re.search(r"/Lang \((.*?)\)", element))}
    assert other in languages


def test_in_a_booklet_in_both_languages_each_text_says_its_own():
    tagged = [m[1] for e in made("booklet, both").elements if (m := re.search(r"/Lang \((.*?)\)", e))]

    assert set(tagged) == {"fr", "zh-Hans"}
    assert tagged.count("zh-Hans") > 50


def test_french_that_stands_in_a_chinese_booklet_is_read_with_a_french_voice():
    programme = a_programme(session_facts(summary=Words("Pas encore traduit.")), themes=())
    before = a_programme(session_facts(summary=Words("Pas encore traduit.", "已翻译。")), themes=())

    french = [booklet_of(p, CHINESE).elements for p in (programme, before)]

    counts = ["".join(elements).count("/Lang (fr)") for elements in french]
    assert counts[0] == counts[1] + 1


@pytest.mark.parametrize("name", BOOKLETS)
def test_the_facts_of_a_visit_are_a_table_whose_cells_know_their_headers(name):
    elements = made(name).elements

    cells = [element for element in elements if "/S /TD" in element]
    assert cells
    assert [cell for cell in cells if not re.search(r"/Headers \[\(", cell)] == []


@pytest.mark.parametrize("name", MAKERS)
def test_a_link_says_where_it_leads(name):
    links = made(name).of_type("Annot")

    said = [re.search(r"/Contents (\(.*?\)|<[0-9a-f]+>)", link) for link in links]
    assert [match for match in said if match is None or match[1].startswith("(s-")] == []
    assert bool(links) == (name in BOOKLETS)


@pytest.mark.parametrize("name", BOOKLETS)
def test_the_bookmarks_are_the_days_their_items_and_the_sections(name):
    bookmarks = made(name).bookmarks

    day = "2018年12月12日" if name == "booklet, Chinese" else "12\u00a0décembre 2018"
    assert len([title for title in bookmarks if day in title]) == 1
    title = "卡尔卡松" if name == "booklet, Chinese" else "Carcassonne"
    assert [found for found in bookmarks if title in found]


# --- Each sign is there ---------------------------------------------------------------------------------


def path_of(face: str) -> Path:
    file = face.replace("Assises-Hanzi", "NotoSansSC").replace("Assises-Latin", "AssisesLatin")
    file += "" if file.endswith("-Bold") else "-Regular"
    path = static_path(f"{ORIGIN}/static/assises/fonts/{file}.woff2")
    assert path is not None, f"{face} is not a face of ours"
    return path


@cache
def signs_of(face: str) -> frozenset[int]:
    return frozenset(TTFont(path_of(face)).getBestCmap())


@pytest.mark.parametrize(
    "face", ["Assises-Latin", "Assises-Latin-Bold", "Assises-Hanzi", "Assises-Hanzi-Bold"]
)
def test_a_sign_has_one_number_in_a_face_by_place_and_by_name(face):
    """WeasyPrint asks for a glyph by its place, as some readers do; others take that for the CID (ISO 32000, 9.7.4.2).

    Where both differ, those others show other signs, or none.
    """
    top = TTFont(path_of(face))["CFF "].cff.topDictIndex[0]

    assert top.charset == [".notdef", *(f"cid{place:05}" for place in range(1, len(top.charset)))]


def missing(pdf: Pdf) -> set[str]:
    """What is drawn from a face that has no such sign, or as the box that stands for a missing one."""
    found = set()
    for face, glyphs in pdf.drawn.items():
        for glyph, text in glyphs.items():
            if glyph == 0:
                found.add(f".notdef in {face}")
            found.update(sign for sign in text if ord(sign) not in signs_of(face))
    return found


@pytest.mark.parametrize("name", MAKERS)
def test_each_sign_is_in_the_face_that_draws_it(name):
    pdf = made(name)

    assert set(pdf.drawn) <= OUR_FACES
    assert sum(len(glyphs) for glyphs in pdf.drawn.values()) > 50
    assert missing(pdf) == set()


def test_a_hanzi_that_our_face_lacks_is_found():
    rare = "\U00020bb7"
    assert ord(rare) not in signs_of("Assises-Hanzi")

    pdf = booklet_of(a_programme(session_facts("Séance", f"场次{rare}")), CHINESE)

    # Another face of the machine draws it, or the box of a missing sign stands for it.
    assert set(pdf.drawn) - OUR_FACES or missing(pdf)


@pytest.mark.django_db
def test_our_faces_have_every_sign_of_the_demonstration():
    edition = loading.load(loading.DATA / "toulouse-2018", with_people=True)

    content = to_content(snapshot.read(edition))

    signs = {sign for text in texts_in(content) for sign in text if sign.isprintable()}
    ours = signs_of("Assises-Latin") | signs_of("Assises-Hanzi")
    bold = signs_of("Assises-Latin-Bold") | signs_of("Assises-Hanzi-Bold")
    assert sorted(sign for sign in signs if ord(sign) not in ours & bold) == []


def texts_in(content: Any) -> Iterator[str]:
    match content:
        case dict():
            for value in content.values():
                yield from texts_in(value)
        case list():
            for value in content:
                yield from texts_in(value)
        case str():
            yield content


# --- What it says of itself -----------------------------------------------------------------------------


@needs_pdftotext
@pytest.mark.parametrize("name", BOOKLETS)
def test_the_release_is_told_on_the_back(name):
    text = made(name).text()

    assert STAMP.hash in text
    assert "Solène Référent" in text
    assert "孙样例" in text
    if name != "booklet, Chinese":
        assert STAMP.purpose.fr in text
        assert "lundi 1er octobre 2018 à 11 h (UTC+2)" in text
        assert "lundi 1er octobre 2018 à 17 h (UTC+8)" in text
    if name != "booklet, French":
        assert STAMP.purpose.zh in text
        assert "2018年10月1日（星期一）17:00（UTC+8）" in text


@needs_pdftotext
@pytest.mark.parametrize("name", MAKERS)
def test_every_page_inside_says_of_which_release_it_is(name):
    pdf = made(name)

    inside = range(2, len(pdf.pages)) if name in BOOKLETS else range(1, len(pdf.pages) + 1)
    assert [number for number in inside if STAMP.short_hash not in pdf.text(number)] == []


@needs_pdftotext
def test_the_cover_of_a_draft_says_so_and_which_pair_is_incomplete():
    cover = made("booklet, French").text(1)

    with translation.override("fr"):
        kind = str(ReleaseKind.TRAVEL_DRAFT.label)
        gap = _("%(title)s: the Chinese half of the pair is still to be found.")
    assert kind[1:] in cover
    assert gap % {"title": "Atelier ville durable"} in cover
    assert "中法地方政府合作高层论坛" in cover
    assert STAMP.short_hash in cover


@needs_pdftotext
def test_the_cover_of_a_final_programme_speaks_of_no_draft():
    pdf = booklet_of(a_programme(session_facts()), kind="final", purpose=Words())

    with translation.override("fr"):
        draft, kind = (
            _("This is a draft: it may still change, and what is open is marked."),
            ReleaseKind.FINAL.label,
        )
    assert draft not in pdf.text(1)
    assert str(kind)[1:] in pdf.text(1)


def test_the_same_release_gives_the_same_bytes():
    assert [name for name, make in MAKERS.items() if make() != made(name).data] == []


def test_another_release_is_another_file():
    again = documents.booklet(PROGRAMME, dataclasses.replace(STAMP, number=4), languages=FRENCH)

    assert again != made("booklet, French").data


def test_the_date_of_the_file_is_that_of_the_release():
    [info] = [o for o in made("booklet, French").objects.values() if "/CreationDate" in o]

    assert "/CreationDate (D:20181001110000+02'00)" in info

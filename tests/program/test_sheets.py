"""The sheets that hang at doors, and those on which both sides judge a visit."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from program import documents
from program.services.files import KINDS
from tests.pdf import Pdf, needs_pdftotext
from tests.printed_factories import a_programme, a_stamp, session_facts
from tests.program.printed import PROGRAMME, STAMP, made
from tests.program.showing import THURSDAY


@needs_pdftotext
def test_a_door_has_a_page_for_each_day_with_its_room_its_hours_and_both_scripts():
    programme = a_programme(
        session_facts("Inauguration", "开幕式"), session_facts("Clôture", "闭幕式", day=THURSDAY)
    )

    pdf = Pdf(documents.room_sheets(programme, a_stamp(programme)))

    assert len(pdf.pages) == 2
    for number, words in (
        (1, ["Inauguration", "开幕式", "12 décembre"]),
        (2, ["Clôture", "闭幕式", "13 décembre"]),
    ):
        text = pdf.text(number).replace("\u00a0", " ")
        assert [
            w for w in [*words, "Salle plénière", "全体会议厅", "9 h – 10 h", "09:00—10:00"] if w not in text
        ] == []


@needs_pdftotext
def test_what_has_no_hour_or_no_room_is_on_no_door():
    programme = a_programme(
        session_facts("Dîner", starts_at=None, ends_at=None),
        session_facts("Spectacle", room=""),
        session_facts("Clôture"),
    )

    text = Pdf(documents.room_sheets(programme, a_stamp(programme))).text()

    assert "Clôture" in text
    assert "Dîner" not in text
    assert "Spectacle" not in text


@needs_pdftotext
def test_a_room_for_informal_meetings_says_how_to_take_a_half_hour():
    pdf = made("doors")

    with translation.override("fr"):
        how = _(
            "For tourism professionals, by half-hours. Choose a free half-hour on the board of rooms, on the site of the Assises or at the welcome desk."
        )
    told = [number for number in (1, 2) if how in pdf.text(number)]
    assert told == [2]


def test_the_name_of_a_room_is_read_from_three_metres():
    [contents] = re.findall(r"/Contents (\d+) 0 R", made("doors").pages[0])

    sizes = [
        float(size) * 0.75
        for size in re.findall(r"/\w+ ([\d.]+) Tf", made("doors").streams[int(contents)][1].decode("latin-1"))
    ]

    # A capital is seven tenths of the size: 64 points make 16 mm.
    assert max(sizes) >= 54
    assert len([size for size in sizes if size >= 24]) > 4


@needs_pdftotext
def test_each_visit_has_its_page_with_boxes_for_both_sides():
    pdf = made("visits")

    assert len(pdf.pages) == 2
    assert "95 km" in pdf.text(1).replace("\u00a0", " ")
    assert "95公里" in pdf.text(1) or "95 km" in pdf.text(1)
    # Cahors is kept by one side and not by the other; Carcassonne waits for an answer: three boxes are ticked.
    assert pdf.text().count("×") == 3


@needs_pdftotext
def test_one_visit_is_printed_alone():
    visit = next(session for session in PROGRAMME.sessions if session.title.fr == "Cahors")

    pdf = Pdf(documents.visit_sheet(PROGRAMME, STAMP, visit.code))

    assert len(pdf.pages) == 1
    assert "卡奥尔" in pdf.text()


def test_what_is_no_visit_has_no_sheet():
    other = next(session for session in PROGRAMME.sessions if not session.is_visit)

    with pytest.raises(KeyError):
        documents.visit_sheet(PROGRAMME, STAMP, other.code)
    with pytest.raises(KeyError):
        documents.visit_sheet(PROGRAMME, STAMP, "nowhere")


@pytest.mark.parametrize(
    "name",
    [
        "programme.fr.pdf",
        "programme.zh-hans.pdf",
        "programme-bilingue.pdf",
        "salles.pdf",
        "fiches-visites.pdf",
    ],
)
def test_every_document_is_a_file_of_the_release(name):
    assert KINDS[name].media_type == "application/pdf"
    assert KINDS[name].make(PROGRAMME, STAMP).startswith(b"%PDF")

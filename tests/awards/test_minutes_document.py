"""The minutes of the jury as a document: a draft, then for the archive."""

import hashlib
import json
import re

import pytest
from django.db import connection

from assises import files
from awards.models import JuryMinutes
from tests.award_factories import IN_CEREMONY
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.minutes_of_jury_factories import (
    in_sealed,
    printed,
    sign_all,
    signed,
    written,
)
from tests.pdf import Pdf, needs_pdftotext

pytestmark = pytest.mark.django_db


def pdf_of(minutes):
    minutes = printed(minutes)
    return Pdf(files.path_of(minutes.document).read_bytes())


@needs_pdftotext
def test_a_draft_says_so_across_each_page_and_what_is_signed_does_not(edition):
    minutes = written(in_sealed(edition))
    draft = pdf_of(minutes)
    pages = range(1, len(draft.pages) + 1)

    assert len(pages) > 1
    assert all("Projet 草案" in draft.text(page) for page in pages)
    assert [across(draft, page) for page in pages] == [True for _page in pages]
    kept = pdf_of(sign_all(minutes))
    assert "草案" not in kept.text()
    assert "Projet" not in kept.text()
    assert not across(kept, 1)


def across(pdf, page):
    """Whether something is drawn across a page, turned by 28 degrees."""
    number = int(re.findall(r"/Contents (\d+) 0 R", pdf.pages[page - 1])[0])
    return re.search(rb"0\.8829\d* -?0\.4694", pdf.streams[number][1]) is not None


@needs_pdftotext
def test_both_languages_have_the_same_articles(edition):
    text = pdf_of(signed(in_sealed(edition))).text()

    for heading in (
        "1. Objet et règlement 宗旨与评选办法",
        "4. Conflits d’intérêts 利益冲突",
        "8. Motions et votes 动议与表决",
        "9. Prix, mentions et listes de réserve 奖项、特别奖与候补名单",
        "13. Signatures 签署",
    ):
        assert heading in text


def test_what_is_signed_is_for_the_archive_with_its_data_attached(edition, tmp_path):
    minutes = signed(in_sealed(edition))
    document = pdf_of(minutes)

    xmp = next(content for head, content in document.streams.values() if "/Metadata" in head).decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    [data] = [content for head, content in document.streams.values() if "/EmbeddedFile" in head]
    assert hashlib.sha256(data).hexdigest() == minutes.digest
    assert json.loads(data) == minutes.content


def test_the_document_is_made_again_with_the_same_bytes(edition):
    minutes = printed(signed(in_sealed(edition)))
    first = files.path_of(minutes.document).read_bytes()
    JuryMinutes.objects.update(document=None)

    again = printed(minutes, at=IN_CEREMONY)

    assert files.path_of(again.document).read_bytes() == first


@needs_pdftotext
def test_a_sign_that_no_face_has_does_not_keep_the_minutes_from_being_made(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_application SET title_fr = 'Le thé 🍵' WHERE number = 1")
        cursor.execute("SET session_replication_role = DEFAULT")
    decided(call, 1)

    minutes = signed(seal(call))

    text = pdf_of(minutes).text()
    assert "Le thé 〓" in text
    assert "〓" in text.replace("Le thé 〓", "")  # and why
    assert minutes.content["titles"]["1"]["title"]["fr"] == "Le thé 🍵"

"""The bilingual document of minutes, as assistive techniques and printers find it."""

import re

import page as conformance
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from assises import minutes
from assises.minutes.document import contents, minutes_pdf
from assises.models import Minutes
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import a_meeting, an_item, sent_minutes, validated_minutes, written_minutes
from tests.pdf import Pdf, needs_pdftotext

pytestmark = pytest.mark.django_db


def again(found):
    return Minutes.objects.select_related("meeting__edition").get(pk=found.pk)


def html_of(found):
    with translation.override("fr"):
        return render_to_string("assises/pdf/minutes.html", {**contents(again(found)), "language": "fr"})


def test_both_languages_are_tagged_line_by_line(edition):
    found = sent_minutes(edition, lines=3)

    pdf = Pdf(minutes_pdf(again(found)))

    assert "/Lang (fr)" in pdf.catalog
    tagged = [re.search(r"/Lang \(([\w-]+)\)", e) for e in pdf.elements]
    languages = [match[1] for match in tagged if match]
    # A cell of each line in each language, and what stands above them.
    assert min(languages.count("fr"), languages.count("zh-Hans")) > 3


def test_french_and_chinese_of_a_line_stand_under_one_number_in_that_order(edition):
    found = sent_minutes(edition, lines=2)
    html = html_of(found)

    rows = re.findall(r"<tr>\s*<th scope=\"row\" class=\"number\".*?</tr>", html, re.DOTALL)

    for line, row in zip(found.lines.all(), rows, strict=True):
        assert f">{line.order}</th>" in row
        assert 0 < row.index('<td lang="fr">') < row.index(line.text_fr) < row.index('<td lang="zh-Hans">')
        assert row.index('<td lang="zh-Hans">') < row.index(line.text_zh_hans)


def test_sections_follow_the_parts_of_the_minutes(edition):
    meeting = a_meeting(edition)
    an_item(meeting, workstream="")
    an_item(meeting, workstream="showcase")
    found = minutes.write(meeting, at=NOW, by=a_member_of_staff())

    parts = contents(found)["parts"]

    assert [(part.workstream, [x.order for x in part.lines]) for part in parts] == [
        ("showcase", [1]),
        (None, [2]),
    ]


@pytest.mark.parametrize("make", [written_minutes, sent_minutes])
def test_a_draft_says_so_on_each_page(edition, make):
    html = html_of(make(edition))

    # The running head stands on each page.
    assert 'class="draft"' in html.partition('class="running-head"')[2].partition("</div>")[0]
    assert "SHA-256" not in html


def test_validated_minutes_carry_their_hash_and_are_no_draft(edition):
    done = validated_minutes(edition)

    html = html_of(done)

    assert "draft" not in html.partition("<body")[2]
    foot = html.partition('class="running-foot"')[2].partition("</div>")[0]
    assert done.digest in foot
    assert [x.side for x in contents(done)["accepted"]] == ["FR", "CN"]


def test_validated_minutes_give_the_same_bytes_each_time(edition):
    done = again(validated_minutes(edition))

    assert minutes_pdf(done) == minutes_pdf(done)


def test_what_people_typed_is_text_not_markup(edition):
    meeting = a_meeting(edition, title_fr="<b>Comité</b> & pilotage")
    an_item(meeting, text_fr="<script>alert(1)</script>", detail_zh_hans="<img src=x>")
    found = minutes.write(meeting, at=NOW, by=a_member_of_staff())

    html = html_of(found)

    assert "<script>" not in html
    assert "<img src=x>" not in html
    assert "&lt;b&gt;Comité" in html


@needs_pdftotext
def test_the_text_can_be_copied_in_both_languages(edition):
    found = sent_minutes(edition, lines=1)
    line = found.lines.get()

    text = Pdf(minutes_pdf(again(found))).text()

    assert line.text_fr in text
    assert line.text_zh_hans in text.replace(" ", "")


def test_thirty_lines_break_between_lines_over_several_pages(edition):
    found = sent_minutes(edition, lines=30)

    assert len(Pdf(minutes_pdf(again(found))).pages) > 1


@pytest.mark.parametrize("make", [sent_minutes, validated_minutes])
def test_it_conforms_to_pdf_ua(edition, make):
    report = conformance.validate_pdf_bytes(minutes_pdf(again(make(edition))), profile="ua1")

    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []

"""Each side answers line by line, on the page."""

import pytest

from assises import minutes
from assises.enums import Side
from assises.models import Verdict
from tests.assises.minutes.asking import answers, page_of, told
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    a_speaker_for,
    accept_all,
    commented,
    sent_minutes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_each_side_answers_and_the_last_click_freezes(edition, french, chinese):
    found = sent_minutes(edition)
    assert told(french.post(page_of(found), answers(found), follow=True)) == ["success"]

    page = chinese.post(page_of(found), {**answers(found, ""), "accept_rest": "1"}, follow=True)

    found.refresh_from_db()
    assert found.state == "validated"
    assert found.digest in page.text
    assert page_of(found, "minutes_pdf") in page.text
    assert not any(row.form for row in page.context["rows"])


def test_accepting_the_rest_leaves_what_i_commented_on(edition, french):
    found = sent_minutes(edition, lines=3)
    commented_before, comments_now, rest = found.lines.all()
    speaker = a_speaker_for(Side.FRENCH)
    minutes.give_verdicts(found, Side.FRENCH, commented(commented_before, "Avant."), at=NOW, by=speaker)
    sent = answers(found, "commented", commented_before)
    del sent["answer"]
    sent |= {f"l{commented_before.pk}-comment": "Avant.", f"l{comments_now.pk}-comment": "Maintenant."}

    french.post(page_of(found), {**sent, "accept_rest": "1"})

    said = Verdict.objects.order_by("line__order").values_list("line", "verdict", "comment")
    assert list(said) == [
        (commented_before.pk, "commented", "Avant."),
        (comments_now.pk, "commented", "Maintenant."),
        (rest.pk, "accepted", ""),
    ]


def test_whoever_accepts_at_last_need_not_take_their_comment_away(edition, french):
    found = sent_minutes(edition, lines=1)
    line = found.lines.get()
    minutes.give_verdicts(
        found, Side.FRENCH, commented(line, "Avant."), at=NOW, by=a_speaker_for(Side.FRENCH)
    )

    french.post(page_of(found), answers(found, **{f"l{line.pk}-comment": "Avant."}))

    assert Verdict.objects.get().verdict == "accepted"


def test_a_comment_on_the_wording_before_need_not_be_taken_away_either(edition, french):
    found = sent_minutes(edition, lines=1)
    line = found.lines.get()
    minutes.give_verdicts(
        found, Side.FRENCH, commented(line, "Avant."), at=NOW, by=a_speaker_for(Side.FRENCH)
    )
    opened = answers(found, **{f"l{line.pk}-comment": "Avant."})
    minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())

    page = french.post(page_of(found), opened)
    assert page.context["rows"][0].is_stale
    french.post(page_of(found), {**opened, f"l{line.pk}-revision": "2"})

    assert Verdict.objects.get(revision=2).verdict == "accepted"


def test_an_answer_to_a_wording_that_is_gone_loses_nothing(edition, french):
    found = sent_minutes(edition)
    line, other = found.lines.all()
    sent = answers(
        found, "commented", line, **{f"l{line.pk}-comment": "En mai ?", f"l{other.pk}-verdict": "accepted"}
    )
    minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())

    page = french.post(page_of(found), sent)

    assert page.status_code == 409
    assert not Verdict.objects.exists()
    rows = page.context["rows"]
    assert [row.is_stale for row in rows] == [True, False]
    assert rows[0].form["comment"].value() == "En mai ?"
    assert [row.form["verdict"].value() for row in rows] == ["commented", "accepted"]
    # Whoever has read the new wording and sends again means it.
    again = {**sent, f"l{line.pk}-revision": rows[0].form["revision"].value()}
    assert french.post(page_of(found), again).status_code == 302
    assert list(Verdict.objects.order_by("line__order").values_list("revision", flat=True)) == [2, 1]


@pytest.mark.parametrize(
    ("verdict", "comment"), [("commented", ""), ("commented", "x" * 501), ("accepted", "Mais…"), ("x", ""), ("commented", "a\x00b")]
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_told_at_its_line(edition, french, verdict, comment):
    found = sent_minutes(edition)
    line, _other = found.lines.all()

    page = french.post(page_of(found), answers(found, verdict, line, **{f"l{line.pk}-comment": comment}))

    assert [bool(row.form.errors) for row in page.context["rows"]] == [True, False]
    assert not Verdict.objects.exists()


def test_a_form_that_was_sent_after_the_freeze_says_so(edition, french):
    found = sent_minutes(edition)
    sent = answers(found)
    accept_all(found, Side.FRENCH)
    accept_all(found, Side.CHINESE)

    page = french.post(page_of(found), sent)

    assert page.status_code == 409
    assert str(page.context["refused"]) in page.text

"""Letters about minutes: each reader's language, both hours, and the way to the page."""

import pytest
from django.utils import translation

from assises import minutes
from assises.enums import Side
from assises.models import OutgoingEmail
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    a_speaker_for,
    accept_all,
    commented,
    send,
    sent_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db


def letters(event):
    return OutgoingEmail.objects.filter(event=f"assises/minutes_{event}").order_by("id")


def all_letters(edition):
    """One of each kind to each side: sent, worded anew, silent, validated."""
    sent = sent_minutes(edition, by=a_member_of_staff(language="fr"))
    minutes.escalate(at=NOW + 6 * DAY)
    line = sent.lines.first()
    for side in Side:
        minutes.give_verdicts(sent, side, commented(line), at=NOW, by=a_speaker_for(side))
    minutes.reword(
        line, {"text_fr": "Une autre phrase.", "text_zh_hans": "另一句话。"}, revision=1, at=NOW,
        by=a_member_of_staff(),
    )  # fmt: skip
    for side in Side:
        accept_all(sent, side)
    return sent


@pytest.mark.parametrize("event", ["sent", "reworded", "silent", "validated"])
def test_each_letter_speaks_the_language_of_its_reader_whoever_clicks(edition, event):
    with translation.override("fr"):
        found = all_letters(edition)

    of_event = letters(event)

    assert {x.language for x in of_event} == {"fr", "zh-hans"}
    for letter in of_event:
        title = found.meeting.title_zh_hans if letter.language == "zh-hans" else found.meeting.title_fr
        assert title in letter.subject
        assert title in "".join(letter.text.split("\n")) or title in " ".join(letter.text.split())
        assert title in letter.html
        assert f"/admin/reunions/{found.meeting.code}/releve/1/" in letter.text
        assert f"/admin/reunions/{found.meeting.code}/releve/1/" in letter.html


def test_a_new_wording_stands_in_the_letter_in_the_language_of_its_reader(edition):
    all_letters(edition)

    texts = {x.language: x.text for x in letters("reworded")}

    assert "Une autre phrase." in texts["fr"]
    assert "另一句话。" in texts["zh-hans"]


def test_the_deadline_is_told_on_both_clocks(edition):
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)
    send(draft, deadline_at=NOW + 7 * DAY)

    texts = {x.language: x.text for x in letters("sent")}

    assert "10\u00a0h" in texts["fr"]
    assert "16\u00a0h" in texts["fr"]
    assert "10:00" in texts["zh-hans"]
    assert "16:00" in texts["zh-hans"]


def test_a_side_that_never_answered_a_line_is_not_told_that_it_was_worded_anew(edition):
    sent = sent_minutes(edition)
    accept_all(sent, Side.CHINESE)

    minutes.reword(sent.lines.first(), {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())

    assert {x.language for x in letters("reworded")} == {"zh-hans"}


def test_whoever_is_told_is_told_once(edition):
    french = a_speaker_for(Side.FRENCH)
    draft = written_minutes(edition)
    a_speaker_for(Side.CHINESE)
    # Somebody may speak for a side and send the minutes too.
    sent = send(draft, by=french)
    minutes.escalate(at=NOW + 6 * DAY)
    accept_all(sent, Side.FRENCH, by=french)
    accept_all(sent, Side.CHINESE)

    for event, count in (("sent", 1), ("silent", 2), ("validated", 1)):
        # Of the silence of either side: their own, and, as the sender, of the other one.
        assert letters(event).filter(to_email=french.email).count() == count


def test_a_side_that_has_said_something_is_not_called_silent(edition):
    sent = sent_minutes(edition, by=a_member_of_staff(language="fr"))
    for side in Side:
        minutes.give_verdicts(sent, side, commented(sent.lines.first()), at=NOW, by=a_speaker_for(side))
    minutes.escalate(at=NOW + 8 * DAY)

    found = letters("silent")
    own = {x.language: x for x in found if x.to_email != sent.sent_by.email}
    to_sender = next(x for x in found if x.to_email == sent.sent_by.email)

    assert own["fr"].subject.startswith("Il manque des réponses de votre part")
    assert own["zh-hans"].subject.startswith("您尚有条目未作答复")
    assert "n’a pas répondu à toutes les lignes" in to_sender.subject
    assert not any("silencieu" in x.text + x.html + x.subject for x in found)


@pytest.mark.parametrize(("days", "said"), [(6, "Date limite"), (7, "La date limite est passée")])
def test_who_keeps_silent_is_told_whether_the_deadline_has_passed(edition, days, said):
    sent = sent_minutes(edition)
    minutes.escalate(at=NOW + days * DAY)

    letter = letters("silent").filter(language="fr").first()

    assert sent.deadline_at == NOW + 7 * DAY
    assert f"{said}\u00a0: " in letter.text
    assert f"{said}\u00a0: " in letter.html

"""What both sides were sent stays while they answer, each answers for itself, and nothing lands on another line."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from assises import accounts, minutes
from assises.enums import Side
from assises.exceptions import Refusal
from assises.minutes.meetings import FIELDS, change_meeting, mark_of
from assises.models import Edition, Meeting, Minutes, OutgoingEmail, Verdict
from assises.register import change, decide
from tests.assises.minutes.asking import page_of
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    a_meeting,
    a_speaker_for,
    accept_all,
    accepted,
    an_item,
    send,
    sent_minutes,
    validated_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db


def refused(statement, *values):
    """The name of the rule by which the database refuses it; empty where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


# --- The head of the minutes -----------------------------------------------------------------------------


def test_once_sent_the_meeting_stays_as_both_sides_read_it(edition, as_role):
    organiser = as_role(accounts.ORGANISERS)
    sent = sent_minutes(edition)
    accept_all(sent, Side.FRENCH)
    page = reverse("admin:meeting", args=[sent.meeting.code])
    typed = {b.html_name: b.value() or "" for b in organiser.get(page).context["form"]}

    answer = organiser.post(page, {**typed, "held_on": "2017-01-01", "attendance_zh_hans": ""})

    assert answer.context["form"].errors
    assert Meeting.objects.get(pk=sent.meeting_id).held_on == dt.date(2018, 3, 26)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_note_on_a_meeting_is_written_in_any_language_after_that(edition, language):
    validated = validated_minutes(edition)
    with translation.override(language):
        meeting = Meeting.objects.get(pk=validated.meeting_id)
        values = {name: getattr(meeting, name) for name in FIELDS} | {"note": "Salle froide."}
        change_meeting(meeting, values, seen=mark_of(meeting), at=NOW, by=a_member_of_staff())

    assert Meeting.objects.get(pk=meeting.pk).note == "Salle froide."


def test_meetings_do_not_follow_one_another_in_a_circle(edition):
    first = a_meeting(edition)
    second = a_meeting(edition, follows=first)
    values = {name: getattr(first, name) for name in FIELDS} | {"follows": second}

    with pytest.raises(Refusal):
        change_meeting(first, values, seen=mark_of(first), at=NOW, by=a_member_of_staff())


# --- By SQL ----------------------------------------------------------------------------------------------


def test_the_database_keeps_what_was_sent(edition):
    sent = sent_minutes(edition)
    line = sent.lines.first()
    of_minutes = "UPDATE assises_minutes SET {} WHERE id = %s"

    assert {
        refused(of_minutes.format("introduction_fr = 'autre'"), sent.pk),
        refused(of_minutes.format("deadline_at = deadline_at + interval '1 day'"), sent.pk),
        refused(of_minutes.format("state = 'draft', sent_at = NULL"), sent.pk),
        refused("DELETE FROM assises_minutesline WHERE id = %s", line.pk),
        refused('UPDATE assises_minutesline SET "order" = 9 WHERE id = %s', line.pk),
    } == {"assises_minutes_stay_as_sent"}
    assert refused("UPDATE assises_meeting SET held_on = '2017-01-01' WHERE id = %s", sent.meeting_id) == (
        "assises_meeting_stays"
    )


def test_the_database_lets_nobody_answer_for_the_other_side(edition):
    sent = sent_minutes(edition)
    french = a_speaker_for(Side.FRENCH)

    with pytest.raises(IntegrityError, match="assises_verdict_of_that_side"):
        Verdict.objects.create(
            line=sent.lines.first(), side="CN", revision=1, verdict="accepted", at=NOW, by=french
        )


def test_what_validated_minutes_name_keeps_its_name(edition):
    validated = validated_minutes(edition)
    item = validated.lines.first().item

    assert refused("UPDATE assises_edition SET code = 'autre' WHERE id = %s", edition.pk) == (
        "assises_edition_keeps_its_code"
    )
    assert refused("UPDATE assises_registeritem SET number = 900 WHERE id = %s", item.pk) == (
        "assises_registeritem_keeps_its_number"
    )
    assert minutes.verify(Minutes.objects.get(pk=validated.pk)) == ""


def test_the_page_of_the_edition_does_not_offer_what_the_database_refuses(edition, as_role):
    page = reverse("admin:assises_edition_change", args=[edition.pk])
    organiser = as_role(accounts.ORGANISERS)
    assert "code" in organiser.get(page).context["adminform"].form.fields

    validated_minutes(edition)

    assert "code" not in organiser.get(page).context["adminform"].form.fields
    assert Edition.objects.get(pk=edition.pk).code == edition.code


# --- One line and no other -------------------------------------------------------------------------------


def test_a_wording_never_lands_on_another_line(edition, as_role):
    draft = written_minutes(edition, 2)
    first = draft.lines.first()
    page = page_of(draft, "minutes_line", first.order)
    organiser = as_role(accounts.ORGANISERS)
    opened = organiser.get(page).context["form"]
    typed = {b.html_name: b.value() or "" for b in opened if b.name != "also_in_register"}
    early = an_item(draft.meeting, order=0, text_fr="Le quota est de 40 places.")
    organiser.post(page_of(draft), {"refresh": "1", "version": draft.version})

    answer = organiser.post(page, {**typed, "text_fr": "Le dîner : le Capitole.", "also_in_register": "on"})

    assert answer.context["form"].errors
    assert answer.context["form"]["text_fr"].value() == "Le dîner : le Capitole."
    early.refresh_from_db()
    assert early.text_fr == "Le quota est de 40 places."


def test_the_register_takes_over_what_was_changed_here_and_keeps_what_it_says_itself(edition):
    meeting = a_meeting(edition)
    item = an_item(meeting, kind="decision", status="proposed")
    draft = minutes.write(meeting, at=NOW, by=a_member_of_staff())
    item = change(item, {"due_on": dt.date(2018, 12, 1)}, version=item.version, at=NOW, by=None)
    decide(item, outcome_fr="Oui, à Toulouse", on=NOW.date(), version=item.version, at=NOW, by=None)
    line = draft.lines.get()

    minutes.reword(
        line, {"text_fr": "Autre texte"}, revision=line.revision, also_in_register=True, at=NOW, by=a_member_of_staff()
    )  # fmt: skip

    item.refresh_from_db()
    assert (item.text_fr, item.due_on, item.outcome_fr) == (
        "Autre texte",
        dt.date(2018, 12, 1),
        "Oui, à Toulouse",
    )


def test_whoever_edits_the_item_is_shown_what_the_minutes_made_of_it(edition, as_role):
    draft = written_minutes(edition, 1)
    line = draft.lines.get()
    page = reverse("admin:register_edit", args=[line.item.number])
    organiser = as_role(accounts.ORGANISERS)
    typed = {}
    for bound in organiser.get(page).context["form"]:
        typed[bound.html_name] = typed[f"initial-{bound.html_name}"] = bound.value() or ""
    minutes.reword(
        line, {"text_fr": "Texte du relevé"}, revision=1, also_in_register=True, at=NOW, by=a_member_of_staff()
    )  # fmt: skip

    answer = organiser.post(page, {**typed, "source": "S-1"})

    assert answer.status_code == 409
    assert "Texte du relevé" in [found.theirs for found in answer.context["comparison"].lines]


def test_a_draft_written_in_french_takes_the_wording_of_the_register_in_chinese(edition, as_role):
    meeting = a_meeting(edition)
    first, _second = an_item(meeting, order=1), an_item(meeting, order=2)
    draft = minutes.write(meeting, at=NOW, by=a_member_of_staff())
    first.order = 9
    first.save(update_fields=["order"])

    answer = as_role(accounts.ORGANISERS, language="zh-hans").post(
        page_of(draft), {"refresh": "1", "version": draft.version}
    )

    assert answer.status_code == 302
    assert [line.item_id for line in draft.lines.all()][-1] == first.pk


# --- Sending and silence ---------------------------------------------------------------------------------


def test_a_deadline_of_another_age_is_refused_at_its_field(edition, as_role):
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)

    answer = as_role(accounts.ORGANISERS).post(
        page_of(draft),
        {
            "send": "1",
            "send-deadline_at": "9999-12-31T23:59",
            "send-silent_days": "5",
            "send-version": draft.version,
        },
    )

    assert "deadline_at" in answer.context["sending"].errors


def test_where_nobody_can_speak_the_sender_hears_once_and_the_side_is_asked_when_it_has_somebody(edition):
    draft = written_minutes(edition, 1)
    a_speaker_for(Side.FRENCH)
    chinese, sender = a_speaker_for(Side.CHINESE), a_member_of_staff()
    sent = send(draft, by=sender)
    chinese.is_active = False
    chinese.save()
    OutgoingEmail.objects.all().delete()

    for days in (6, 7):
        minutes.escalate(at=NOW + days * DAY)
    to_sender = OutgoingEmail.objects.filter(to_email=sender.email, key__endswith="CN:nobody")
    assert to_sender.count() == 1
    assert "Personne ne peut" in to_sender.get().text
    sent.refresh_from_db()
    assert sent.chinese_escalated_at is None
    new = a_speaker_for(Side.CHINESE)
    minutes.escalate(at=NOW + 8 * DAY)

    assert OutgoingEmail.objects.filter(to_email=new.email).count() == 1


def test_a_side_that_owes_single_answers_is_asked_again_after_the_deadline(edition):
    sent = sent_minutes(edition, 3)
    french = a_speaker_for(Side.FRENCH)
    minutes.give_verdicts(sent, Side.FRENCH, accepted(sent.lines.all()[:1]), at=NOW, by=french)

    minutes.escalate(at=NOW + 6 * DAY)
    sent.refresh_from_db()
    assert sent.french_escalated_at is None
    minutes.escalate(at=NOW + 7 * DAY)

    sent.refresh_from_db()
    assert sent.french_escalated_at == NOW + 7 * DAY
    letter = OutgoingEmail.objects.filter(to_email=french.email, event="assises/minutes_silent").get()
    assert "à toutes les lignes" in letter.text

"""Minutes are written from the register, worded, sent."""

import datetime as dt

import pytest

from assises import minutes
from assises.enums import Side
from assises.exceptions import Refusal
from assises.minutes.writing import gaps
from assises.models import JournalEntry, Minutes, OutgoingEmail, RegisterItem
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    DEADLINE,
    a_meeting,
    a_speaker_for,
    accept_all,
    accepted,
    an_item,
    commented,
    send,
    sent_minutes,
    validated_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db


def letters(event):
    return OutgoingEmail.objects.filter(event=f"assises/minutes_{event}").order_by("id")


def test_a_line_for_each_item_raised_or_settled_there_in_the_order_of_the_minutes(edition):
    meeting, earlier = a_meeting(edition), a_meeting(edition)
    third = an_item(meeting, workstream="", order=0, number=7)
    second = an_item(meeting, workstream="assises", order=2, number=3)
    first = an_item(meeting, workstream="assises", order=1, number=9)
    settled = an_item(
        earlier, workstream="showcase", settled_at_meeting=meeting, settled_on=meeting.held_on,
        status="decided", outcome_fr="En mai.", outcome_zh_hans="五月。",
    )  # fmt: skip
    an_item(earlier)

    written = minutes.write(meeting, at=NOW, by=a_member_of_staff())

    lines = list(written.lines.order_by("order"))
    assert [line.item_id for line in lines] == [settled.pk, first.pk, second.pk, third.pk]
    assert [line.order for line in lines] == [1, 2, 3, 4]
    line = lines[0]
    assert (line.text_fr, line.text_zh_hans) == (settled.text_fr, settled.text_zh_hans)
    assert (line.outcome_zh_hans, line.status, line.workstream) == ("五月。", "decided", "showcase")


def test_what_the_register_says_later_changes_no_line_until_it_is_taken(edition):
    draft = written_minutes(edition, lines=2)
    line = draft.lines.first()
    item = RegisterItem.objects.get(pk=line.item_id)
    item.text_fr = "Le dîner est au Capitole."
    item.save()
    new = an_item(draft.meeting)

    line.refresh_from_db()
    assert line.text_fr != item.text_fr
    minutes.refresh(draft, version=draft.version, at=NOW, by=a_member_of_staff())

    line.refresh_from_db()
    assert (line.text_fr, line.revision) == (item.text_fr, 2)
    assert draft.lines.last().item_id == new.pk


def test_what_is_no_longer_of_the_meeting_goes_from_the_draft(edition):
    draft = written_minutes(edition, lines=2)
    gone, stays = draft.lines.all()
    RegisterItem.objects.filter(pk=gone.item_id).update(meeting=None)

    minutes.refresh(draft, version=draft.version, at=NOW, by=a_member_of_staff())

    assert [(x.pk, x.order) for x in draft.lines.all()] == [(stays.pk, 1)]


def test_one_draft_at_a_time_and_a_correction_after_validation(edition):
    done = validated_minutes(edition)

    correction = minutes.write(done.meeting, at=NOW, by=a_member_of_staff())

    assert correction.number == 2
    with pytest.raises(Refusal):
        minutes.write(done.meeting, at=NOW, by=a_member_of_staff())


def test_sending_writes_to_whoever_speaks_for_a_side_in_their_language(edition):
    french, chinese = a_speaker_for(Side.FRENCH), a_speaker_for(Side.CHINESE)
    a_speaker_for(Side.CHINESE, is_active=False)
    a_speaker_for(Side.CHINESE, is_staff=False)
    a_member_of_staff(is_superuser=True)
    draft = written_minutes(edition)

    sent = send(draft)

    assert (sent.state, sent.sent_at, sent.deadline_at) == ("sent", NOW, DEADLINE)
    found = {x.to_email: x for x in letters("sent")}
    assert set(found) == {french.email, chinese.email}
    assert (found[french.email].language, found[chinese.email].language) == ("fr", "zh-hans")
    assert draft.meeting.title_zh_hans in found[chinese.email].subject
    assert f"/admin/reunions/{draft.meeting.code}/releve/1/" in found[french.email].text


def _gap(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m.lines.all().delete(),
        lambda m: _gap(m.lines.first(), text_zh_hans="", revision=2),
        lambda m: _gap(m.lines.first(), detail_fr="Ceci.", revision=2),
        lambda m: _gap(m.lines.first(), outcome_zh_hans="这个。", revision=2),
        lambda m: _gap(m, introduction_fr="Voici."),
        lambda m: _gap(m.meeting, title_zh_hans=""),
        lambda m: _gap(m.meeting, attendance_fr=""),
    ],
)
def test_what_is_not_whole_in_both_languages_is_not_sent(edition, spoil):
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)
    spoil(draft)

    with pytest.raises(Refusal):
        send(draft)

    assert Minutes.objects.get().state == "draft"
    assert not letters("sent").exists()


@pytest.mark.parametrize("how", [{"deadline_at": NOW}, {"silent_days": 0}, {"version": 9}])
def test_a_day_that_has_passed_or_a_draft_that_nobody_has_seen_is_not_sent(edition, how):
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)

    with pytest.raises(Refusal):
        send(draft, **how)


@pytest.mark.parametrize("lacking", list(Side))
def test_nothing_is_sent_while_nobody_speaks_for_a_side(edition, lacking):
    draft = written_minutes(edition)
    a_speaker_for(next(side for side in Side if side != lacking))
    # Of the wrong side: the right alone does not make a speaker.
    a_speaker_for(lacking, side=next(side for side in Side if side != lacking))

    with pytest.raises(Refusal, match=str(lacking.label)):
        send(draft)


def test_every_gap_is_named(edition):
    draft = written_minutes(edition, lines=1)
    line = draft.lines.get()
    line.text_zh_hans = ""

    assert [(g.line, g.field, g.language) for g in gaps(draft, [line])] == [(line, "text", "zh-Hans")]


# --- Worded anew ------------------------------------------------------------------------------------------


def test_a_new_wording_makes_the_verdicts_due_anew_and_tells_who_had_answered(edition):
    sent = sent_minutes(edition)
    line, other = sent.lines.all()
    french = a_speaker_for(Side.FRENCH)
    minutes.give_verdicts(sent, Side.FRENCH, commented(line), at=NOW, by=french)
    item = RegisterItem.objects.get(pk=line.item_id)

    reworded = minutes.reword(
        line, {"text_fr": "Le dîner est au Capitole.", "due_on": dt.date(2018, 12, 1)},
        revision=1, at=NOW, by=a_member_of_staff(),
    )  # fmt: skip

    assert (reworded.revision, reworded.due_on) == (2, dt.date(2018, 12, 1))
    told = letters("reworded")
    assert {x.language for x in told} == {"fr"}
    assert "Le dîner est au Capitole." in told.first().text
    item.refresh_from_db()
    assert item.text_fr != reworded.text_fr
    minutes.give_verdicts(sent, Side.FRENCH, accepted([reworded, other]), at=NOW, by=french)
    assert [v.revision for v in reworded.verdicts.order_by("revision")] == [1, 2]


def test_the_register_is_worded_along_when_asked_and_keeps_its_status(edition):
    draft = written_minutes(edition, lines=1)
    line = draft.lines.get()
    item = RegisterItem.objects.get(pk=line.item_id)

    minutes.reword(
        line, {"text_fr": "Autre.", "text_zh_hans": "另外。", "status": "proposed"},
        revision=1, also_in_register=True, at=NOW, by=a_member_of_staff(),
    )  # fmt: skip

    item.refresh_from_db()
    assert (item.text_fr, item.text_zh_hans, item.status, item.version) == (
        "Autre.",
        "另外。",
        "to_be_defined",
        2,
    )
    line.refresh_from_db()
    assert line.status == "proposed"


def test_the_rules_of_the_register_hold_when_it_is_worded_along(edition):
    meeting = a_meeting(edition)
    an_item(
        meeting,
        status="abandoned",
        settled_on=meeting.held_on,
        outcome_fr="Trop cher.",
        outcome_zh_hans="太贵。",
    )
    line = minutes.write(meeting, at=NOW, by=a_member_of_staff()).lines.get()

    with pytest.raises(Refusal):
        minutes.reword(
            line, {"outcome_fr": "", "outcome_zh_hans": ""}, revision=1, also_in_register=True, at=NOW,
            by=a_member_of_staff(),
        )  # fmt: skip

    line.refresh_from_db()
    assert line.outcome_fr == "Trop cher."


def test_nothing_changed_is_no_new_wording(edition):
    sent = sent_minutes(edition)
    line = sent.lines.first()

    minutes.reword(
        line, {"text_fr": line.text_fr, "detail_fr": ""}, revision=1, at=NOW, by=a_member_of_staff()
    )

    line.refresh_from_db()
    assert line.revision == 1


@pytest.mark.parametrize("words", [{"text_zh_hans": ""}, {"detail_fr": "Seulement en français."}])
def test_what_was_sent_stays_in_both_languages(edition, words):
    line = sent_minutes(edition).lines.first()

    with pytest.raises(Refusal):
        minutes.reword(line, words, revision=1, at=NOW, by=a_member_of_staff())


def test_nobody_overwrites_the_wording_of_somebody_else(edition):
    line = written_minutes(edition).lines.first()
    minutes.reword(line, {"text_fr": "Un."}, revision=1, at=NOW, by=a_member_of_staff())

    with pytest.raises(Refusal):
        minutes.reword(line, {"text_fr": "Deux."}, revision=1, at=NOW, by=a_member_of_staff())

    line.refresh_from_db()
    assert line.text_fr == "Un."


def test_a_sent_draft_is_neither_introduced_nor_taken_anew(edition):
    sent = sent_minutes(edition)
    who = a_member_of_staff()

    with pytest.raises(Refusal):
        minutes.refresh(sent, version=sent.version, at=NOW, by=who)
    with pytest.raises(Refusal):
        minutes.introduce(
            sent, introduction_fr="A", introduction_zh="甲", version=sent.version, at=NOW, by=who
        )


def test_validated_minutes_are_not_worded_anew(edition):
    line = validated_minutes(edition).lines.first()

    with pytest.raises(Refusal):
        minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())


def test_each_step_stands_in_the_journal(edition):
    found = sent_minutes(edition)
    line = found.lines.first()
    minutes.give_verdicts(
        found, Side.FRENCH, commented(line, "En mai ?"), at=NOW, by=a_speaker_for(Side.FRENCH)
    )
    minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())
    accept_all(found, Side.FRENCH)
    accept_all(found, Side.CHINESE, at=NOW + DAY)

    entries = JournalEntry.objects.filter(subject_type="assises.minutes", subject_id=found.pk).order_by("id")

    assert [e.action for e in entries] == [
        "minutes_written", "minutes_sent", "minutes_commented", "minutes_reworded",
        "minutes_lines_accepted", "minutes_lines_accepted", "minutes_validated",
    ]  # fmt: skip
    assert entries[2].reason == "En mai ?"

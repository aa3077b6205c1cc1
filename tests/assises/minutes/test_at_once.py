"""Both sides at the same instant, on connections of their own."""

import pytest
from django.db import transaction

from assises import minutes
from assises.enums import Side
from assises.exceptions import Refusal
from assises.minutes import Stale
from assises.models import JournalEntry, Meeting, Minutes, MinutesLine, OutgoingEmail, Verdict
from tests.factories import NOW, a_member_of_staff, an_edition
from tests.minutes_factories import (
    DAY,
    a_meeting,
    a_speaker_for,
    accept_all,
    accepted,
    an_item,
    sent_minutes,
)
from tests.registration.test_concurrency import Someone, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_sides_accept_the_last_line_at_once_and_it_is_frozen_once():
    sent = sent_minutes(an_edition(), lines=5)
    speakers = {side: a_speaker_for(side) for side in Side}
    lines = list(sent.lines.all())

    done = at_once(
        *[
            lambda side=side: minutes.give_verdicts(sent, side, accepted(lines), at=NOW, by=speakers[side])
            for side in Side
        ]
    )

    assert sorted(m.state for m in done) == ["sent", "validated"]
    found = Minutes.objects.get()
    assert (found.state, minutes.verify(found)) == ("validated", "")
    assert JournalEntry.objects.filter(action="minutes_validated").count() == 1
    # Both of each side that the factory and this test made, and whoever sent them.
    assert OutgoingEmail.objects.filter(event="assises/minutes_validated").count() == 5


def test_three_who_escalate_at_once_tell_of_each_side_once():
    sent_minutes(an_edition())

    done = at_once(*[lambda: minutes.escalate(at=NOW + 6 * DAY) for _unused in range(3)])

    assert sum(done) == 2
    assert OutgoingEmail.objects.filter(event="assises/minutes_silent").count() == 4


def test_whoever_answers_just_now_is_not_silent():
    sent = sent_minutes(an_edition())
    french = a_speaker_for(Side.FRENCH)

    with transaction.atomic():
        accept_all(sent, Side.FRENCH, by=french)
        other = Someone(lambda: minutes.escalate(at=NOW + 6 * DAY))
        other.until_blocked()

    assert other.result() == 1
    sent.refresh_from_db()
    assert (sent.french_escalated_at, sent.chinese_escalated_at) == (None, NOW + 6 * DAY)


def test_a_line_worded_anew_at_the_same_instant_is_not_accepted_unread():
    sent = sent_minutes(an_edition())
    line = sent.lines.first()
    french = a_speaker_for(Side.FRENCH)

    with transaction.atomic():
        minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())
        other = Someone(lambda: accept_all(sent, Side.FRENCH, by=french))
        other.until_blocked()

    # It had read the lines before the other one was done.
    with pytest.raises(Stale):
        other.result()
    assert not Verdict.objects.exists()


def test_a_line_that_sql_changes_while_the_minutes_are_validated_does_not_slip_in():
    sent = sent_minutes(an_edition())
    accept_all(sent, Side.FRENCH)
    line = sent.lines.first()

    with transaction.atomic():
        accept_all(sent, Side.CHINESE)
        other = Someone(lambda: MinutesLine.objects.filter(pk=line.pk).update(text_fr="Autre.", revision=2))
        other.until_blocked()

    with pytest.raises(Exception, match="assises_minutes_stay"):
        other.result()
    assert minutes.verify(Minutes.objects.get()) == ""


def test_a_meeting_that_changes_while_its_minutes_are_validated_does_not_slip_in():
    sent = sent_minutes(an_edition())
    accept_all(sent, Side.FRENCH)

    with transaction.atomic():
        accept_all(sent, Side.CHINESE)
        other = Someone(lambda: Meeting.objects.filter(pk=sent.meeting_id).update(title_fr="Autre"))
        other.until_blocked()

    with pytest.raises(Exception, match="assises_meeting_stays"):
        other.result()
    assert minutes.verify(Minutes.objects.get()) == ""


def test_two_who_write_the_minutes_of_a_meeting_at_once_write_them_once():
    meeting = a_meeting(an_edition())
    an_item(meeting)
    who = a_member_of_staff()

    def write():
        try:
            return minutes.write(meeting, at=NOW, by=who)
        except Refusal:
            return None

    done = at_once(write, write)

    assert len([m for m in done if m]) == 1
    assert Minutes.objects.count() == 1

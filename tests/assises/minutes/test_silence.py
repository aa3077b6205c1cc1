"""A side that says nothing at all is asked again, once."""

import datetime as dt

import pytest

from assises import jobs, minutes, tasks
from assises.enums import Side
from assises.minutes.standing import standings
from assises.models import JournalEntry, OutgoingEmail
from assises.sides import speakers
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    a_speaker_for,
    accept_all,
    commented,
    send,
    sent_minutes,
    validated_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db


def letters():
    return OutgoingEmail.objects.filter(event="assises/minutes_silent")


def test_a_silence_of_some_days_is_told_to_the_side_and_to_whoever_sent(edition):
    organiser = a_member_of_staff(is_superuser=False, language="fr")
    sent = sent_minutes(edition, by=organiser)
    accept_all(sent, Side.FRENCH)

    assert minutes.escalate(at=NOW + 4 * DAY) == 0
    assert minutes.escalate(at=NOW + 5 * DAY) == 1

    sent.refresh_from_db()
    assert (sent.french_escalated_at, sent.chinese_escalated_at) == (None, NOW + 5 * DAY)
    assert {x.to_email: x.language for x in letters()} == {
        organiser.email: "fr",
        **{u.email: "zh-hans" for u in speakers(Side.CHINESE)},
    }
    [entry] = JournalEntry.objects.filter(action="minutes_silent")
    assert entry.details == {"side": "CN"}


def test_days_are_those_of_the_calendar_on_the_clock_of_the_edition(edition):
    # 23:30 in Paris; four days and forty minutes later five midnights have passed there.
    late = dt.datetime(2018, 10, 15, 21, 30, tzinfo=dt.UTC)
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)
    send(draft, at=late, deadline_at=NOW + 30 * DAY)

    assert minutes.escalate(at=late + 4 * DAY + dt.timedelta(minutes=20)) == 0
    assert minutes.escalate(at=late + 4 * DAY + dt.timedelta(minutes=40)) == 2


def test_the_deadline_comes_before_the_days_of_silence(edition):
    draft = written_minutes(edition)
    for side in Side:
        a_speaker_for(side)
    send(draft, deadline_at=NOW + DAY, silent_days=5)

    assert minutes.escalate(at=NOW + DAY) == 2


def test_each_side_is_told_of_once_however_often_and_late_it_runs(edition):
    sent_minutes(edition)

    for days in (40, 40, 41):
        minutes.escalate(at=NOW + days * DAY)

    assert letters().count() == 4
    assert JournalEntry.objects.filter(action="minutes_silent").count() == 2


def test_one_comment_is_no_silence(edition):
    sent = sent_minutes(edition)
    french = a_speaker_for(Side.FRENCH)
    minutes.give_verdicts(sent, Side.FRENCH, commented(sent.lines.first()), at=NOW, by=french)

    assert minutes.escalate(at=NOW + 6 * DAY) == 1

    sent.refresh_from_db()
    assert sent.french_escalated_at is None


def test_drafts_and_what_is_validated_wait_for_nobody(edition):
    written_minutes(edition)
    validated_minutes(edition)

    assert minutes.escalate(at=NOW + 40 * DAY) == 0


def test_a_side_that_speaks_at_last_is_silent_no_more(edition):
    sent = sent_minutes(edition)
    minutes.escalate(at=NOW + 6 * DAY)
    sent.refresh_from_db()
    assert [s.is_silent for s in standings([sent])[sent.pk]] == [True, True]

    accept_all(sent, Side.CHINESE)

    assert [s.is_silent for s in standings([sent])[sent.pk]] == [True, False]


def test_an_account_that_was_closed_gets_no_letter(edition):
    organiser = a_member_of_staff(is_active=False)
    sent_minutes(edition, by=organiser)

    minutes.escalate(at=NOW + 6 * DAY)

    assert not letters().filter(to_email=organiser.email).exists()


def test_beat_asks_for_it_every_hour(edition, settings):
    line = settings.CELERY_BEAT_SCHEDULE["minutes"]

    assert (line["task"], line["schedule"]) == (tasks.escalate_silence.name, 3600)
    assert "minutes" in jobs.LABELS
    assert tasks.escalate_silence() == 0

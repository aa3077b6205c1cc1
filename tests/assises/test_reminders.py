"""Reminders: when they are due, whom they reach, and that each leaves once."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assises.enums import Side
from assises.mail.tasks import deliver_pending
from assises.models import JournalEntry, Milestone, OutgoingEmail, Reminded, Reminder
from assises.reminding import audiences as module
from assises.reminding import sending
from assises.reminding.audiences import audience_of, audiences, recipients
from assises.reminding.hours import due_at, next_at_work, of_use_until
from assises.reminding.sending import send_due
from registration import services
from registration.enums import Status
from registration.reminders import seated
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db
PARIS, SHANGHAI = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Shanghai")
#: A Tuesday, a working day on both sides.
TUESDAY = dt.datetime(2018, 10, 16, 11, tzinfo=PARIS)
DAY = dt.timedelta(days=1)


@pytest.fixture
def edition():
    return an_edition(elected=20)


def letters():
    return list(
        OutgoingEmail.objects.filter(event="assises/reminder")
        .order_by("pk")
        .values_list("to_email", flat=True)
    )


def paris(*parts):
    return dt.datetime(*parts, tzinfo=PARIS)


# --- When -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milestone", "days", "due"),
    [
        (paris(2018, 10, 26, 18), -7, paris(2018, 10, 19, 18)),
        # Over both changes of hour the clock on the wall says the same.
        (paris(2018, 11, 2, 9), -7, paris(2018, 10, 26, 9)),
        (paris(2018, 3, 23, 9), 5, paris(2018, 3, 28, 9)),
        (paris(2018, 10, 28, 2, 30), 0, paris(2018, 10, 28, 2, 30)),
        (paris(2018, 3, 24, 2, 30), 1, paris(2018, 3, 25, 3, 30)),
    ],
)
def test_a_day_is_a_day_of_the_calendar(edition, milestone, days, due):
    reminder = a_reminder(a_milestone(edition, milestone), offset_days=days)

    assert due_at(reminder) == due.astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("at", "side", "then"),
    [
        (paris(2018, 10, 16, 11), Side.FRENCH, paris(2018, 10, 16, 11)),
        (paris(2018, 10, 16, 7), Side.FRENCH, paris(2018, 10, 16, 9)),
        (paris(2018, 10, 19, 18), Side.FRENCH, paris(2018, 10, 22, 9)),
        # All Saints on Thursday; and the Friday before the change of hour leads to a Monday after it.
        (paris(2018, 10, 31, 20), Side.FRENCH, paris(2018, 11, 2, 9)),
        (paris(2018, 10, 26, 19), Side.FRENCH, paris(2018, 10, 29, 9)),
        # At eleven in Paris offices in China close; the week of the National Day is free.
        (paris(2018, 10, 16, 12, 30), Side.CHINESE, dt.datetime(2018, 10, 17, 9, tzinfo=SHANGHAI)),
        (paris(2018, 9, 30, 20), Side.CHINESE, dt.datetime(2018, 10, 8, 9, tzinfo=SHANGHAI)),
        (paris(2018, 10, 16, 3), Side.CHINESE, paris(2018, 10, 16, 3)),
    ],
)
def test_letters_leave_when_the_side_of_their_reader_works(edition, at, side, then):
    assert next_at_work(at, side, edition) == then


def test_what_announces_is_of_use_until_it_comes_and_what_follows_for_three_days(edition):
    closing = a_milestone(edition, paris(2018, 10, 26, 18))

    assert of_use_until(a_reminder(closing, offset_days=-2)) == paris(2018, 10, 26, 18)
    assert of_use_until(a_reminder(closing, offset_days=1)) == paris(2018, 10, 30, 17)


# --- Whom -------------------------------------------------------------------------------------------


def test_each_app_declares_its_people(edition):
    assert {a.name.split(".")[0] for a in audiences()} == {"assises", "program", "registration"}
    assert audience_of("registration.nobody") is None
    assert recipients("registration.nobody", edition, NOW, None) == []


def test_the_audiences_of_the_registration_are_who_they_say(edition):
    held = a_booking(edition, a_person(is_contact=True), at=NOW).registrations.get()
    seated = a_registration(edition)
    services.confirm([seated], at=NOW)

    def found(name):
        return {who.email for who in recipients(f"registration.{name}", edition, NOW, None)}

    assert found("unconfirmed") == {held.email} if held.status == Status.HELD else set()
    assert found("seated") == found("without_session") == {held.email, seated.email}
    assert found("waiting") == set()


def test_an_address_is_written_to_once_however_often_it_is_found(edition, monkeypatch):
    row = a_registration(edition)
    twice = dataclasses.replace(audience_of("registration.seated"), find=lambda *_args: [*ask(), *ask()])
    monkeypatch.setitem(module._AUDIENCES, "registration.seated", twice)

    def ask():
        return seated(edition, NOW, None)

    assert [who.email for who in recipients("registration.seated", edition, NOW, None)] == [row.email]


# --- Once -------------------------------------------------------------------------------------------


def test_a_reminder_leaves_once_in_the_language_of_each_reader(edition):
    french = a_registration(edition)
    chinese = a_booking(edition, a_person(is_contact=True, language="zh-hans"), at=NOW).registrations.get()
    reminder = a_reminder(a_milestone(edition, TUESDAY))

    assert send_due(at=TUESDAY - DAY) == {"fired": 0, "skipped": 0, "written": 0}
    assert send_due(at=TUESDAY) == {"fired": 1, "skipped": 0, "written": 2}
    assert send_due(at=TUESDAY + DAY) == {"fired": 0, "skipped": 0, "written": 0}

    assert letters() == [french.email, chinese.email]
    one, other = OutgoingEmail.objects.filter(event="assises/reminder").order_by("pk")
    assert "Choisissez votre atelier" in one.subject
    assert "Les ateliers sont ouverts." in one.text
    assert "请选择研讨会" in other.subject
    assert "/zh-hans/inscription/" in other.text
    reminder.refresh_from_db()
    assert reminder.fired_at == TUESDAY
    assert JournalEntry.objects.get(action="reminder_sent").details == {"readers": 2}


def test_when_the_milestone_moves_so_does_what_has_not_left_and_what_has_is_not_sent_again(edition):
    a_registration(edition)
    first, second = a_milestone(edition, TUESDAY), a_milestone(edition, TUESDAY)
    a_reminder(first), a_reminder(second)
    Milestone.objects.filter(pk=second.pk).update(starts_at=TUESDAY + 7 * DAY)

    assert send_due(at=TUESDAY)["fired"] == 1
    Milestone.objects.filter(pk=first.pk).update(starts_at=TUESDAY + 7 * DAY)
    assert send_due(at=TUESDAY + 6 * DAY)["fired"] == 0

    assert send_due(at=TUESDAY + 7 * DAY)["fired"] == 1


def test_nothing_leaves_that_nobody_approved_or_that_is_paused(edition):
    a_registration(edition)
    milestone = a_milestone(edition, TUESDAY)
    a_reminder(milestone, approved_at=None), a_reminder(milestone, is_paused=True)

    assert send_due(at=TUESDAY) == {"fired": 0, "skipped": 0, "written": 0}


def test_after_three_days_without_beat_what_is_still_of_use_leaves_and_what_is_not_says_so(edition):
    a_registration(edition)
    stale = a_reminder(a_milestone(edition, TUESDAY), offset_days=-1)
    useful = a_reminder(a_milestone(edition, TUESDAY + 7 * DAY), offset_days=-7)

    assert send_due(at=TUESDAY + 3 * DAY) == {"fired": 1, "skipped": 1, "written": 1}

    stale.refresh_from_db()
    useful.refresh_from_db()
    assert (stale.fired_at, stale.skipped_at) == (None, TUESDAY + 3 * DAY)
    assert useful.fired_at
    assert JournalEntry.objects.filter(action="reminder_skipped").count() == 1


def test_all_of_a_day_comes_in_one_letter(edition):
    a_registration(edition)
    evening = TUESDAY.replace(hour=20)
    (
        a_reminder(a_milestone(edition, evening)),
        a_reminder(a_milestone(edition, evening), subject_fr="Confirmez votre menu", both_languages=True),
    )

    assert send_due(at=evening)["written"] == 0
    assert send_due(at=evening + dt.timedelta(hours=13)) == {"fired": 0, "skipped": 0, "written": 2}

    letter = OutgoingEmail.objects.get(event="assises/reminder")
    for part in (letter.text, letter.html):
        assert "Confirmez votre menu" in part
        assert "Les ateliers sont ouverts." in part
        assert "研讨会已开放选择。" in part


def test_who_has_done_it_by_the_morning_is_not_reminded(edition):
    evening = TUESDAY.replace(hour=20)
    does, waits = (
        a_booking(edition, a_person(is_contact=True), at=NOW).registrations.get() for _unused in range(2)
    )
    a_reminder(a_milestone(edition, evening), audience="registration.unconfirmed")
    send_due(at=evening)
    services.confirm([does], at=evening, proves_contact=True)

    send_due(at=evening + dt.timedelta(hours=13))

    assert letters() == [waits.email]
    assert Reminded.objects.filter(written_at=None).count() == 0


def test_an_audience_is_asked_once_and_not_once_for_each_batch(edition, monkeypatch):
    for _unused in range(6):
        a_registration(edition)
    evening = TUESDAY.replace(hour=20)
    a_reminder(a_milestone(edition, evening))
    send_due(at=evening)
    asked = []
    found = audience_of("registration.seated")
    counting = dataclasses.replace(found, find=lambda *args: asked.append(1) or found.find(*args))
    monkeypatch.setitem(module._AUDIENCES, "registration.seated", counting)
    monkeypatch.setattr(sending, "BATCH", 2)

    assert send_due(at=evening + dt.timedelta(hours=13))["written"] == 6

    assert len(asked) == 1


def test_the_letter_leaves_as_all_others_do(edition, monkeypatch, settings):
    registration = a_registration(edition)
    a_reminder(a_milestone(edition, TUESDAY))
    send_due(at=TUESDAY)
    OutgoingEmail.objects.exclude(event="assises/reminder").delete()
    OutgoingEmail.objects.update(next_attempt_at=NOW - DAY)

    deliver_pending()

    assert [m.to for m in mail.outbox] == [[registration.email]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject_zh_hans": ""},
        {"text_fr": ""},
        {"approved_at": None, "fired_at": NOW},
        {"fired_at": NOW, "skipped_at": NOW},
        {"offset_days": 500},
    ],
)
def test_the_database_refuses_what_must_not_leave(edition, wrong):
    reminder = a_reminder(a_milestone(edition, TUESDAY))

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.filter(pk=reminder.pk).update(**wrong)


def test_a_person_who_is_erased_is_no_longer_among_the_readers(edition):
    registration = a_registration(edition)
    a_reminder(a_milestone(edition, TUESDAY))
    send_due(at=TUESDAY)

    services.cancel(registration, at=NOW)
    services.erase(registration, at=NOW, by=None)

    assert not Reminded.objects.exists()
    assert not OutgoingEmail.objects.filter(event="assises/reminder").exists()

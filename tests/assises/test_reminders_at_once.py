"""Two who send at the same instant, on connections of their own."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from assises.models import Milestone, OutgoingEmail, Reminded, Reminder
from assises.reminding import sending
from tests.factories import a_registration, an_edition
from tests.registration.test_concurrency import Someone, at_once
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = dt.datetime(2018, 10, 16, 11, tzinfo=ZoneInfo("Europe/Paris"))


def test_three_at_once_send_each_letter_once(monkeypatch):
    edition = an_edition(elected=30)
    for _unused in range(24):
        a_registration(edition)
    for _unused in range(3):
        a_reminder(a_milestone(edition, TUESDAY))
    monkeypatch.setattr(sending, "BATCH", 5)

    done = at_once(*[lambda: sending.send_due(at=TUESDAY) for _unused in range(3)])

    assert sum(d["fired"] for d in done) == 3
    # Lines of one person may be met by two processes: those of the second wait for the next morning.
    sending.send_due(at=TUESDAY + dt.timedelta(days=1))
    assert Reminded.objects.count() == Reminded.objects.exclude(letter=None).count() == 72
    letters = OutgoingEmail.objects.filter(event="assises/reminder")
    days = Counter((letter.to_email, letter.created_at.date()) for letter in letters)
    assert set(days.values()) == {1}
    assert len({letter.to_email for letter in letters}) == 24


def test_a_milestone_that_moves_at_the_same_instant_is_seen():
    edition = an_edition(elected=1)
    a_registration(edition)
    milestone = a_milestone(edition, TUESDAY)
    reminder = a_reminder(milestone)

    with transaction.atomic():
        # Somebody holds the reminder while it is found due; before it is claimed, its milestone moves.
        Reminder.objects.select_for_update().get(pk=reminder.pk)
        other = Someone(lambda: sending.send_due(at=TUESDAY))
        other.until_blocked()
        Milestone.objects.filter(pk=milestone.pk).update(starts_at=TUESDAY + dt.timedelta(days=7))

    assert other.result()["fired"] == 0
    reminder.refresh_from_db()
    assert reminder.fired_at is None


def test_three_who_take_back_what_has_moved_do_not_wait_for_one_another(monkeypatch):
    edition = an_edition(elected=30)
    for _unused in range(24):
        a_registration(edition)
    milestone = a_milestone(edition, TUESDAY.replace(hour=20))
    for _unused in range(2):
        a_reminder(milestone)
    sending.send_due(at=TUESDAY.replace(hour=20))
    Milestone.objects.filter(pk=milestone.pk).update(starts_at=TUESDAY + dt.timedelta(days=30))
    monkeypatch.setattr(sending, "BATCH", 5)

    at_once(*[lambda: sending.send_due(at=TUESDAY + dt.timedelta(days=1)) for _unused in range(3)])

    assert not Reminded.objects.exists()
    assert not OutgoingEmail.objects.filter(event="assises/reminder").exists()

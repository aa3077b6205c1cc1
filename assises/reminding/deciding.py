"""What people decide about a reminder: that it may leave, that it waits, how it looks."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Reminder, User
from assises.reminding.audiences import Recipient, audience_of
from assises.reminding.hours import is_settled, of_use_until
from assises.reminding.letters import as_reader, letter_to


@transaction.atomic
def approve(reminder: Reminder, *, version: int, at: dt.datetime, by: User) -> Reminder:
    """Let it leave when it is due, as it was looked at in ``version``.

    Refuses what somebody has changed since, what lacks a language, reaches nobody that is known, or comes too late.
    """
    row = _held(reminder)
    _refuse_if_gone(row)
    if row.version != version:
        raise Refusal(_("Somebody else has changed this reminder since you opened it. Look at it again."))
    if row.approved_at is not None:
        return row
    if not (row.subject_fr and row.text_fr and row.subject_zh_hans and row.text_zh_hans):
        raise Refusal(_("Write subject and text in both languages: the readers are of both sides."))
    if audience_of(row.audience) is None:
        raise Refusal(_("Choose the audience anew: this one exists no more."))
    if is_settled(row):
        raise Refusal(_("What it is about is settled already: nobody needs to be reminded."))
    last = of_use_until(row, row.repeat_times - 1)
    if last is not None and last < at:
        raise Refusal(_("The day for it has passed: choose another milestone or another day."))
    row.approved_at, row.approved_by = at, by
    row.save(update_fields=["approved_at", "approved_by"])
    journal.write([journal.entry(row, "reminder_approved", at=at, by=by)])
    return row


@transaction.atomic
def pause(reminder: Reminder, *, paused: bool, at: dt.datetime, by: User) -> Reminder:
    """Hold it back, or let it go on; what has not left to a reader yet is held back too."""
    row = _held(reminder)
    if row.is_paused != paused:
        row.is_paused = paused
        row.save(update_fields=["is_paused"])
        action = "reminder_paused" if paused else "reminder_resumed"
        journal.write([journal.entry(row, action, at=at, by=by)])
    return row


@transaction.atomic
def change(reminder: Reminder, *, version: int, at: dt.datetime, by: User) -> Reminder:
    """Keep a reminder as it was written; whoever had let it leave looks at it again.

    Refuses once it has left, and what somebody has changed since ``version``.
    """
    if reminder.pk:
        standing = _held(reminder)
        _refuse_if_gone(standing)
        if standing.version != version:
            raise Refusal(_("Somebody else has changed this reminder since you opened it. Look at it again."))
        # What others have decided meanwhile is not written over.
        reminder.is_paused, reminder.version = standing.is_paused, standing.version + 1
    reminder.approved_at = reminder.approved_by = None
    reminder.save()
    journal.write([journal.entry(reminder, "reminder_written", at=at, by=by)])
    return reminder


def oneself(user: User, language: str) -> Recipient:
    """Whoever writes a reminder, as its reader: to try it, and to see it where nobody is of its audience."""
    return Recipient(f"user:{user.pk}", user.email, user.get_full_name() or user.email, language)


def send_test(reminder: Reminder, *, language: str, at: dt.datetime, by: User) -> None:
    """Send the letter to whoever asks, as a reader of this language would have it; nobody else hears of it."""
    line = as_reader(reminder, oneself(by, language), at=at)
    letter = letter_to(f"user:{by.pk}:reminder:{reminder.pk}:{at:%Y%m%dT%H%M%S}", [line])
    outbox.write([letter], at=at)


def preview(reminder: Reminder, who: Recipient, *, language: str, at: dt.datetime) -> tuple[str, str]:
    """Subject and text as this reader would have them in this language."""
    line = as_reader(reminder, dataclasses.replace(who, language=language), at=at)
    return outbox.rendered(letter_to("", [line]), at=at)


def _held(reminder: Reminder) -> Reminder:
    return Reminder.objects.select_for_update(of=("self",)).with_what_it_is_about().get(pk=reminder.pk)


def _refuse_if_gone(row: Reminder) -> None:
    if row.fired_at is not None:
        raise Refusal(_("It has left: write another one."))
    if row.skipped_at is not None:
        raise Refusal(_("It was passed over: write another one."))

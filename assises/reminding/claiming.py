"""What is due is claimed by its row lock and counted, and its readers are put down; what moves is taken back whole."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max

from assises import journal
from assises.models import Reminded, Reminder
from assises.reminding.audiences import recipients
from assises.reminding.hours import due_at, hour_of, is_settled, latest_due, next_at_work, of_use_until


@transaction.atomic
def fire(pk: int, *, at: dt.datetime) -> bool | None:
    """Put down its readers; False if it was passed over, None if somebody else was first, what it is about moved, or
    there is nobody to remind yet.

    Of times that were missed only the latest is sent, if it is still of use. The row is locked, so that two who look at
    once see one another; the database holds that a person has each time once.
    """
    if Reminder.objects.awaited().select_for_update(of=("self",)).filter(pk=pk).first() is None:
        return None
    reminder = Reminder.objects.with_what_it_is_about().get(pk=pk)
    latest = latest_due(reminder, at)
    if latest is None:
        # It moved between the two looks.
        return None
    if is_settled(reminder):
        return _pass_over(reminder, "reminder_settled", at=at)
    use = of_use_until(reminder, latest)
    assert use is not None
    people = recipients(reminder.audience, reminder.edition, at, reminder.about)
    if at > use:
        if latest + 1 >= reminder.repeat_times:
            return _pass_over(reminder, "reminder_skipped" if people else "reminder_nobody", at=at)
        # The time after it still lies ahead.
        return None
    if not people:
        # Somebody may come to be concerned while it is of use.
        return None
    missed = latest - reminder.occurrence
    Reminder.objects.filter(pk=pk).update(fired_at=at, occurrence=latest + 1)
    Reminded.objects.bulk_create(
        Reminded(
            reminder=reminder, occurrence=latest + 1, person=who.person, email=who.email, name=who.name[:200],
            language=who.language, link=who.link, side=who.side, not_before=hour_of(reminder, who.side, at),
        )
        for who in people
    )  # fmt: skip
    if missed:
        journal.write([journal.entry(reminder, "reminder_missed", at=at, times=missed)])
    journal.write([journal.entry(reminder, "reminder_sent", at=at, readers=len(people))])
    return True


def _pass_over(reminder: Reminder, why: str, *, at: dt.datetime) -> bool:
    """It sends no more: nothing at all if it has not left yet, else nothing again."""
    if reminder.occurrence:
        Reminder.objects.filter(pk=reminder.pk).update(occurrence=F("repeat_times"))
    else:
        Reminder.objects.filter(pk=reminder.pk).update(skipped_at=at)
    due = due_at(reminder)
    journal.write([journal.entry(reminder, why, at=at, due=due.isoformat() if due else "")])
    return False


@transaction.atomic
def take_back(pk: int, occurrence: int, *, at: dt.datetime) -> None:
    """What a reminder is about has moved after its readers were put down: it leaves when it is due anew.

    If nobody was written to yet, its readers are found anew then; else the rest of them are written to then. Called
    when no line is held any more: the reminder is held first, and then its lines.
    """
    Reminder.objects.select_for_update().get(pk=pk)
    reminder = Reminder.objects.with_what_it_is_about().get(pk=pk)
    lines = list(reminder.readers.select_for_update().filter(occurrence=occurrence))
    due = due_at(reminder, occurrence - 1)
    if not lines or (due is not None and due <= at):
        # Somebody else has taken it back, or it has moved back again.
        return
    if reminder.occurrence == occurrence and not any(line.written_at for line in lines):
        reminder.readers.filter(occurrence=occurrence).delete()
        last = reminder.readers.aggregate(last=Max("occurrence"))["last"] or 0
        fired_at = reminder.fired_at if last else None
        Reminder.objects.filter(pk=pk).update(occurrence=last, fired_at=fired_at)
        journal.write([journal.entry(reminder, "reminder_taken_back", at=at)])
        return
    rest = [line for line in lines if line.written_at is None]
    for line in rest:
        if due is None:
            line.written_at = at
        else:
            line.not_before = next_at_work(due, line.side, reminder.edition)
    Reminded.objects.bulk_update(rest, ["not_before", "written_at"])

"""Reminders become letters: each once, at an hour at which its reader works, all of a day in one letter.

Two steps, each a transaction of its own, so that nothing is half done wherever a process dies. A reminder that is due
is claimed by a conditional update, and its readers are put down; then each reader's lines are claimed by row locks,
and their letter is written with them. Any number of processes may do both at once.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction
from django.utils import translation

from assises import journal
from assises.mail import outbox
from assises.mail.outbox import Letter
from assises.models import OutgoingEmail, Reminded, Reminder
from assises.reminding.audiences import Recipient, recipients
from assises.reminding.hours import due_at, next_at_work, of_use_until

#: By reminder, the people whom it still concerns.
Concerned = dict[int, set[str]]
#: Readers that one transaction writes to.
BATCH = 100


def send_due(*, at: dt.datetime) -> dict[str, int]:
    """Do all that is due; runs at any time, any number of times, beside itself, late."""
    fired = skipped = 0
    for reminder in Reminder.objects.awaited().select_related("edition", "milestone"):
        if due_at(reminder) <= at:
            done = _fire(reminder.pk, at=at)
            fired += done is True
            skipped += done is False
    written = 0
    concerned: Concerned = {}
    while count := _write(concerned, at=at):
        written += count
    return {"fired": fired, "skipped": skipped, "written": written}


@transaction.atomic
def _fire(pk: int, *, at: dt.datetime) -> bool | None:
    """Put down its readers; False if it came too late to be of use, None if somebody else was first or it moved."""
    claimed = Reminder.objects.awaited().filter(pk=pk).update(fired_at=at)
    if not claimed:
        return None
    reminder = Reminder.objects.select_related("edition", "milestone").get(pk=pk)
    if due_at(reminder) > at:
        # The milestone moved between the two looks.
        Reminder.objects.filter(pk=pk).update(fired_at=None)
        return None
    if at > of_use_until(reminder):
        Reminder.objects.filter(pk=pk).update(fired_at=None, skipped_at=at)
        journal.write([journal.entry(reminder, "reminder_skipped", at=at, due=due_at(reminder).isoformat())])
        return False
    people = recipients(reminder.audience, reminder.edition, at)
    Reminded.objects.bulk_create(
        Reminded(
            reminder=reminder, person=who.person, email=who.email, name=who.name, language=who.language,
            link=who.link, not_before=next_at_work(at, who.side, reminder.edition),
        )
        for who in people
    )  # fmt: skip
    journal.write([journal.entry(reminder, "reminder_sent", at=at, readers=len(people))])
    return True


@transaction.atomic
def _write(concerned: Concerned, *, at: dt.datetime) -> int:
    """Write to some of those whose hour has come: one letter each, whatever the number of reminders; how many."""
    ready = Reminded.objects.filter(written_at=None, not_before__lte=at, reminder__is_paused=False)
    ready = ready.select_for_update(of=("self",), skip_locked=True)
    addresses = list(dict.fromkeys(ready.order_by("id").values_list("email", flat=True)[:BATCH]))
    held = list(
        ready.filter(email__in=addresses)
        .select_related("reminder__edition", "reminder__milestone")
        .order_by("email", "id")
    )
    lines = _still_concerned(held, concerned, at=at)
    letters: dict[str, list[Reminded]] = {}
    for _email, of_one in groupby(lines, key=lambda line: line.email):
        group = list(of_one)
        letters[f"{group[0].person}:reminders:{group[0].pk}"] = group
    outbox.write([letter_to(key, group) for key, group in letters.items()], at=at)
    ids = dict(OutgoingEmail.objects.filter(key__in=letters).values_list("key", "pk"))
    for key, group in letters.items():
        for line in group:
            line.letter_id = ids[key]
    for line in held:
        line.written_at = at
    Reminded.objects.bulk_update(held, ["letter", "written_at"])
    return len(held)


def _still_concerned(lines: Sequence[Reminded], concerned: Concerned, *, at: dt.datetime) -> list[Reminded]:
    """Without those who have done meanwhile what they were to be reminded of: a night or a feast has passed.

    ``concerned`` keeps what was found: an audience is asked once, not once for each batch of its letters.
    """
    for reminder in {line.reminder for line in lines if line.reminder.fired_at != at}:
        if reminder.pk not in concerned:
            people = recipients(reminder.audience, reminder.edition, at)
            concerned[reminder.pk] = {who.person for who in people}
    return [line for line in lines if line.person in concerned.get(line.reminder_id, {line.person})]


def letter_to(key: str, lines: Sequence[Reminded]) -> Letter:
    """The letter of these lines, all of one reader."""
    first = lines[0]
    return Letter(
        event="assises/reminder",
        key=key,
        to_email=first.email,
        to_name=first.name,
        language=first.language,
        context={"edition": first.reminder.edition, "lines": entries(lines, first.language)},
    )


def entries(lines: Iterable[Reminded], language: str) -> list[dict[str, object]]:
    """What the letter says of each reminder: the reader's language first, the other one below where it is asked for."""
    found = []
    other = "zh-hans" if language == "fr" else "fr"
    for line in lines:
        languages = [language, other] if line.reminder.both_languages else [language]
        texts = []
        for code in languages:
            with translation.override(code):
                texts.append({"lang": code, "subject": line.reminder.subject, "text": line.reminder.text})
        found.append({"texts": texts, "link": line.link, "milestone": line.reminder.milestone})
    return found


def as_reader(reminder: Reminder, who: Recipient, *, at: dt.datetime) -> Reminded:
    """The line of this person, for a look at the letter; not kept."""
    return Reminded(
        reminder=reminder, person=who.person, email=who.email, name=who.name, language=who.language,
        link=who.link, not_before=at,
    )  # fmt: skip

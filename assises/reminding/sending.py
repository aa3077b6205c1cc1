"""Reminders become letters: each once, at an hour at which its reader works, all of a day in one letter.

Two steps, each a transaction of its own, so that nothing is half done wherever a process dies. A reminder that is due
is claimed by its row lock, counted, and its readers are put down; then each reader's lines are claimed by row locks,
and their letter is written with them. Any number of processes may do both at once.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from assises import journal
from assises.mail import outbox
from assises.mail.outbox import Letter
from assises.models import OutgoingEmail, Reminded, Reminder
from assises.reminding.audiences import Recipient, recipients
from assises.reminding.hours import due_at, is_settled, latest_due, next_at_work, of_use_until
from assises.silence import page_of, silenced

#: By reminder, the people whom it still concerns.
Concerned = dict[int, set[str]]
#: Readers that one transaction writes to.
BATCH = 100


def send_due(*, at: dt.datetime) -> dict[str, int]:
    """Do all that is due; runs at any time, any number of times, beside itself, late."""
    fired = skipped = 0
    for reminder in with_what_it_is_about(Reminder.objects.awaited()):
        if is_settled(reminder) or latest_due(reminder, at) is not None:
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
    """Put down its readers; False if it was passed over, None if somebody else was first or what it is about moved.

    Of times that were missed only the latest is sent, if it is still of use. The row is locked, so that two who look at
    once see one another; the database holds that a person has each time once.
    """
    if Reminder.objects.awaited().select_for_update(of=("self",)).filter(pk=pk).first() is None:
        return None
    reminder = with_what_it_is_about(Reminder.objects.filter(pk=pk)).get()
    if is_settled(reminder):
        return _pass_over(reminder, "reminder_settled", at=at)
    latest = latest_due(reminder, at)
    if latest is None:
        # It moved between the two looks.
        return None
    use = of_use_until(reminder, latest)
    assert use is not None
    if at > use:
        if latest + 1 >= reminder.repeat_times:
            return _pass_over(reminder, "reminder_skipped", at=at)
        # The time after it still lies ahead.
        return None
    missed = latest - reminder.occurrence
    Reminder.objects.filter(pk=pk).update(fired_at=at, occurrence=latest + 1)
    people = recipients(reminder.audience, reminder.edition, at, reminder.about)
    Reminded.objects.bulk_create(
        Reminded(
            reminder=reminder, occurrence=latest + 1, person=who.person, email=who.email, name=who.name,
            language=who.language, link=who.link, not_before=next_at_work(at, who.side, reminder.edition),
        )
        for who in people
    )  # fmt: skip
    if missed:
        journal.write([journal.entry(reminder, "reminder_missed", at=at, times=missed)])
    journal.write([journal.entry(reminder, "reminder_sent", at=at, readers=len(people))])
    return True


def with_what_it_is_about(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """With all that says when they are due."""
    return rows.select_related("edition__host", "milestone", "item", "task__milestone")


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
def _write(concerned: Concerned, *, at: dt.datetime) -> int:
    """Write to some of those whose hour has come: one letter each, whatever the number of reminders; how many."""
    ready = Reminded.objects.filter(written_at=None, not_before__lte=at, reminder__is_paused=False)
    ready = ready.select_for_update(of=("self",), skip_locked=True)
    addresses = list(dict.fromkeys(ready.order_by("id").values_list("email", flat=True)[:BATCH]))
    held = list(
        ready.filter(email__in=addresses)
        .select_related(
            "reminder__edition", "reminder__milestone", "reminder__item", "reminder__task__milestone"
        )
        .order_by("email", "id")
    )
    unwanted = silenced({line.email for line in held})
    lines = [
        line
        for line in _still_concerned(held, concerned, at=at)
        if line.email not in unwanted and not is_settled(line.reminder)
    ]
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
            people = recipients(reminder.audience, reminder.edition, at, reminder.about)
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
        context={
            "edition": first.reminder.edition,
            "lines": entries(lines, first.language),
            "stop_url": page_of(first.email, first.language),
        },
    )


def entries(lines: Iterable[Reminded], language: str) -> list[dict[str, object]]:
    """What the letter says of each reminder: the reader's language first, the other one below where it is asked for."""
    found: list[dict[str, object]] = []
    other = "zh-hans" if language == "fr" else "fr"
    for line in lines:
        languages = [language, other] if line.reminder.both_languages else [language]
        texts = []
        for code in languages:
            with translation.override(code):
                texts.append({"lang": code, "subject": line.reminder.subject, "text": line.reminder.text})
        found.append({"texts": texts, "link": line.link, "about": line.reminder.about})
    return found


def as_reader(reminder: Reminder, who: Recipient, *, at: dt.datetime) -> Reminded:
    """The line of this person, for a look at the letter; not kept."""
    return Reminded(
        reminder=reminder, person=who.person, email=who.email, name=who.name, language=who.language,
        link=who.link, not_before=at,
    )  # fmt: skip

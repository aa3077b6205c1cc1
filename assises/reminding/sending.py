"""Reminders become letters: each once, at an hour at which its reader works, all of a day in one letter.

Two steps, each a transaction of its own, so that nothing is half done wherever a process dies. A reminder that is due
is claimed by its row lock, counted, and its readers are put down; then each reader's lines are claimed by row locks,
and their letter is written with them. Any number of processes may do both at once.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from assises import journal
from assises.locks import Lock
from assises.mail import outbox
from assises.mail.outbox import Letter
from assises.models import OutgoingEmail, Reminded, Reminder
from assises.reminding.audiences import Recipient, recipients
from assises.reminding.hours import (
    LEAD,
    due_at,
    is_settled,
    latest_due,
    next_at_work,
    of_use_until,
    pointless_after,
    tomorrow_at_work,
)
from assises.silence import page_of, silenced

logger = logging.getLogger(__name__)

#: Readers that one transaction writes to.
BATCH = 100
#: A reminder, and which time of it, from 1.
Time = tuple[int, int]


@dataclass
class Run:
    """What one run keeps from batch to batch."""

    at: dt.datetime
    #: By reminder, the people whom it still concerns: an audience is asked once, not once for each batch.
    concerned: dict[int, set[str]] = field(default_factory=dict)
    #: By reminder, why nothing of it can be sent now: it keeps no other from leaving.
    broken: dict[int, Exception] = field(default_factory=dict)


def send_due(*, at: dt.datetime) -> dict[str, int]:
    """Do all that is due; runs at any time, any number of times, beside itself, late.

    A reminder that cannot be sent keeps no other from leaving; its error is raised after all of them.
    """
    fired = skipped = written = 0
    run = Run(at)
    for reminder in with_what_it_is_about(Reminder.objects.awaited()):
        try:
            done = _fire(reminder.pk, at=at) if latest_due(reminder, at) is not None else None
        except Exception as error:
            logger.exception("Reminder %s cannot be sent.", reminder.pk)
            run.broken[reminder.pk] = error
            continue
        fired += done is True
        skipped += done is False
    while True:
        count, moved = _write(run)
        for pk, occurrence in moved:
            _take_back(pk, occurrence, at=at)
        if not count:
            break
        written += count
    for failure in run.broken.values():
        raise failure
    return {"fired": fired, "skipped": skipped, "written": written}


@transaction.atomic
def _fire(pk: int, *, at: dt.datetime) -> bool | None:
    """Put down its readers; False if it was passed over, None if somebody else was first, what it is about moved, or
    there is nobody to remind yet.

    Of times that were missed only the latest is sent, if it is still of use. The row is locked, so that two who look at
    once see one another; the database holds that a person has each time once.
    """
    if Reminder.objects.awaited().select_for_update(of=("self",)).filter(pk=pk).first() is None:
        return None
    reminder = with_what_it_is_about(Reminder.objects.filter(pk=pk)).get()
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
            language=who.language, link=who.link, side=who.side, not_before=_hour_of(reminder, who.side, at),
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
def _write(run: Run) -> tuple[int, list[Time]]:
    """Write to some of those whose hour has come: one letter each, whatever the number of reminders.

    Returns how many lines were dealt with, and what is about something that has moved: the latest time first.
    """
    at = run.at
    ready = Reminded.objects.filter(written_at=None, not_before__lte=at, reminder__is_paused=False)
    ready = ready.exclude(reminder__in=list(run.broken)).annotate(address=Lower("email"))
    addresses = _ours(dict.fromkeys(ready.order_by("id").values_list("address", flat=True)[:BATCH]))
    found = list(
        ready.filter(address__in=addresses)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related(
            "reminder__edition__host", "reminder__milestone", "reminder__item", "reminder__task__milestone"
        )
        .order_by("address", "id")
    )
    held, moved = _in_time(found, at=at)
    concerned = _still_concerned(held, run)
    held = [line for line in held if line.reminder_id not in run.broken]
    unwanted = silenced({line.email for line in held})
    lines = [line for line in concerned if line.email not in unwanted and not is_settled(line.reminder)]
    letters: dict[str, list[Reminded]] = {}
    for _address, of_one in groupby(_said_once(lines), key=lambda line: line.email.lower()):
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
    return len(found), moved


def _ours(addresses: Iterable[str]) -> list[str]:
    """Those that no other process is writing to at this instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT address FROM unnest(%s::text[]) AS address WHERE pg_try_advisory_xact_lock(%s, hashtext(address))",
            [list(addresses), Lock.READERS],
        )
        return [address for (address,) in cursor.fetchall()]


def _in_time(lines: Sequence[Reminded], *, at: dt.datetime) -> tuple[list[Reminded], list[Time]]:
    """Those that are written now, and what is to be taken back because it has moved. The others are put off or put
    away: their reader is not at work or has had a letter today, or what they are about is over.
    """
    today = _written_today(lines, at=at)
    now: list[Reminded] = []
    put_off: list[Reminded] = []
    too_late, moved = [], []
    for line in lines:
        reminder, end = line.reminder, pointless_after(line.reminder)
        due = due_at(reminder, line.occurrence - 1)
        if due is None or due > at:
            moved.append(line)
            continue
        if end is not None and at > end:
            too_late.append(line)
            continue
        line.not_before = _hour_of(reminder, line.side, at)
        if line.not_before == at and line.email.lower() in today:
            line.not_before = tomorrow_at_work(at, line.side, reminder.edition)
            if end is not None and line.not_before + LEAD > end:
                line.not_before = at
        (put_off if line.not_before > at else now).append(line)
    Reminded.objects.bulk_update(put_off, ["not_before"])
    for line in too_late:
        line.written_at = at
    Reminded.objects.bulk_update(too_late, ["written_at"])
    late = sorted({line.reminder for line in too_late}, key=lambda reminder: reminder.pk)
    journal.write(journal.entry(reminder, "reminder_too_late", at=at) for reminder in late)
    return now, sorted({(line.reminder_id, line.occurrence) for line in moved}, reverse=True)


def _hour_of(reminder: Reminder, side: str, at: dt.datetime) -> dt.datetime:
    """The next hour at which that side works; at once, also at night, what would come too late in the morning."""
    opens, end = next_at_work(at, side, reminder.edition), pointless_after(reminder)
    return opens if end is None or opens + LEAD <= end else at


def _written_today(lines: Sequence[Reminded], *, at: dt.datetime) -> set[str]:
    """The addresses, in small letters, of those that were reminded already on this day of theirs."""
    zones = {line.email.lower(): ZoneInfo(line.reminder.edition.zone_of(line.side)) for line in lines}
    rows = Reminded.objects.annotate(address=Lower("email")).filter(
        address__in=zones, letter__isnull=False, written_at__gt=at - dt.timedelta(days=1)
    )
    return {
        address
        for address, when in rows.values_list("address", "written_at")
        if when is not None and when.astimezone(zones[address]).date() == at.astimezone(zones[address]).date()
    }


@transaction.atomic
def _take_back(pk: int, occurrence: int, *, at: dt.datetime) -> None:
    """What a reminder is about has moved after its readers were put down: it leaves when it is due anew.

    If nobody was written to yet, its readers are found anew then; else the rest of them are written to then. Called
    when no line is held any more: the reminder is held first, and then its lines.
    """
    Reminder.objects.select_for_update().get(pk=pk)
    reminder = with_what_it_is_about(Reminder.objects.filter(pk=pk)).get()
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


def _said_once(lines: Iterable[Reminded]) -> list[Reminded]:
    """Of what is repeated the latest time only: over a weekend the same would stand in one letter several times."""
    latest: dict[tuple[str, int], Reminded] = {}
    for line in lines:
        key = (line.email.lower(), line.reminder_id)
        if key not in latest or latest[key].occurrence < line.occurrence:
            latest[key] = line
    return list(latest.values())


def _still_concerned(lines: Sequence[Reminded], run: Run) -> list[Reminded]:
    """Without those who have done meanwhile what they were to be reminded of: a night or a feast has passed; and without
    reminders whose audience cannot be asked.
    """
    for reminder in {line.reminder for line in lines if line.reminder.fired_at != run.at}:
        if reminder.pk in run.concerned or reminder.pk in run.broken:
            continue
        try:
            with transaction.atomic():
                people = recipients(reminder.audience, reminder.edition, run.at, reminder.about)
        except Exception as error:
            logger.exception("Reminder %s cannot be sent.", reminder.pk)
            run.broken[reminder.pk] = error
        else:
            run.concerned[reminder.pk] = {who.person for who in people}
    return [
        line
        for line in lines
        if line.reminder_id not in run.broken
        and line.person in run.concerned.get(line.reminder_id, {line.person})
    ]


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

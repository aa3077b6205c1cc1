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

from assises import journal
from assises.locks import Lock
from assises.mail import outbox
from assises.models import OutgoingEmail, Reminded, Reminder
from assises.reminding.audiences import recipients
from assises.reminding.claiming import fire, take_back
from assises.reminding.hours import (
    LEAD,
    due_at,
    hour_of,
    is_settled,
    latest_due,
    pointless_after,
    tomorrow_at_work,
)
from assises.reminding.letters import letter_to
from assises.silence import silenced

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
    for reminder in Reminder.objects.awaited().with_what_it_is_about():
        try:
            done = fire(reminder.pk, at=at) if latest_due(reminder, at) is not None else None
        except Exception as error:
            logger.exception("Reminder %s cannot be sent.", reminder.pk)
            run.broken[reminder.pk] = error
            continue
        fired += done is True
        skipped += done is False
    while True:
        found, done_with, moved = _write(run)
        for pk, occurrence in moved:
            take_back(pk, occurrence, at=at)
        if not found:
            break
        written += done_with
    if run.broken:
        raise next(iter(run.broken.values()))
    return {"fired": fired, "skipped": skipped, "written": written}


@transaction.atomic
def _write(run: Run) -> tuple[int, int, list[Time]]:
    """Write to some of those whose hour has come: one letter each, whatever the number of reminders.

    Returns how many lines were looked at, how many of them are done with, and what is about something that has moved:
    the latest time first.
    """
    at = run.at
    ready = Reminded.objects.filter(written_at=None, not_before__lte=at, reminder__is_paused=False).exclude(
        reminder__in=list(run.broken)
    )
    addresses = _ours(dict.fromkeys(ready.order_by("id").values_list("address", flat=True)[:BATCH]))
    found = list(
        ready.filter(address__in=addresses)
        .select_for_update(of=("self",), skip_locked=True)
        .with_what_it_is_about()
        .order_by("address", "id")
    )
    held, moved = _in_time(found, at=at)
    concerned = _still_concerned(held, run)
    held = [line for line in held if line.reminder_id not in run.broken]
    unwanted = silenced({line.email for line in held})
    lines = [line for line in concerned if line.email not in unwanted and not is_settled(line.reminder)]
    letters: dict[str, list[Reminded]] = {}
    for _address, of_one in groupby(_said_once(lines), key=lambda line: line.address):
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
    return len(found), len(held), moved


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
        line.not_before = hour_of(reminder, line.side, at)
        if line.not_before == at and line.address in today:
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


def _written_today(lines: Sequence[Reminded], *, at: dt.datetime) -> set[str]:
    """The addresses, in small letters, of those that were reminded already on this day of theirs."""
    zones = {line.address: ZoneInfo(line.reminder.edition.zone_of(line.side)) for line in lines}
    rows = Reminded.objects.filter(
        address__in=zones, letter__isnull=False, written_at__gt=at - dt.timedelta(days=1)
    )
    return {
        address
        for address, when in rows.values_list("address", "written_at")
        if when is not None and when.astimezone(zones[address]).date() == at.astimezone(zones[address]).date()
    }


def _said_once(lines: Iterable[Reminded]) -> list[Reminded]:
    """Of what is repeated the latest time only: over a weekend the same would stand in one letter several times."""
    latest: dict[tuple[str, int], Reminded] = {}
    for line in lines:
        key = (line.address, line.reminder_id)
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

"""What people decide about letters that have not left: that they leave, do not leave, or are tried again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Mailing, OutgoingEmail, User


@dataclass(frozen=True)
class Outcome:
    """How many letters a decision changed, and of those it did not, why."""

    done: int = 0
    #: They had left.
    left: int = 0
    #: A worker sends them, or somebody decides on them, at this instant.
    busy: int = 0
    #: Only what is decided about their mailing lets them go.
    of_mailing: int = 0


@transaction.atomic
def cancel(letters: Iterable[OutgoingEmail], *, at: dt.datetime, by: User) -> Outcome:
    """Call letters off. What has left, or is being sent at this instant, is not cancelled, and the outcome says so."""
    asked = {letter.pk for letter in letters}
    held = list(_held(asked))
    open_still = [row for row in held if row.sent_at is None and row.cancelled_at is None]
    _rows(open_still).update(cancelled_at=at)
    journal.write(journal.entry(row, "letter_cancelled", at=at, by=by) for row in open_still)
    return Outcome(
        done=len(open_still),
        left=sum(row.sent_at is not None for row in held),
        busy=_busy(asked, held),
    )


@transaction.atomic
def try_again(letters: Iterable[OutgoingEmail], *, at: dt.datetime, by: User) -> Outcome:
    """Let letters leave at the next turn of a worker: those that failed, came back, or were called off one by one.

    Nobody gets a letter twice: those that have left stay where they are. A mailing that is not approved is not
    approved by this.
    """
    asked = {letter.pk for letter in letters}
    held = list(_held(asked))
    unsent = [row for row in held if row.sent_at is None]
    free = [row for row in unsent if row.mailing is None or row.mailing.approved_at is not None]
    _rows(free).update(cancelled_at=None, bounced_at=None, next_attempt_at=at)
    journal.write(journal.entry(row, "sent again", at=at, by=by) for row in free)
    if free:
        transaction.on_commit(outbox.wake)
    return Outcome(
        done=len(free),
        left=len(held) - len(unsent),
        busy=_busy(asked, held),
        of_mailing=len(unsent) - len(free),
    )


@transaction.atomic
def approve(mailing: Mailing, *, at: dt.datetime, by: User) -> Mailing:
    """Let the letters of a mailing leave. Refuses what somebody has decided meanwhile."""
    row = _undecided(mailing)
    row.approved_at, row.approved_by = at, by
    row.save(update_fields=["approved_at", "approved_by"])
    journal.write([journal.entry(row, "mailing_approved", at=at, by=by, letters=row.count)])
    transaction.on_commit(outbox.wake)
    return row


@transaction.atomic
def cancel_mailing(mailing: Mailing, *, at: dt.datetime, by: User) -> Mailing:
    """Call a mailing off: none of its letters leaves, now or later. Refuses what somebody has decided meanwhile."""
    row = _undecided(mailing)
    row.cancelled_at, row.cancelled_by = at, by
    row.save(update_fields=["cancelled_at", "cancelled_by"])
    journal.write([journal.entry(row, "mailing_cancelled", at=at, by=by, letters=row.count)])
    return row


def being_sent(pks: Iterable[int]) -> set[int]:
    """Which of these letters a worker holds at this instant; one query, which hinders nobody who looks or decides."""
    asked = set(pks)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM assises_outgoingemail WHERE id = ANY(%s) FOR KEY SHARE SKIP LOCKED", [list(asked)]
        )
        return asked - {pk for (pk,) in cursor.fetchall()}


def _held(pks: Iterable[int]) -> QuerySet[OutgoingEmail]:
    """These letters as they are now, kept until the end of the transaction, without those that somebody else holds."""
    rows = OutgoingEmail.objects.filter(pk__in=pks).order_by("pk")
    rows = rows.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return rows.select_related("mailing").defer("text", "html")


def _busy(asked: set[int], held: list[OutgoingEmail]) -> int:
    """Those that are there and that we do not hold."""
    missing = asked - {row.pk for row in held}
    return OutgoingEmail.objects.filter(pk__in=missing).count() if missing else 0


def _rows(letters: list[OutgoingEmail]) -> QuerySet[OutgoingEmail]:
    return OutgoingEmail.objects.filter(pk__in=[letter.pk for letter in letters])


def _undecided(mailing: Mailing) -> Mailing:
    row = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if row.approved_at is not None:
        raise Refusal(_("Somebody has approved this mailing meanwhile: its letters are leaving."))
    if row.cancelled_at is not None:
        raise Refusal(_("Somebody has cancelled this mailing meanwhile: none of its letters leaves."))
    return row

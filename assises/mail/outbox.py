"""Letters are written here, in their reader's language, together with what they speak of."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from assises import journal
from assises.models import Mailing, OutgoingEmail, User

logger = logging.getLogger(__name__)

#: Letters that one wake-up of the worker waits for, so that a rush is not one message each.
GATHER_SECONDS = 1


@dataclass(frozen=True)
class Letter:
    """One letter to one reader. ``event`` names its templates, ``<app>/mail/<name>``.

    ``key`` says what the letter is about: the same key is written, and sent, once. ``reply_to`` is who reads the
    answers; if nobody is named, the contact of the edition that the letter speaks of.
    """

    event: str
    key: str
    to_email: str
    to_name: str
    language: str
    context: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""


def write(
    letters: Iterable[Letter], *, at: dt.datetime, by: User | None = None, is_mailing: bool = False
) -> None:
    """Write the letters, in one statement; they leave when the transaction commits.

    A letter whose key was written before is passed over: it has left, or will. With ``is_mailing`` they are the
    letters of one act of ``by``, for which nobody waits: if they are many, somebody looks at them before they leave.
    """
    rows = [_row(letter, at) for letter in letters]
    if is_mailing and waits_for_approval(len(rows)):
        _hold(rows, at=at, by=by)
    elif rows:
        OutgoingEmail.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wake)


def waits_for_approval(count: int) -> bool:
    """Whether so many letters of one act are a mailing."""
    return count > settings.MASS_LETTERS


@transaction.atomic
def _hold(rows: list[OutgoingEmail], *, at: dt.datetime, by: User | None) -> None:
    mailing = Mailing.objects.create(event=rows[0].event, count=len(rows), created_at=at, created_by=by)
    for row in rows:
        row.mailing = mailing
    OutgoingEmail.objects.bulk_create(rows, ignore_conflicts=True)
    # Asked twice, the letters are those of the first time.
    mailing.count = mailing.letters.count()
    if mailing.count:
        mailing.save(update_fields=["count"])
        journal.write([journal.entry(mailing, "mailing_written", at=at, by=by, letters=mailing.count)])
    else:
        mailing.delete()


def _row(letter: Letter, at: dt.datetime) -> OutgoingEmail:
    subject, text, html = _parts(letter, at)
    return OutgoingEmail(
        key=letter.key,
        event=letter.event,
        to_email=letter.to_email,
        to_name=letter.to_name,
        reply_to=letter.reply_to or getattr(letter.context.get("edition"), "contact_email", ""),
        language=letter.language,
        subject=subject,
        text=text,
        html=html,
        created_at=at,
        next_attempt_at=at,
    )


def rendered(letter: Letter, *, at: dt.datetime) -> tuple[str, str]:
    """Subject and text of a letter that is only looked at."""
    subject, text, _html = _parts(letter, at)
    return subject, text


def _parts(letter: Letter, at: dt.datetime) -> tuple[str, str, str]:
    app, name = letter.event.split("/")
    context = {
        **letter.context,
        "to_name": letter.to_name,
        "language": letter.language,
        "base_url": settings.BASE_URL,
        "written_at": at,
    }
    with translation.override(letter.language):
        return (
            " ".join(render_to_string(f"{app}/mail/{name}.subject.txt", context).split()),
            render_to_string(f"{app}/mail/{name}.body.txt", context).strip() + "\n",
            render_to_string(f"{app}/mail/{name}.body.html", context),
        )


def wake() -> None:
    """Tell a worker that there are letters. If nobody hears it, beat finds them within half a minute."""
    if not cache.add("outbox:woken", 1, timeout=GATHER_SECONDS):
        return
    from assises.mail.tasks import deliver_pending

    try:
        deliver_pending.apply_async(countdown=GATHER_SECONDS, retry=False)
    except Exception:  # the broker's library raises of its own, and a letter must never fail a page
        logger.warning("The broker does not answer; beat will send what waits in the outbox.", exc_info=True)

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

from assises.models import OutgoingEmail

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


def write(letters: Iterable[Letter], *, at: dt.datetime) -> None:
    """Write the letters, in one statement; they leave when the transaction commits.

    A letter whose key was written before is passed over: it has left, or will.
    """
    rows = [_row(letter, at) for letter in letters]
    if rows:
        OutgoingEmail.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wake)


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

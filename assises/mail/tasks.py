import datetime as dt
import functools
import logging
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from assises import clock
from assises.characters import without
from assises.models import OutgoingEmail
from assises.silence import headers_of

if TYPE_CHECKING:
    from django.db.models.query import RawQuerySet

logger = logging.getLogger(__name__)

#: Letters that leave on one connection before another worker may have its turn.
BATCH = 200
#: What a mail server says that closes its door (RFC 5321).
CLOSING = 421
#: From this code on it refuses for good (RFC 5321).
FOR_GOOD = 500
#: Minutes until the next attempt, after the first, second… failure; then the last of them for good.
BACK_OFF = [1, 5, 15, 60, 240]


@shared_task
def deliver_pending() -> int:
    """Send every letter that is due; returns how many left. May run twice, or beside itself, without harm."""
    sent = last = 0
    # The first letter opens it: a server that is down is noted where people look for their letters.
    connection = get_connection()
    try:
        # Those that have left are not looked through again for each letter.
        while sent < BATCH and (last := deliver_next(connection, at=clock.now(), after=last)):
            sent += 1
    finally:
        connection.close()
    if sent == BATCH:
        # More may wait: beat would come back in some seconds only.
        _go_on()
    return sent


def _go_on() -> None:
    """Ask for another turn; if nobody hears it, beat comes by."""
    try:
        deliver_pending.apply_async(retry=False)
    except Exception:  # the broker's library raises of its own
        logger.warning("The broker does not answer; beat will send what waits in the outbox.", exc_info=True)


@transaction.atomic
def deliver_next(connection: BaseEmailBackend, *, at: dt.datetime, after: int = 0) -> int:
    """Deal with the next due letter that no other worker holds, of those written ``after`` one.

    Returns its number; 0 if there is none, or no server to take it.

    One letter, one transaction: what one letter or a slow server does is nothing to the others. Delivery is at
    least once: after a crash between the server's acceptance and the commit, a letter leaves again, with the
    same Message-ID.
    """
    letter = next(iter(_next_due(at, after)), None)
    if letter is None:
        return 0
    letter.attempts += 1
    server_answers = True
    try:
        # Once for all letters of this run; what is open already stays so.
        connection.open()
        message(letter, connection).send()
    except Exception as error:  # of the server, the network, or of an address that cannot be written
        minutes = BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1]
        letter.next_attempt_at = at + dt.timedelta(minutes=minutes)
        letter.last_error = _reason(error)[:300] or type(error).__name__
        letter.bounced_at = at if _is_for_good(error) else None
        logger.warning("Letter %s did not leave: %s", letter.pk, type(error).__name__)
        if _is_of_the_server(error):
            connection.close()
            server_answers = False
    else:
        letter.sent_at = at
        letter.last_error = ""
    letter.save(update_fields=["attempts", "next_attempt_at", "last_error", "sent_at", "bounced_at"])
    return letter.pk if server_answers else 0


def _next_due(at: dt.datetime, after: int) -> "RawQuerySet[OutgoingEmail]":
    """The oldest due letter that nobody holds, held until the transaction ends; none, or one."""
    statement, values = _statement()
    given = {_SOME_TIME: at, _SOME_NUMBER: after}
    return OutgoingEmail.objects.raw(statement, [given.get(value, value) for value in values])


#: They stand in the statement, which is written once, for what each call gives.
_SOME_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SOME_NUMBER = -1


@functools.cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Written once a process: it is the same for each letter, and writing it took longer than asking it."""
    found = OutgoingEmail.objects.due(_SOME_TIME).filter(pk__gt=_SOME_NUMBER)
    with transaction.atomic():  # rows are locked in one only; none is asked for here
        return found.select_for_update(skip_locked=True)[:1].query.sql_with_params()


def _answers(error: Exception) -> list[tuple[int, str]]:
    """Code and words of a server that refuses this letter or its reader; none of any other error."""
    found: list[tuple[int, bytes | str]] = []
    if isinstance(error, SMTPRecipientsRefused):
        found += error.recipients.values()
    elif isinstance(error, SMTPDataError):
        found.append((error.smtp_code, error.smtp_error))
    return [
        (code, words.decode(errors="replace") if isinstance(words, bytes) else words) for code, words in found
    ]


def _is_for_good(error: Exception) -> bool:
    """Whether the server says that it will never take this letter (5xx): it has come back."""
    answers = _answers(error)
    return bool(answers) and all(code >= FOR_GOOD for code, _words in answers)


def _reason(error: Exception) -> str:
    """What the server said, in one line; it may say anything, the database holds no NUL."""
    said = "; ".join(f"{code} {words}" for code, words in _answers(error)) or str(error)
    return " ".join(without(said).split())


def _is_of_the_server(error: Exception) -> bool:
    """Whether no other letter would leave now either; a letter that is refused says nothing of the next one."""
    if isinstance(error, SMTPRecipientsRefused):
        return False
    if isinstance(error, SMTPDataError | SMTPSenderRefused):
        return error.smtp_code == CLOSING
    return isinstance(error, OSError | SMTPException)


def message(letter: OutgoingEmail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The letter as it leaves. Its Message-ID never changes, so that a second copy is known as one."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to_email],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        connection=connection,
        headers={
            "Message-ID": f"<letter-{letter.pk}@{domain}>",
            "Date": letter.created_at.astimezone(timezone.get_default_timezone()).strftime(
                "%a, %d %b %Y %H:%M:%S %z"
            ),
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
            # Of all letters only reminders can be done without.
            **(headers_of(letter.to_email) if letter.event == "assises/reminder" else {}),
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail

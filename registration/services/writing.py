"""Letters that the organisers write themselves."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, User
from registration import letters
from registration.models import Registration


@dataclass(frozen=True)
class Message:
    """A subject and a text in French, in Chinese, or in both. ``key`` is that of the page it was typed on."""

    key: uuid.UUID
    subject_fr: str = ""
    text_fr: str = ""
    subject_zh: str = ""
    text_zh: str = ""

    def for_reader(self, language: str) -> tuple[str, str, str]:
        """Subject, text and their language for somebody who reads ``language``; the other one if it is missing."""
        french, chinese = (self.subject_fr, self.text_fr, "fr"), (self.subject_zh, self.text_zh, "zh-hans")
        first, second = (chinese, french) if language == "zh-hans" else (french, chinese)
        return first if first[1] else second


def as_letters(
    message: Message, registrations: Sequence[Registration], *, edition: Edition
) -> list[outbox.Letter]:
    """The letters that ``write_letter`` would write, one for each person."""
    written = []
    for registration in registrations:
        subject, text, language = message.for_reader(registration.language)
        written.append(
            letters.to_person(
                "from_organisers",
                registration,
                edition=edition,
                once=str(message.key),
                subject=subject,
                body=text,
                body_language=language,
            )
        )
    return written


@transaction.atomic
def write_letter(
    message: Message,
    registrations: Sequence[Registration],
    *,
    edition: Edition,
    at: dt.datetime,
    by: User | None,
) -> int:
    """Write to each person in the language that person reads; returns how many. Sent twice, it is one letter each.

    To many it is a mailing, which somebody approves first. Refuses a letter without a subject or a text.
    """
    if not any(
        s and t for s, t in ((message.subject_fr, message.text_fr), (message.subject_zh, message.text_zh))
    ):
        raise Refusal(_("A letter needs a subject and a text, in one of the two languages at least."))
    outbox.write(as_letters(message, registrations, edition=edition), at=at, by=by, is_mailing=True)
    journal.write(
        journal.entry(r, "written to", at=at, by=by, letter=str(message.key)) for r in registrations
    )
    return len(registrations)

"""The letter of a day: all that its reader is to be reminded of, in their language."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import translation

from assises.mail.outbox import Letter
from assises.models import Reminded, Reminder
from assises.reminding.audiences import Recipient
from assises.silence import page_of


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

"""The letters about a contribution. Each goes to its reader once, in the reader's language."""

import datetime as dt
from typing import Any

from assises.mail import outbox
from assises.mail.outbox import Letter
from program import links
from program.models import Contribution


def to_proposer(event: str, row: Contribution, *, at: dt.datetime, once: str = "") -> None:
    """Write ``event`` to whoever proposed it, with the link to the own page; not again for the same ``once``."""
    context = {"proposer_token": links.proposer_token(row)}
    _write(event, row, "proposer", once, at, row.email, row.proposer, row.language, context)


def to_speaker(event: str, row: Contribution, *, at: dt.datetime, once: str = "") -> None:
    """Write ``event`` to the speaker, with the link by which to answer; nothing where there is no address.

    As ``to_proposer``, not again for the same ``once``.
    """
    speaker = row.speaker
    if speaker is None or not speaker.email:
        return
    name = speaker.name_zh if speaker.language == "zh-hans" and speaker.name_zh else speaker.full_name
    context = {"speaker_token": links.speaker_token(row, speaker)}
    if one_reader(row):
        context |= {"proposer_token": links.proposer_token(row)}
    _write(event, row, "speaker", once, at, speaker.email, name or row.proposer, speaker.language, context)


def one_reader(row: Contribution) -> bool:
    """Whether proposer and speaker are one reader: then one letter says it all."""
    return row.speaker is not None and row.speaker.email.lower() == row.email.lower()


def _write(
    event: str,
    row: Contribution,
    reader: str,
    once: str,
    at: dt.datetime,
    email: str,
    name: str,
    language: str,
    context: dict[str, Any],
) -> None:
    letter = Letter(
        event=f"program/{event}",
        # The moment tells apart what may happen again: asked for changes twice, accepted anew.
        key=f"contribution:{row.key}:{event}:{reader}:{once or format(at, '%Y%m%dT%H%M%S')}",
        to_email=email,
        to_name=name,
        language=language,
        context={
            "edition": row.edition,
            "contribution": row,
            "session": row.session,
            "speaker": row.speaker,
            **context,
        },
    )
    outbox.write([letter], at=at)

"""The people of the programme whom a moved session concerns: who speaks in it, or proposed what is told in it."""

import datetime as dt
from collections.abc import Iterable, Iterator

from assises.models import Edition
from assises.templatetags.typography import is_chinese
from program.audiences import Reader, told_of_moves
from program.enums import RETAINED, SpeakerState
from program.models import Contribution, SessionPart, Speaker


@told_of_moves
def speakers_and_authors(edition: Edition, guids: set[str], at: dt.datetime) -> Iterable[Reader]:
    """Nobody who declined, and nobody whose contribution was not retained."""
    parts = SessionPart.objects.filter(session__edition=edition, session__guid__in=guids)
    for part in parts.select_related("session", "speaker", "contribution__speaker").order_by("pk"):
        where = frozenset([str(part.session.guid)])
        contribution = part.contribution
        if contribution is None:
            yield from _speaker(part.speaker, where)
        elif contribution.state in RETAINED:
            if part.voice is not None and part.voice[1] != SpeakerState.DECLINED:
                yield from _speaker(part.voice[0], where)
            yield _author(contribution, where)


def _speaker(speaker: Speaker | None, where: frozenset[str]) -> Iterator[Reader]:
    if speaker is not None and speaker.email and speaker.state != SpeakerState.DECLINED:
        chinese = is_chinese(speaker.language) and speaker.name_zh
        yield Reader(f"speaker:{speaker.pk}", speaker.email, chinese or str(speaker), speaker.language, where)


def _author(contribution: Contribution, where: frozenset[str]) -> Reader:
    # As in the other letters about it: one form, so that all are found when they are to be erased.
    key = f"contribution:{contribution.key}"
    return Reader(key, contribution.email, contribution.proposer, contribution.language, where)

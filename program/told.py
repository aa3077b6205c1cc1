"""The people of the programme whom a moved session concerns: those who speak in it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from assises.models import Edition
from program.audiences import Reader, told_of_moves
from program.enums import SpeakerState
from program.models import SessionPart, Speaker


@told_of_moves
def speakers(edition: Edition, guids: set[str], at: dt.datetime) -> Iterable[Reader]:
    parts = SessionPart.objects.filter(session__edition=edition, session__guid__in=guids).filter(
        Q(speaker__isnull=False) | Q(contribution__speaker__isnull=False)
    )
    sessions: dict[int, set[str]] = defaultdict(set)
    people: dict[int, Speaker] = {}
    for part in parts.select_related("session", "speaker", "contribution__speaker"):
        speaker = part.speaker or (part.contribution.speaker if part.contribution else None)
        if speaker is not None and speaker.email and speaker.state != SpeakerState.DECLINED:
            people[speaker.pk] = speaker
            sessions[speaker.pk].add(str(part.session.guid))
    for pk, speaker in people.items():
        yield Reader(speaker.email, str(speaker), speaker.language, frozenset(sessions[pk]))

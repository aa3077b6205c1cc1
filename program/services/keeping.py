"""How long those who proposed and those who were asked to speak are kept: as the page on personal data tells."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from assises import journal
from assises.models import Edition, JournalEntry, OutgoingEmail, Reminded
from program.enums import SpeakerState
from program.models import Contribution, Speaker

#: Days after the event until names and addresses are erased; what the published programme says stays.
KEPT_DAYS = 365
#: What stands where a name was.
NOBODY = "—"


@dataclass(frozen=True)
class Forgotten:
    """How many of each were made nameless: the proof of it, without saying whose they were."""

    contributions: int
    speakers: int


@transaction.atomic
def forget_proposers(edition: Edition, *, at: dt.datetime) -> Forgotten:
    """A year after the edition, erase who proposed, everybody's address and the letters; running twice is harmless.

    The name of a speaker who confirmed stands in the published programme and stays; all others go.
    """
    if (at.date() - edition.ends_on).days <= KEPT_DAYS:
        return Forgotten(0, 0)
    contributions = list(Contribution.objects.filter(edition=edition).exclude(email=""))
    silent = ~Q(state=SpeakerState.CONFIRMED) & (~Q(family_name="") | ~Q(name_zh=""))
    speakers = list(Speaker.objects.filter(~Q(email="") | silent, edition=edition))
    for row in contributions:
        OutgoingEmail.objects.filter(key__startswith=f"contribution:{row.key}:").delete()
        Reminded.objects.filter(person=f"contribution:{row.key}").delete()
        row.given_name = row.family_name = NOBODY
        row.email = ""
        row.save()
    for speaker in speakers:
        OutgoingEmail.objects.filter(key__startswith=f"speaker:{speaker.pk}:").delete()
        speaker.email = ""
        if speaker.state != SpeakerState.CONFIRMED:
            speaker.given_name = speaker.family_name = speaker.name_zh = ""
            speaker.family_pinyin = speaker.given_pinyin = ""
        speaker.save()
    # A reason may be in a person's own words.
    ours = [(Contribution, [c.pk for c in contributions]), (Speaker, [s.pk for s in speakers])]
    for kind, ids in ours:
        subjects = JournalEntry.objects.filter(subject_type=kind._meta.label_lower, subject_id__in=ids)
        subjects.exclude(reason="").update(reason="")
    done = Forgotten(len(contributions), len(speakers))
    if any(vars(done).values()):
        journal.write([journal.entry(edition, "proposers_forgotten", at=at, **vars(done))])
    return done

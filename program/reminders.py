"""The people of the programme that a reminder can be for."""

import datetime as dt
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assises.models import Edition
from assises.reminding.audiences import About, Recipient, audience
from program import links
from program.enums import ContributionState
from program.models import Contribution


@audience("program.speakers_asked", _("speakers who have not answered"))
def speakers_asked(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    rows = Contribution.objects.filter(
        edition=edition, state=ContributionState.ACCEPTED, speaker_declined_at=None, speaker__isnull=False
    ).exclude(speaker__email="")
    for row in rows.select_related("speaker").order_by("pk"):
        speaker = row.speaker
        assert speaker is not None
        with translation.override(speaker.language):
            link = links.speaker_page(links.speaker_token(row, speaker))
        name = speaker.name_zh if speaker.language == "zh-hans" and speaker.name_zh else speaker.full_name
        yield Recipient(f"contribution:{row.key}", speaker.email, name, speaker.language, speaker.side, link)


@audience("program.changes_asked", _("authors who were asked to change their contribution"))
def changes_asked(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    rows = Contribution.objects.filter(edition=edition, state=ContributionState.CHANGES_ASKED)
    for row in rows.order_by("pk"):
        with translation.override(row.language):
            link = links.own_page(links.proposer_token(row))
        yield Recipient(f"contribution:{row.key}", row.email, row.proposer, row.language, row.side, link)

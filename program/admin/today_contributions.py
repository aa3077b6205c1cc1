"""What waits for an answer among the contributions, on the first page."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q

from assises.back_office import panel
from assises.models import Edition
from program.call import call_of
from program.enums import ContributionState


@panel("program/back_office/_panel_contributions.html", permission="program.view_contribution", order=40)
def contributions_today(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """The numbers of today, in one query; each leads to what it counts."""
    accepted = Q(state=ContributionState.ACCEPTED)
    declined = accepted & Q(speaker_declined_at__isnull=False)
    return {
        "call": call_of(edition, at),
        **edition.contributions.aggregate(
            to_answer=Count("pk", filter=Q(state=ContributionState.PROPOSED)),
            to_confirm=Count("pk", filter=accepted & ~declined),
            declined=Count("pk", filter=declined),
            confirmed=Count("pk", filter=Q(state=ContributionState.CONFIRMED)),
        ),
    }

"""Who judges: administrators name the jury, and the journal of the award says who was made what."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from assises import journal
from assises.models import User
from awards.enums import Phase
from awards.models import JuryMember
from awards.services.phases import held
from awards.services.recusals import find_ties


@transaction.atomic
def appoint(member: JuryMember, *, at: dt.datetime, by: User) -> None:
    """Keep a member as it was named, or named anew; once the jury declares its conflicts, with what our lists tell."""
    call = held(member.call)
    member.save()
    _note([member], there=True, at=at, by=by)
    if call.phase in (Phase.CONFLICTS, Phase.SCORING, Phase.DELIBERATION):
        find_ties(call, at=at, among=[member])


@transaction.atomic
def dismiss(members: Iterable[JuryMember], *, at: dt.datetime, by: User) -> None:
    """Take members out of the jury. ``IntegrityError`` where one has agreed to something already."""
    found = list(members)
    _note(found, there=False, at=at, by=by)
    JuryMember.objects.filter(pk__in=[member.pk for member in found]).delete()


def _note(members: Iterable[JuryMember], *, there: bool, at: dt.datetime, by: User) -> None:
    journal.write(
        journal.entry(
            member.call, "jury_changed", at=at, by=by,
            account=member.user_id, side=member.side, role=member.role, organisation=member.organisation_id, there=there,
        )
        for member in members
    )  # fmt: skip

"""Who judges: administrators name the jury, and the journal of the award says who was made what."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from assises import journal
from assises.models import User
from awards.models import JuryMember


@transaction.atomic
def appoint(member: JuryMember, *, at: dt.datetime, by: User) -> None:
    """Keep a member as it was named, or named anew."""
    member.save()
    _note([member], there=True, at=at, by=by)


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
            account=member.user_id, side=member.side, role=member.role, there=there,
        )
        for member in members
    )  # fmt: skip

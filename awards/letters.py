"""The letters about the award. Each goes to its reader once, in the reader's language."""

import datetime as dt

from django.urls import reverse

from assises.enums import Side
from assises.mail import outbox
from assises.mail.outbox import Letter
from awards.enums import Phase
from awards.models import Call, JuryMember


def to_other_president(call: Call, member: JuryMember, *, phase: str, at: dt.datetime) -> None:
    """Tell the other side's co-president what this one has agreed to; nobody where that one has agreed too."""
    other = call.jury.presidents().exclude(side=member.side).select_related("user").first()
    agreed = call.agreements.filter(member=other, phase=phase) if other else call.agreements.none()
    if not phase:
        agreed = agreed.filter(rules__frozen_at=None)
    if other is None or agreed.exists():
        return
    letter = Letter(
        event="awards/agreement_awaited",
        key=f"award:{call.pk}:agreement:{phase or 'rules'}:{member.side}:{at:%Y%m%dT%H%M%S}",
        to_email=other.user.email,
        to_name=str(other.user),
        language=other.user.language,
        context={
            "edition": call.edition,
            "call": call,
            "phase": Phase(phase) if phase else None,
            "side": Side(member.side),
            "path": reverse("admin:award"),
        },
    )
    outbox.write([letter], at=at)

"""The pair that leads a workshop: one authority of each side (S-100)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from assises.enums import Side
from assises.models import Organisation, User
from assises.rules import write
from program.models import CoLead, Session
from program.services.sessions import held, turn


@dataclass(frozen=True)
class Half:
    """One half of a pair; ``confirmed_on`` is open until the authority has said yes."""

    organisation: Organisation
    confirmed_on: dt.date | None = None


@transaction.atomic
def set_leads(
    session: Session,
    pair: Mapping[Side, Half | None],
    *,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> Session:
    """Give the session the halves in ``pair``; None leaves that side open. Asking twice changes nothing.

    Refuses an authority of the other side; raises ``Conflict`` as ``change_session`` does.
    """
    current = held(session, version)
    before = {lead.side: lead for lead in current.leads.all()}
    changed = [side for side, half in pair.items() if _set(current, side, before.get(side), half)]
    if changed:
        turn(current, "leads_changed", at=at, by=by, sides=[side.value for side in changed])
    return current


def _set(session: Session, side: Side, before: CoLead | None, half: Half | None) -> bool:
    if half is None:
        if before is not None:
            before.delete()
        return before is not None
    lead = before or CoLead(session=session, side=side)
    now = (half.organisation.pk, half.confirmed_on)
    if lead.pk and (lead.organisation_id, lead.confirmed_on) == now:
        return False
    lead.organisation, lead.confirmed_on = half.organisation, half.confirmed_on
    write(lead)
    return True

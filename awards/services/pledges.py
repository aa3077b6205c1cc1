"""A member of the jury promises impartiality and confidentiality."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.canonical import hash_of
from assises.exceptions import Refusal
from awards import sealing
from awards.enums import SealKind
from awards.models import JuryMember, Pledge
from awards.pledges import text_of
from awards.services.phases import held

constraints.declare({"awards_pledge_stays": gettext_lazy("What a member of the jury has signed stays.")})


@transaction.atomic
def sign_pledge(member: JuryMember, *, digest: str, at: dt.datetime) -> Pledge:
    """Keep that this member has signed the pledge with this hash, and seal it. Signing twice changes nothing.

    Refuses a text that was changed since it was read.
    """
    call = held(member.call)
    signed = Pledge.objects.filter(member=member).first()
    if signed is not None:
        return signed
    content = text_of(call)
    if hash_of(content) != digest:
        raise Refusal(_("The pledge was changed since you opened this page. Read it again, then sign."))
    pledge = Pledge.objects.create(member=member, content=content, digest=digest, at=at)
    sealing.seal(call, kind=SealKind.PLEDGE, subject=pledge.pk, content=sealing.pledge_content(pledge), at=at)
    journal.write(
        [journal.entry(member, "pledge_signed", at=at, by=member.user, side=member.side, digest=digest)]
    )
    return pledge

"""The minutes of a jury that has deliberated, and their signatures, in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.enums import Side
from assises.models import Edition
from awards import services
from awards.enums import Effect, JuryRole
from awards.models import Call, JuryMember, JuryMinutes
from awards.services.minutes import write_content
from awards.wording import Wording
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.jury_factories import FR, IN_DELIBERATION, juror, members, secretary


def in_sealed(edition: Edition, *, applications: int = 2, **fields: Any) -> Call:
    """The results are sealed: application 1 has the prize."""
    call = in_deliberation(edition, applications=applications, **fields)
    a_sitting(call)
    decided(call, 1)
    return seal(call)


def written(call: Call, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    """The first minutes, written and waiting for signatures."""
    minutes = services.begin_minutes(call, at=at, by=secretary(call).user)
    return rewritten(minutes, at=at)


def rewritten(minutes: JuryMinutes, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    """With what they say now; ``printed`` has their document too, which takes a second."""
    write_content(minutes.pk, at=at)
    return JuryMinutes.objects.select_related("call__edition").get(pk=minutes.pk)


def printed(minutes: JuryMinutes, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    services.write_minutes(at=at)
    return rewritten(minutes, at=at)


def signers(call: Call) -> list[JuryMember]:
    return [m for side in Side for m in members(call, side, JuryRole.PRESIDENT, JuryRole.SECRETARY)]


def sign_all(minutes: JuryMinutes, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    for member in signers(minutes.call):
        services.sign_minutes(minutes, digest=minutes.digest, at=at, by=member.user)
    return rewritten(minutes, at=at)


def signed(call: Call) -> JuryMinutes:
    return sign_all(written(call))


def comments_wanted(call: Call) -> None:
    """While a sitting is open: both sides want the comments to be sent."""
    item = services.add_item(
        call, Wording("Commentaires", "评语"), [], at=IN_DELIBERATION, by=juror(call, FR, 0).user
    )
    decided(call, effect=Effect.COMMENTS, under=item)

"""The minutes of a jury that has deliberated, and their signatures, in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.enums import Side
from assises.models import Edition
from awards import services
from awards.enums import Effect, JuryRole, Phase
from awards.models import Call, JuryMember, JuryMinutes
from tests.award_factories import opened
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.jury_factories import FR, IN_DELIBERATION, juror, members, secretary

IN_CEREMONY = dt.datetime(2018, 12, 13, 8, 5, tzinfo=dt.UTC)


def in_sealed(edition: Edition, *, applications: int = 2, **fields: Any) -> Call:
    """The results are sealed: application 1 has the prize."""
    call = in_deliberation(edition, applications=applications, **fields)
    a_sitting(call)
    decided(call, 1)
    return sealed(call)


def sealed(call: Call) -> Call:
    """The sitting is closed, and both co-presidents have agreed to seal the results."""
    services.close_sitting(call, at=IN_DELIBERATION, by=juror(call, FR, 0).user)
    return opened(call, Phase.SEALED, at=IN_DELIBERATION)


def written(call: Call, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    """The first minutes, written and waiting for signatures."""
    minutes = services.begin_minutes(call, at=at, by=secretary(call).user)
    return rewritten(minutes, at=at)


def rewritten(minutes: JuryMinutes, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    services.write_minutes(at=at)
    return JuryMinutes.objects.select_related("call__edition").get(pk=minutes.pk)


def signers(call: Call) -> list[JuryMember]:
    return [m for side in Side for m in members(call, side, JuryRole.PRESIDENT, JuryRole.SECRETARY)]


def sign_all(minutes: JuryMinutes, *, at: dt.datetime = IN_DELIBERATION) -> JuryMinutes:
    for member in signers(minutes.call):
        services.sign_minutes(minutes, digest=minutes.digest, at=at, by=member.user)
    return rewritten(minutes, at=at)


def signed(call: Call) -> JuryMinutes:
    return sign_all(written(call))


def published(call: Call, *, at: dt.datetime = IN_CEREMONY) -> Call:
    """Released on the stage, with signed minutes."""
    if not call.minutes.exists():
        signed(call)
    return opened(call, Phase.PUBLISHED, at=at)


def comments_wanted(call: Call) -> None:
    """While a sitting is open: both sides want the comments to be sent."""
    item = services.add_item(
        call, wording("Commentaires", "评语"), [], at=IN_DELIBERATION, by=juror(call, FR, 0).user
    )
    decided(call, effect=Effect.COMMENTS, under=item)


def wording(french: str, chinese: str) -> Any:
    from awards.wording import Wording

    return Wording(french, chinese)

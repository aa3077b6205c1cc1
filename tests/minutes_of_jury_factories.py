"""The minutes of a jury that has deliberated, and their signatures, in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.enums import Side
from assises.models import Edition, User
from awards import services
from awards.enums import SIGNING, Choice, Effect
from awards.models import Call, JuryMember, JuryMinutes
from awards.services.minutes import write_content
from awards.wording import Wording
from tests.deliberation_factories import a_sitting, an_open_vote, decided, in_deliberation, recuse, seal
from tests.jury_factories import FR, IN_DELIBERATION, juror, members, rows_of, secretary, sign, substitute

REMARKS = Wording("Le débat a porté sur la durée des projets.", "讨论围绕项目的持续时间展开。")
REASON = Wording("Une fonction était mal traduite.", "一项职务译文有误。")


def in_sealed(edition: Edition, *, applications: int = 2, **fields: Any) -> Call:
    """The results are sealed: application 1 has the prize."""
    call = in_deliberation(edition, applications=applications, **fields)
    a_sitting(call)
    decided(call, 1)
    return seal(call)


def in_sealed_without(edition: Edition, *recused: tuple[Side, int], prize: int, **fields: Any) -> Call:
    """These members, by side and place, are recused from application 2; whoever judges it gives application ``prize`` the
    prize. The French substitute has signed, and judges nothing.
    """
    call = in_deliberation(edition, applications=2, quorum_per_side=2, **fields)
    out = [juror(call, *member) for member in recused]
    for member in out:
        recuse(member, rows_of(call)[1])
    sign(substitute(call), at=IN_DELIBERATION)
    a_sitting(call)
    president = juror(call, FR, 0).user
    motion = an_open_vote(call, prize, by=president)
    for member in members(call):
        if prize != 2 or member not in out:
            services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=member.user)
    services.close_vote(motion, at=IN_DELIBERATION, by=president)
    return seal(call)


def remark(minutes: JuryMinutes, text: Wording = REMARKS, *, by: User | None = None) -> JuryMinutes:
    by = by or secretary(minutes.call).user
    return services.write_remarks(minutes, text, at=IN_DELIBERATION, by=by)


def amended(
    minutes: JuryMinutes, text: Wording = REASON, *, at: dt.datetime = IN_DELIBERATION
) -> JuryMinutes:
    """New minutes that amend these, not yet written."""
    return services.amend_minutes(minutes, text, at=at, by=secretary(minutes.call).user)


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
    return [m for side in Side for m in members(call, side, *SIGNING)]


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

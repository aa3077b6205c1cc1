"""Members vote on a motion, and a co-president closes the vote."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import sealing
from awards.effects import apply
from awards.enums import Choice, MotionState, SealKind
from awards.models import Ballot, JuryMember, Motion, Sitting, Vote
from awards.room import Room, room_of
from awards.services.motions import concerned_of, note, taken
from awards.services.sittings import presiding

#: Why a vote is void, by a word; the sentences stand with the page.
NO_QUORUM, RECUSED_MEANWHILE = "no_quorum", "recused"


@transaction.atomic
def vote(motion: Motion, choice: Choice, *, at: dt.datetime, by: User) -> None:
    """A member says yes, no, or abstains. By name it may be changed until the vote is closed; secret, never.

    Of a secret vote the table says who has voted, and holds ballots that nothing ties to them. Refuses whoever does not
    vote on all its applications or is not in the room, and a vote that is not open.
    """
    call, sitting, motion = taken(motion)
    if motion.state != MotionState.OPEN:
        raise Refusal(_("This vote is closed: your vote did not come in time, and does not count."))
    concerned = concerned_of(motion)
    room = room_of(call, sitting, concerned, at=at)
    member = _voter(room, concerned, by)
    if not motion.is_secret:
        Vote.objects.update_or_create(motion=motion, member=member, defaults={"choice": choice})
    elif Vote.objects.filter(motion=motion, member=member).exists():
        raise Refusal(_("You have voted on this motion. A secret vote cannot be changed."))
    else:
        Vote.objects.create(motion=motion, member=member)
        _shuffle_in(motion, member.side, choice)
    # No line of the journal: when somebody voted would tell what, where one watches the sums.
    Sitting.objects.filter(pk=sitting.pk).count_up()


@transaction.atomic
def close_vote(motion: Motion, *, at: dt.datetime, by: User) -> Motion:
    """A co-president closes a vote: it is counted, its effect is written, and all is sealed, in one transaction.

    It passes with more yes than no, of all and on each side; abstentions are not cast. It is void where there is no
    quorum now, or where somebody who voted was recused meanwhile. Refuses anybody else. Closing twice changes nothing.
    """
    call, sitting, motion = taken(motion)
    concerned = concerned_of(motion)
    room = room_of(call, sitting, concerned, at=at)
    member = presiding(call, by)
    if not room.presides(member, concerned):
        raise Refusal(
            _("You are out of the room for this: the other co-president opens and closes the vote.")
        )
    if motion.is_decided:
        return motion
    if motion.state != MotionState.OPEN:
        raise Refusal(_("This motion was not opened to vote yet."))
    for (side, choice), count in tally_of(motion).items():
        name = "french" if side == Side.FRENCH else "chinese"
        setattr(motion, f"{name}_{choice}", count)
    motion.why_void = _why_void(motion, room, concerned)
    motion.state = MotionState.VOID if motion.why_void else _outcome(motion)
    motion.closed_by, motion.closed_at = member, at
    motion.attendance = {**motion.attendance, "closed": room.attendance(concerned)}
    motion.save()
    if motion.state == MotionState.PASSED:
        apply(motion)
    content = sealing.motion_content(sealing.motions_of(call).get(pk=motion.pk))
    sealing.seal(call, kind=SealKind.MOTION, subject=motion.pk, content=content, at=at)
    note(sitting, motion, "vote_closed", at=at, by=by)
    return motion


def tally_of(motion: Motion) -> Counter[tuple[str, str]]:
    """The votes, by side and choice; what is not there was not voted."""
    if motion.is_secret:
        return Counter(Ballot.objects.filter(motion=motion).values_list("side", "choice"))
    return Counter(Vote.objects.filter(motion=motion).values_list("member__side", "choice"))


def _voter(room: Room, concerned: Collection[int], by: User) -> JuryMember:
    member = next((m for m in room.members if m.user_id == by.pk), None)
    if member is None or not room.votes_on(member, concerned):
        raise Refusal(_("You do not vote on this: you do not judge all its applications."))
    if member.pk not in room.present:
        raise Refusal(_("You are not in the room: say that you are here, then vote."))
    return member


def _shuffle_in(motion: Motion, side: str, choice: str) -> None:
    """Write all ballots anew, with this one, in no order: see ``Ballot``."""
    cast = [*Ballot.objects.filter(motion=motion).values_list("side", "choice"), (side, choice)]
    Ballot.objects.filter(motion=motion).delete()
    secrets.SystemRandom().shuffle(cast)
    Ballot.objects.bulk_create(Ballot(motion=motion, side=side, choice=choice) for side, choice in cast)


def _why_void(motion: Motion, room: Room, concerned: Collection[int]) -> str:
    voters = {member.pk for member in room.voters(concerned)}
    if not set(motion.votes.values_list("member", flat=True)) <= voters:
        return RECUSED_MEANWHILE
    return "" if room.quorum(concerned).is_reached else NO_QUORUM


def _outcome(motion: Motion) -> MotionState:
    """More yes than no on each side is more in all, too."""
    passes = motion.french_yes > motion.french_no and motion.chinese_yes > motion.chinese_no
    return MotionState.PASSED if passes else MotionState.LOST

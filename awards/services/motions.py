"""Something is moved, worded, and opened to vote."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.exceptions import Refusal
from assises.models import User
from awards import wording
from awards.effects import concerned_by, obstacle
from awards.enums import DECIDED, Effect, MotionState
from awards.models import AgendaItem, Application, Call, Category, Motion, MotionLine, Sitting
from awards.room import Room, room_of
from awards.services.phases import held
from awards.services.sittings import in_two_languages, open_one, presiding
from awards.wording import Wording

constraints.declare(
    {
        "awards_motion_stays": gettext_lazy(
            "A motion that was opened to vote keeps its text; once voted on it stays."
        ),
        "awards_motion_by_a_voter": gettext_lazy(
            "A voting member moves, a co-president opens and closes the vote."
        ),
        "awards_motion_counted": gettext_lazy("The sums of a vote are those of its votes."),
        "awards_vote_by_a_voter": gettext_lazy(
            "Only whoever judges all these applications votes, while the vote is open."
        ),
        "awards_vote_stays": gettext_lazy("What was voted stays."),
        "awards_result_by_a_motion": gettext_lazy(
            "A result follows from a motion that passed, and from nothing else."
        ),
        "awards_result_stays": gettext_lazy("Results stay."),
        "awards_result_within_prizes": gettext_lazy("There are no more prizes in this category."),
    }
)


@transaction.atomic
def move(
    item: AgendaItem,
    effect: Effect,
    rows: Sequence[Application] = (),
    *,
    category: Category | None = None,
    text: Wording | None = None,
    at: dt.datetime,
    by: User,
) -> Motion:
    """A voting member moves something under an item of the agenda; ``rows`` in their order on a reserve list.

    The software proposes the text; a free motion has its own. After a tied vote on the same it is the second ballot.
    Refuses whoever is recused from one of the applications or does not vote, without an open sitting, what was decided
    already, and what cannot have its effect (``effects.obstacle``).
    """
    call = held(item.call)
    sitting = open_one(call)
    item = AgendaItem.objects.select_related("category").get(pk=item.pk)
    if category is None and effect in (Effect.PRIZE, Effect.EX_AEQUO, Effect.RESERVE) and rows:
        category = rows[0].category if item.category is None or item.category.theme_id else item.category
    if effect in (Effect.PRIZES, Effect.FREE, Effect.COMMENTS):
        category = None
    elif category is None:
        category = item.category
    concerned = concerned_by(item, effect, category, rows)
    room = room_of(call, sitting, concerned, at=at)
    member = next((m for m in room.members if m.user_id == by.pk), None)
    if member is None or not room.votes_on(member, concerned):
        raise Refusal(
            _("Only members who vote, and who judge all applications that this is about, move something.")
        )
    if why := obstacle(call, effect, category, rows):
        raise Refusal(why)
    ballot = _ballot(item, effect, category, rows, text)
    said = in_two_languages(
        text
        if text is not None and (text.fr.strip() or text.zh_hans.strip())
        else wording.of_motion(effect, category, rows)
    )
    motion = Motion.objects.create(
        item=item, number=Motion.objects.filter(item__call=call).count() + 1, ballot=ballot, effect=effect,
        category=category, text_fr=said.fr, text_zh_hans=said.zh_hans, moved_by=member, moved_at=at,
    )  # fmt: skip
    MotionLine.objects.bulk_create(
        MotionLine(motion=motion, application=row, place=place) for place, row in enumerate(rows, start=1)
    )
    note(sitting, motion, "motion_moved", at=at, by=by)
    return motion


@transaction.atomic
def word_motion(motion: Motion, text: Wording, *, at: dt.datetime, by: User) -> Motion:
    """A co-president words a motion before it is opened to vote. Refuses one who is out of the room for it."""
    call, sitting, motion = taken(motion)
    concerned = concerned_of(motion)
    member = presiding(call, by)
    if not room_of(call, sitting, concerned, at=at).hears(member, concerned):
        raise Refusal(_("You are out of the room for this: you do not judge one of the applications."))
    if motion.state != MotionState.MOVED:
        raise Refusal(_("This motion was opened to vote: it keeps its text."))
    said = in_two_languages(text)
    motion.text_fr, motion.text_zh_hans = said.fr, said.zh_hans
    motion.save(update_fields=["text_fr", "text_zh_hans"])
    note(sitting, motion, "motion_worded", at=at, by=by)
    return motion


@transaction.atomic
def open_vote(motion: Motion, *, at: dt.datetime, by: User) -> Motion:
    """A co-president opens the vote on a motion; its item is discussed from then on.

    Refuses without a quorum among those who judge all its applications, saying which side lacks how many; beside
    another vote; and what cannot have its effect any more.
    """
    call, sitting, motion = taken(motion)
    concerned = concerned_of(motion)
    room = room_of(call, sitting, concerned, at=at)
    member = presiding(call, by)
    if not room.presides(member, concerned):
        raise Refusal(
            _("You are out of the room for this: the other co-president opens and closes the vote.")
        )
    if motion.state != MotionState.MOVED:
        raise Refusal(_("This motion was opened to vote already."))
    other = sitting.motions.open().first()
    if other is not None:
        raise Refusal(_("Motion %(number)d is open to vote: close it first.") % {"number": other.number})
    rows = [line.application for line in motion.lines.select_related("application__category")]
    if why := obstacle(call, Effect(motion.effect), motion.category, rows):
        raise Refusal(why)
    _refuse_without_quorum(room, concerned)
    motion.state, motion.sitting = MotionState.OPEN, sitting
    motion.opened_by, motion.opened_at, motion.is_secret = member, at, call.votes_are_secret
    motion.attendance = {"opened": room.attendance(concerned)}
    motion.save()
    Sitting.objects.filter(pk=sitting.pk).update(current=motion.item_id)
    note(sitting, motion, "vote_opened", at=at, by=by)
    return motion


def concerned_of(motion: Motion) -> frozenset[int]:
    """Keys of the applications that a motion is about: whoever is recused from one is out of the room."""
    rows = [line.application for line in motion.lines.select_related("application")]
    return concerned_by(motion.item, Effect(motion.effect), motion.category, rows)


def taken(motion: Motion) -> tuple[Call, Sitting, Motion]:
    """The call, held; its open sitting; the motion as it stands. Refuses without an open sitting."""
    call = held(motion.item.call)
    sitting = open_one(call)
    found = Motion.objects.select_related("item", "category").get(pk=motion.pk)
    return call, sitting, found


def _refuse_without_quorum(room: Room, concerned: Collection[int]) -> None:
    lacks = room.quorum(concerned).lacks()
    if lacks:
        raise Refusal(lacks[0])


def _ballot(
    item: AgendaItem,
    effect: Effect,
    category: Category | None,
    rows: Sequence[Application],
    text: Wording | None,
) -> int:
    """Which ballot this would be. Refuses what waits for its vote, and what was decided."""
    if effect == Effect.FREE:
        return 1
    wanted = [row.pk for row in rows] if effect == Effect.RESERVE else sorted(row.pk for row in rows)
    ballots = [0]
    for motion in Motion.objects.filter(
        item__call=item.call_id, effect=effect, category=category
    ).prefetch_related("lines"):
        own = [line.application_id for line in motion.lines.all()]
        if (own if effect == Effect.RESERVE else sorted(own)) != wanted or motion.state == MotionState.VOID:
            continue
        if motion.state not in DECIDED:
            raise Refusal(
                _("Motion %(number)d says the same, and waits for its vote.") % {"number": motion.number}
            )
        if not motion.is_tied:
            raise Refusal(_("Motion %(number)d has decided this already.") % {"number": motion.number})
        ballots.append(motion.ballot)
    if max(ballots) == 2:
        raise Refusal(
            _(
                "The second ballot on this was tied too. The rules say what follows: the prize is shared, ex aequo."
            )
        )
    return max(ballots) + 1


def note(sitting: Sitting, motion: Motion, action: str, *, at: dt.datetime, by: User) -> None:
    """Count the version up, and write the journal: never what was moved or how it ended, for organisers read it."""
    Sitting.objects.filter(pk=sitting.pk).count_up()
    journal.write([journal.entry(sitting, action, at=at, by=by, number=motion.number)])

"""The deliberation as one member sees it now. What they are recused from is not in it at all."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from assises.enums import Side
from awards.effects import concerned_by_motion, rows_of
from awards.enums import Choice, MotionState, Phase
from awards.live.eyes import Eyes
from awards.live.shown import ItemShown, Person, Seen
from awards.models import AgendaItem, Call, Interest, JuryMember, Result, Sitting, Vote
from awards.room import room_of


def sitting_of(call: Call) -> Sitting | None:
    """The sitting that is open, or the last one; none before the first."""
    sitting = Sitting.objects.filter(call=call).order_by("-number").first()
    if sitting is not None:
        sitting.call = call
    return sitting


def deliberation_for(member: JuryMember, sitting: Sitting | None, language: str, *, at: dt.datetime) -> Seen:
    """What this member sees in this language; as many queries whatever there is on the agenda."""
    call = member.call
    items = list(
        call.agenda.select_related("category").prefetch_related(
            "lines__application__category",
            "motions__lines__application",
            "motions__category",
            "motions__moved_by__user",
        )
    )
    # The items' own are by no motion.
    about = {0: frozenset(pk for item in items for pk in rows_of(item)), **concerned_by_motion(call, items)}
    is_open = sitting is not None and sitting.is_open and call.phase == Phase.DELIBERATION
    room = room_of(
        call, sitting if is_open else None, {row for rows in about.values() for row in rows}, at=at
    )
    view = Eyes(
        member,
        room,
        sitting if is_open else None,
        language,
        about,
        _recused_categories(member),
        _votes(items),
    )
    shown = [view.item(item) for item in items]
    topic = view.topic(items)
    return Seen(
        member=member,
        call=call,
        sitting=sitting,
        is_open=is_open,
        here=member.pk in room.present,
        presides=member.is_president and is_open,
        sides=[
            (side.label, [Person(m, view.standing(m, topic)) for m in room.members if m.side == side])
            for side in Side
        ],
        # Of what they are not to know of, the quorum is not told either.
        quorum=room.quorum(topic) if is_open and room.hears(member, topic) else None,
        items=shown,
        results=list(
            Result.objects.visible_to(member.user)
            .filter(category__call=call)
            .select_related("application", "category", "motion")
        ),
        said=_said(shown),
    )


def _recused_categories(member: JuryMember) -> frozenset[int]:
    found = Interest.objects.recusals().filter(member=member)
    return frozenset(found.values_list("application__category", flat=True))


def _votes(items: Iterable[AgendaItem]) -> Mapping[int, Mapping[int, str]]:
    """Of votes that are open: who has voted, and, by name, what; nobody is shown what others voted before it is closed."""
    open_ = [m.pk for item in items for m in item.motions.all() if m.state == MotionState.OPEN]
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for motion, member, choice in Vote.objects.filter(motion__in=open_).values_list(
        "motion", "member", "choice"
    ):
        found[motion][member] = choice
    return found


def _said(items: Iterable[ItemShown]) -> str:
    """The last thing that this member may know of."""
    motions = [shown.motion for item in items for shown in item.motions if shown.motion is not None]
    open_ = next((motion for motion in motions if motion.state == MotionState.OPEN), None)
    if open_ is not None:
        return _("Motion %(number)d is open to vote.") % {"number": open_.number}
    closed = [(motion.closed_at, motion) for motion in motions if motion.closed_at]
    if not closed:
        return ""
    _at, last = max(closed, key=lambda pair: pair[0])
    return _("Motion %(number)d: %(state)s.") % {"number": last.number, "state": last.get_state_display()}


CHOICES = [(choice.value, choice.label) for choice in Choice]

"""The deliberation as one member sees it now. What they are recused from is not in it at all."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.enums import Side
from awards.effects import concerned
from awards.enums import Choice, Effect, MotionState, Phase
from awards.models import AgendaItem, Application, Call, Interest, JuryMember, Motion, Result, Sitting, Vote
from awards.quorum import Quorum
from awards.room import Room, room_of

WHY_VOID = {
    "no_quorum": gettext_lazy("There was no quorum when it was closed: it can be moved again."),
    "recused": gettext_lazy("Somebody who had voted was recused meanwhile: it can be moved again."),
}
STANDING = {
    "here": pgettext_lazy("at a sitting", "present"),
    "out": pgettext_lazy("at a sitting", "out of the room"),
    "away": pgettext_lazy("at a sitting", "away"),
    "absent": pgettext_lazy("at a sitting", "absent"),
}


@dataclass(frozen=True)
class Person:
    member: JuryMember
    #: A word of ``STANDING``.
    code: str

    @property
    def words(self) -> object:
        return STANDING[self.code]


@dataclass(frozen=True)
class MotionShown:
    """A motion; of a hidden one nothing but its number, and whether somebody must open or close its vote."""

    pk: int
    number: int
    hidden: bool
    may_open: bool = False
    may_close: bool = False
    motion: Motion | None = None
    text: str = ""
    other_text: str = ""
    may_word: bool = False
    may_vote: bool = False
    own: str = ""
    has_voted: bool = False
    voted: int = 0
    voters: int = 0
    lacks: list[str] = field(default_factory=list)
    why_void: object = ""
    tally: list[tuple[object, dict[str, int]]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Tells its fields from those of other motions."""
        return str(self.pk)


@dataclass(frozen=True)
class ItemShown:
    pk: int
    number: int
    hidden: bool
    is_current: bool
    may_take_up: bool
    motions: list[MotionShown]
    #: Names of those who are out of the room for it.
    out: list[str]
    text: str = ""
    other_text: str = ""
    kind: object = ""
    lines: list[tuple[Application, Mapping[str, Any] | None]] = field(default_factory=list)
    may_move: bool = False


@dataclass(frozen=True)
class Seen:
    """All that the page of a member shows."""

    member: JuryMember
    call: Call
    sitting: Sitting | None
    is_open: bool
    here: bool
    presides: bool
    sides: list[tuple[object, list[Person]]]
    quorum: Quorum | None
    items: list[ItemShown]
    results: list[Result]
    #: What has just happened, in a sentence for those who do not see the page.
    said: str


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
    about = _concerned(call, items)
    is_open = sitting is not None and sitting.is_open and call.phase == Phase.DELIBERATION
    room = room_of(
        call, sitting if is_open else None, {row for rows in about.values() for row in rows}, at=at
    )
    view = _View(
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


@dataclass(frozen=True)
class _View:
    """The eyes of a member."""

    member: JuryMember
    room: Room
    sitting: Sitting | None
    language: str
    concerned: Mapping[int, frozenset[int]]
    recused_categories: frozenset[int]
    votes: Mapping[int, Mapping[int, str]]

    @property
    def may_act(self) -> bool:
        return self.sitting is not None

    def topic(self, items: Iterable[AgendaItem]) -> frozenset[int]:
        """What is spoken of now: of the open motion, or else of the current item."""
        if self.sitting is None:
            return frozenset()
        for item in items:
            for motion in item.motions.all():
                if motion.state == MotionState.OPEN:
                    return self.concerned[motion.pk]
        return next((_rows(item) for item in items if item.pk == self.sitting.current_id), frozenset())

    def standing(self, member: JuryMember, topic: frozenset[int]) -> str:
        if member.pk in self.room.present:
            return "here" if self.room.hears(member, topic) else "out"
        return "away" if member.pk in self.room.away else "absent"

    def item(self, item: AgendaItem) -> ItemShown:
        rows = _rows(item)
        hears = self.room.hears(self.member, rows)
        is_current = self.sitting is not None and self.sitting.current_id == item.pk
        own = [self.motion(motion) for motion in item.motions.all()]
        plain: dict[str, Any] = {
            "pk": item.pk,
            "number": item.number,
            "hidden": not hears,
            "is_current": is_current,
            "may_take_up": self.may_act and self.member.is_president and not is_current,
            "out": [
                str(m)
                for m in self.room.members
                if (m.votes or (m.pk in self.room.present)) and not self.room.hears(m, rows)
            ],
        }
        if not hears:
            # Somebody must open and close: where both co-presidents are recused, without seeing what.
            return ItemShown(**plain, motions=[m for m in own if m.may_open or m.may_close])
        return ItemShown(
            **plain,
            motions=own,
            text=item.text_in(self.language),
            other_text=item.text_in("fr" if self.language != "fr" else "zh-hans"),
            kind=item.get_kind_display(),
            lines=[
                (line.application, self._facts(line.application, line.facts)) for line in item.lines.all()
            ],
            may_move=self.may_act and self.room.votes_on(self.member, rows),
        )

    def _facts(self, row: Application, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Where it stands; not for whoever is recused in its category, who could work out what they must not know."""
        known = self.member.is_secretary or (
            self.member.votes and row.category_id not in self.recused_categories
        )
        return facts if facts and known else None

    def motion(self, motion: Motion) -> MotionShown:
        rows = self.concerned[motion.pk]
        hears = self.room.hears(self.member, rows)
        is_open = motion.state == MotionState.OPEN
        chairs = self.may_act and self.room.presides(self.member, rows)
        plain: dict[str, Any] = {
            "pk": motion.pk,
            "number": motion.number,
            "hidden": not hears,
            "may_open": chairs and motion.state == MotionState.MOVED,
            "may_close": chairs and is_open,
        }
        if not hears:
            return MotionShown(**plain)
        cast = self.votes.get(motion.pk, {})
        voters = self.room.voters(rows) if is_open or motion.state == MotionState.MOVED else []
        return MotionShown(
            **plain,
            motion=motion,
            text=motion.text_in(self.language),
            other_text=motion.text_in("fr" if self.language != "fr" else "zh-hans"),
            may_word=self.may_act and self.member.is_president and motion.state == MotionState.MOVED,
            may_vote=self.may_act
            and is_open
            and self.room.votes_on(self.member, rows)
            and not (motion.is_secret and self.member.pk in cast),
            own=cast.get(self.member.pk, ""),
            has_voted=self.member.pk in cast,
            voted=len(cast),
            voters=len(voters),
            lacks=self.room.quorum(rows).lacks() if self.may_act and voters else [],
            why_void=WHY_VOID.get(motion.why_void, ""),
            tally=[(side.label, motion.tally[side.value]) for side in Side] if motion.is_decided else [],
        )


def _rows(item: AgendaItem) -> frozenset[int]:
    return frozenset(line.application_id for line in item.lines.all())


def _concerned(call: Call, items: Iterable[AgendaItem]) -> dict[int, frozenset[int]]:
    """By the key of a motion, and by none the items' own: ``effects.concerned`` for all at once. One query."""
    of_category: dict[int, set[int]] = defaultdict(set)
    motions = [(item, motion) for item in items for motion in item.motions.all()]
    wanted = {motion.category_id for _item, motion in motions if motion.effect == Effect.NO_PRIZE}
    for pk, category in (
        call.applications.admissible().filter(category__in=wanted).values_list("pk", "category")
    ):
        of_category[category].add(pk)
    found = {
        motion.pk: concerned(
            motion.effect,
            of_item=_rows(item),
            own=[line.application_id for line in motion.lines.all()],
            of_category=of_category[motion.category_id or 0],
        )
        for item, motion in motions
    }
    return {0: frozenset(pk for item in items for pk in _rows(item)), **found}


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
    motions = [m for item in items for m in item.motions if m.motion is not None]
    open_ = next((m for m in motions if m.motion and m.motion.state == MotionState.OPEN), None)
    if open_ is not None:
        return _("Motion %(number)d is open to vote.") % {"number": open_.number}
    decided = [m for m in motions if m.motion and m.motion.closed_at]
    if not decided:
        return ""
    last = max(decided, key=lambda m: m.motion.closed_at)  # type: ignore[union-attr,arg-type,return-value]
    assert last.motion is not None
    return _("Motion %(number)d: %(state)s.") % {
        "number": last.number,
        "state": last.motion.get_state_display(),
    }


CHOICES = [(choice.value, choice.label) for choice in Choice]

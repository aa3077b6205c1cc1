"""The deliberation through the eyes of one member: what they are recused from is not in it at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assises.enums import Side
from awards.effects import rows_of
from awards.enums import MotionState
from awards.live.shown import ItemShown, MotionShown
from awards.models import AgendaItem, Application, JuryMember, Motion, Sitting
from awards.room import Room
from awards.wording import WHY_VOID


@dataclass(frozen=True)
class Eyes:
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
        return next((rows_of(item) for item in items if item.pk == self.sitting.current_id), frozenset())

    def standing(self, member: JuryMember, topic: frozenset[int]) -> str:
        if member.pk in self.room.present:
            return "here" if self.room.hears(member, topic) else "out"
        return "away" if member.pk in self.room.away else "absent"

    def item(self, item: AgendaItem) -> ItemShown:
        rows = rows_of(item)
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

"""What the page of the deliberation shows, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext_lazy

from awards.models import Application, Call, JuryMember, Motion, Result, Sitting
from awards.quorum import Quorum

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

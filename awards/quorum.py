"""Whether enough of the jury is in the room, on each side and in all. Pure: numbers only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import ngettext

from assises.enums import Side
from awards.judges import FEWEST


@dataclass(frozen=True)
class Quorum:
    """How many may vote on something, how many of them are here, and how many must be (article 8 of the rules)."""

    eligible: Mapping[Side, int]
    present: Mapping[Side, int]
    #: On each side.
    needed: Mapping[Side, int]
    #: Of both sides together.
    needed_in_all: int

    @property
    def present_in_all(self) -> int:
        return sum(self.present.values())

    @property
    def is_reached(self) -> bool:
        return (
            all(self.present[side] >= self.needed[side] for side in Side)
            and self.present_in_all >= self.needed_in_all
        )

    def lacks(self) -> list[str]:
        """Which side lacks how many, a sentence each; empty where there is a quorum."""
        return list(self._lacks())

    def _lacks(self) -> Iterator[str]:
        for side in Side:
            lacking = self.needed[side] - self.present[side]
            if lacking > 0:
                yield ngettext(
                    "No quorum. %(side)s: %(count)d voting member is missing (%(present)d present, %(needed)d needed).",
                    "No quorum. %(side)s: %(count)d voting members are missing (%(present)d present, %(needed)d needed).",
                    lacking,
                ) % {
                    "side": side.label,
                    "count": lacking,
                    "present": self.present[side],
                    "needed": self.needed[side],
                }
        lacking = self.needed_in_all - self.present_in_all
        if lacking > 0:
            yield ngettext(
                "No quorum. Of both sides together %(count)d voting member is missing (%(present)d present, %(needed)d needed).",
                "No quorum. Of both sides together %(count)d voting members are missing (%(present)d present, %(needed)d needed).",
                lacking,
            ) % {"count": lacking, "present": self.present_in_all, "needed": self.needed_in_all}

    def as_plain(self) -> dict[str, dict[str, int]]:
        """As it is kept with a motion: by ``Side``, and ``all``."""
        sides = {
            side.value: {
                "eligible": self.eligible[side],
                "present": self.present[side],
                "needed": self.needed[side],
            }
            for side in Side
        }
        together = {
            "eligible": sum(self.eligible.values()),
            "present": self.present_in_all,
            "needed": self.needed_in_all,
        }
        return {**sides, "all": together}


def quorum_of(
    eligible: Mapping[Side, int],
    present: Mapping[Side, int],
    *,
    per_side: int,
    percent: int,
    least: int = FEWEST,
) -> Quorum:
    """The quorum for those who may vote on something: recusals are taken off, substitutes who were called are added.

    Where recusals leave fewer than the rules ask for on a side (``per_side``), all who are left must be there; but never
    fewer than ``least``, which a side that is left with less cannot reach. The percentage is of those who may vote on
    it, both sides together, rounded up.
    """
    return Quorum(
        eligible=dict(eligible),
        present=dict(present),
        needed={side: max(least, min(per_side, eligible[side])) for side in Side},
        needed_in_all=-(-percent * sum(eligible.values()) // 100),
    )

"""How a day is laid out on paper: what begins together stands together, what has no hour comes last."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from program.enums import SessionKind
from program.programme import Programme, SessionFacts

#: How many workshops at the same hour fit side by side on an A5 page.
SIDE_BY_SIDE = 2


@dataclass(frozen=True)
class Group:
    """Items that share their beginning and belong together: workshops to choose from, visits, rooms, or one item."""

    sessions: tuple[SessionFacts, ...]

    @property
    def first(self) -> SessionFacts:
        return self.sessions[0]

    @property
    def is_visits(self) -> bool:
        return self.first.is_visit

    @property
    def is_choice(self) -> bool:
        """Whether one takes part in one of them only (S-097)."""
        return len(self.sessions) > 1 and bool(self.first.choice_group)

    @property
    def is_side_by_side(self) -> bool:
        return self.is_choice and not self.is_visits and len(self.sessions) == SIDE_BY_SIDE

    @property
    def starts_at(self) -> dt.time | None:
        return self.first.starts_at

    @property
    def ends_at(self) -> dt.time | None:
        """When all of them end; None if they end at different hours."""
        ends = {session.ends_at for session in self.sessions}
        return self.first.ends_at if len(ends) == 1 else None


@dataclass(frozen=True)
class Day:
    date: dt.date
    groups: tuple[Group, ...]
    #: What is planned for this day at an hour still to be defined.
    open: tuple[Group, ...]

    @property
    def anchor(self) -> str:
        return f"day-{self.date.isoformat()}"

    @property
    def visits_anchor(self) -> str:
        return f"{self.anchor}-visits"


def plan(programme: Programme, day: dt.date) -> Day:
    """The groups of a day in the order of their hours."""
    themes = {theme.code: n for n, theme in enumerate(programme.themes)}
    sessions = sorted(
        programme.on(day), key=lambda s: (_hour(s), _belongs(s), themes.get(s.theme, len(themes)), s.code)
    )
    groups = [Group(tuple(found)) for _, found in groupby(sessions, key=lambda s: (_hour(s), _belongs(s)))]
    return Day(
        day,
        tuple(group for group in groups if group.starts_at is not None),
        tuple(group for group in groups if group.starts_at is None),
    )


def _hour(session: SessionFacts) -> tuple[bool, dt.time]:
    return (session.starts_at is None, session.starts_at or dt.time())


def _belongs(session: SessionFacts) -> tuple[int, str]:
    """What an item stands with; workshops to choose from come first, rooms for meetings last."""
    match session.kind:
        case SessionKind.VISIT:
            return (2, "")
        case SessionKind.INFORMAL:
            # They differ by their room only.
            return (3, f"{session.ends_at} {session.summary.fr}")
    return (0, session.choice_group) if session.choice_group else (1, session.code)

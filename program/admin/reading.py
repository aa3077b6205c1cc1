"""A programme and its changes, laid out for somebody who decides about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from program.changes import Change, What
from program.programme import Lead, Programme, SessionFacts, Words

#: The order in which changes are told: what concerns people first.
ORDER = [What.MOVED, What.DROPPED, What.RETURNED, What.ADDED, What.CHANGED]


@dataclass(frozen=True)
class Item:
    """One line of the programme."""

    session: SessionFacts
    place: Words


@dataclass(frozen=True)
class Gap:
    """A workshop whose pair is not complete, or not confirmed, and what it lacks."""

    session: SessionFacts
    lacks_french: bool
    lacks_chinese: bool
    unconfirmed: tuple[Lead, ...]

    @property
    def is_incomplete(self) -> bool:
        return self.lacks_french or self.lacks_chinese


def contents_of(programme: Programme) -> dict[str, Any]:
    """What a programme holds: figures, then day by day."""
    sessions = programme.sessions
    return {
        "sessions": len(sessions),
        "workshops": sum(s.is_workshop for s in sessions),
        "visits": sum(s.is_visit for s in sessions),
        "names": len(
            {part.voice for s in sessions for part in s.parts if part.voice and part.voice.is_named}
        ),
        "days": [(day, [_item(programme, s) for s in programme.on(day)]) for day in programme.days],
    }


def gaps_of(programme: Programme) -> list[Gap]:
    """Pairs that are not complete, then those that are not confirmed: a draft says which (S-100)."""
    gaps = [
        Gap(
            s,
            s.lead_french is None,
            s.lead_chinese is None,
            tuple(lead for lead in s.leads if not lead.confirmed),
        )
        for s in programme.sessions
        if s.is_workshop
    ]
    return sorted((g for g in gaps if g.is_incomplete or g.unconfirmed), key=lambda g: not g.is_incomplete)


def groups_of(changes: Iterable[Change]) -> list[tuple[What, list[Change]]]:
    """Changes by kind, in ``ORDER``; within a kind in the order of the programme."""
    found = list(changes)
    groups = [(what, [c for c in found if c.what == what]) for what in ORDER]
    return [(what, group) for what, group in groups if group]


def _item(programme: Programme, session: SessionFacts) -> Item:
    room, venue, _address = programme.place_of(session)
    return Item(session, room or venue)

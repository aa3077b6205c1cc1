"""Who comes first at a ceremony, who speaks when, who sits where (décret 89-655 of 13 September 1989).

A proposal: the service of protocol of the prefecture confirms it before it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assises.enums import Side
from assises.models import Organisation
from program.enums import PlacedBy, Seat
from program.models import Speaker


@dataclass(frozen=True)
class Standing:
    """One person's place in the order of precedence, from 1, and which rule gives it."""

    place: int
    speaker: Speaker
    by: PlacedBy


@dataclass(frozen=True)
class Seating:
    """A seat of the row: the centre, or the ``distance``-th from it to the right or left of who sits there."""

    standing: Standing
    seat: Seat
    distance: int


def precedence(speakers: Sequence[Speaker], *, inviting: Organisation | None = None) -> list[Standing]:
    """The order of precedence; ``speakers`` come with their ranks, and where two are equal keep their order.

    By rank (art. 3), those without one last. The head of the inviting authority comes right after those who
    represent the State (art. 9). A Chinese guest whose French counterpart is there stands right after the
    counterpart, by courtesy. Where the organisers gave a place of its own, with a reason, that place is kept.
    """
    fixed = sorted((s for s in speakers if s.rank_override), key=lambda s: s.rank_override or 0)
    guests = _guests_by_host(speakers)
    placed_as_guests = {guest.pk for group in guests.values() for guest in group}
    free = [s for s in speakers if not s.rank_override and s.pk not in placed_as_guests]
    waiting = [
        pair
        for speaker, by in _by_rank(free, inviting)
        for pair in [(speaker, by), *[(guest, PlacedBy.COURTESY) for guest in guests.get(speaker.pk, [])]]
    ]
    order: list[tuple[Speaker, PlacedBy]] = []
    while fixed or waiting:
        if fixed and (not waiting or (fixed[0].rank_override or 0) <= len(order) + 1):
            host = fixed.pop(0)
            order.append((host, PlacedBy.ORGANISERS))
            waiting[:0] = [(guest, PlacedBy.COURTESY) for guest in guests.get(host.pk, [])]
        else:
            order.append(waiting.pop(0))
    return [Standing(place, speaker, by) for place, (speaker, by) in enumerate(order, start=1)]


def speaking_order(order: Sequence[Standing]) -> list[Standing]:
    """Who speaks when: the reverse of the order of precedence (art. 19)."""
    return list(reversed(order))


def seating(order: Sequence[Standing]) -> list[Seating]:
    """The first in the centre, the others alternately to the right and to the left of that person (art. 16)."""
    seats = []
    for n, standing in enumerate(order):
        seat = Seat.CENTRE if n == 0 else Seat.RIGHT if n % 2 else Seat.LEFT
        seats.append(Seating(standing, seat, (n + 1) // 2))
    return seats


def row(seats: Sequence[Seating]) -> list[Seating]:
    """The row as one sees it from the hall, from left to right: the right of who sits there comes first."""
    right = [s for s in seats if s.seat == Seat.RIGHT]
    left = [s for s in seats if s.seat == Seat.LEFT]
    return [*reversed(right), *[s for s in seats if s.seat == Seat.CENTRE], *left]


def _guests_by_host(speakers: Sequence[Speaker]) -> dict[int, list[Speaker]]:
    """Chinese guests by their French counterpart among the speakers, in their order."""
    hosts = {s.pk for s in speakers if s.side == Side.FRENCH}
    guests: dict[int, list[Speaker]] = {}
    for speaker in speakers:
        if speaker.side == Side.CHINESE and not speaker.rank_override and speaker.counterpart_id in hosts:
            assert speaker.counterpart_id is not None
            guests.setdefault(speaker.counterpart_id, []).append(speaker)
    return guests


def _by_rank(speakers: Sequence[Speaker], inviting: Organisation | None) -> list[tuple[Speaker, PlacedBy]]:
    ranked = sorted(speakers, key=lambda s: (s.rank is None, s.rank.order if s.rank else 0))
    order = [(s, PlacedBy.RANK if s.rank else PlacedBy.NONE) for s in ranked]
    host = next((s for s in ranked if inviting is not None and s.organisation_id == inviting.pk), None)
    if host is None or (host.rank and host.rank.represents_state):
        return order
    others = [pair for pair in order if pair[0] is not host]
    state = [n for n, (s, _by) in enumerate(others, start=1) if s.rank and s.rank.represents_state]
    others.insert(max(state, default=0), (host, PlacedBy.INVITING))
    return others

"""Who gets which free place. A pure function, so that it can be tried on any sequence of events."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FreePlace:
    id: int
    category: int
    is_reserve: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody in the queue. ``key`` is what the caller knows the person by."""

    key: object
    booking: object
    category: int
    authority: str
    together: bool = False
    #: Whether the category is the organisers' reserve, which no other place serves.
    in_reserve: bool = False
    #: Whether a place may go to this person now. One who may not still stands before all who came later.
    may_be_offered: bool = True


def allocate(
    places: Iterable[FreePlace],
    queue: Iterable[Candidate],
    *,
    released: bool,
    ceiling: int | None = None,
    seated_by_authority: Mapping[str, int] | None = None,
) -> dict[object, int]:
    """Give the free places along the queue: ``{candidate.key: place.id}``.

    The queue is walked once, in its order. A person gets a place of the own category first and, once the
    quotas are released, any other that is not reserved. Who cannot be served (category full, authority at its
    ceiling, a group that goes together and does not fit) is passed over, and keeps the rank.
    """
    free = list(places)
    seated = Counter(seated_by_authority or {})
    given: dict[object, int] = {}
    for party in _parties(queue):
        if ceiling is not None and seated[party[0].authority] + len(party) > ceiling:
            continue
        chosen: list[FreePlace] = []
        for person in party:
            place = _first_fit([p for p in free if p not in chosen], person, released)
            if place is None:
                break
            chosen.append(place)
        if len(chosen) < len(party):
            continue
        for person, place in zip(party, chosen, strict=True):
            free.remove(place)
            seated[person.authority] += 1
            if person.may_be_offered:
                given[person.key] = place.id
    return given


def _parties(queue: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    """People who go together stand together; everybody else stands alone."""
    party: list[Candidate] = []
    for person in queue:
        if party and person.together and person.booking == party[0].booking:
            party.append(person)
            continue
        if party:
            yield party
        party = [person]
        if not person.together:
            yield party
            party = []
    if party:
        yield party


def _first_fit(free: list[FreePlace], person: Candidate, released: bool) -> FreePlace | None:
    own = next((p for p in free if p.category == person.category), None)
    if own or not released or person.in_reserve:
        return own
    return next((p for p in free if not p.is_reserve), None)

"""Who makes which field visit: the best for all by their wishes. Pure: the same wishes give the same answer.

First, as many people as possible have a visit that they wished for. Among the ways to do that, the dissatisfaction
of all together is smallest (``DISSATISFACTION``: two second wishes are better than a first and a third one). Among
those that are equal, who registered earlier is served better. Names count nowhere.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

#: What the first, the second and the third wish cost whoever gets it.
DISSATISFACTION = [0, 1, 3]


@dataclass(frozen=True)
class Person:
    """Somebody with a place, and her wishes, the dearest first."""

    key: int
    wishes: tuple[int, ...]


@dataclass(frozen=True)
class Missed:
    """A wish that was not fulfilled, in numbers that explain why."""

    session: int
    rank: int
    #: Seats to give in this visit, and how many people wished for it at any rank.
    seats: int
    wishes: int
    #: How many of those who have these seats registered later than this person.
    later: int


@dataclass(frozen=True)
class Given:
    """What one person gets: a visit that was wished for, or none."""

    key: int
    session: int | None
    rank: int | None
    missed: tuple[Missed, ...] = ()

    def missed_as_json(self) -> list[dict[str, int]]:
        return [asdict(missed) for missed in self.missed]


def assign(people: Sequence[Person], seats: Mapping[int, int]) -> list[Given]:
    """The best assignment; ``people`` in the order in which they registered, ``seats`` to give in each visit.

    The answer goes in the same order. A visit without an entry in ``seats`` does not take place: the next wish
    counts as if it were the one before, and is still called by its own rank.
    """
    valid = [Person(p.key, tuple(w for w in p.wishes if w in seats)) for p in people]
    columns = _columns(valid, seats)
    places = _solve(valid, columns) if people and columns else [None] * len(people)
    got = [columns[place] if place is not None else None for place in places]
    return _explained(people, seats, got)


def _columns(people: Sequence[Person], seats: Mapping[int, int]) -> list[int]:
    """One column for each seat that somebody may want: no more of a visit than people who wish for it."""
    wished = Counter(session for person in people for session in person.wishes)
    return [session for session in sorted(wished) for _n in range(min(seats[session], wished[session]))]


def _solve(people: Sequence[Person], columns: Sequence[int]) -> list[int | None]:
    """The column of each person, by SciPy's solver of the assignment problem; None for who goes without."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    count = len(people)
    # Going without costs more than all others together could gain by it.
    without = DISSATISFACTION[-1] * count + 1
    # How many steps the order of registration has: costs stay below 2**53, where whole numbers are exact. The
    # second term decides only among what the first finds equal.
    steps = min(count, 2**52 // (without * count) ** 2)
    scale = without * count * steps + 1
    costs = numpy.full((count, len(columns) + count), numpy.inf)
    at: defaultdict[int, list[int]] = defaultdict(list)
    for index, session in enumerate(columns):
        at[session].append(index)
    for row, person in enumerate(people):
        weight = scale + (count - row) * steps // count
        for rank, session in enumerate(person.wishes):
            costs[row, at[session]] = DISSATISFACTION[rank] * weight
        costs[row, len(columns) + row] = without * weight
    _rows, found = linear_sum_assignment(costs)
    return [int(column) if column < len(columns) else None for column in found]


def _explained(people: Sequence[Person], seats: Mapping[int, int], got: Sequence[int | None]) -> list[Given]:
    wished = Counter(session for person in people for session in person.wishes)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for row, session in enumerate(got):
        if session is not None:
            holders[session].append(row)
    given = []
    for row, (person, session) in enumerate(zip(people, got, strict=True)):
        rank = person.wishes.index(session) + 1 if session is not None else None
        before = person.wishes[: rank - 1] if rank else person.wishes
        missed = tuple(
            Missed(
                other,
                number,
                seats.get(other, 0),
                wished[other],
                sum(holder > row for holder in holders[other]),
            )
            for number, other in enumerate(before, start=1)
        )
        given.append(Given(person.key, session, rank, missed))
    return given


def dissatisfaction(given: Sequence[Given]) -> tuple[int, int]:
    """How many go without a visit, and what the wishes of the others cost together: the smaller the better."""
    ranks = [g.rank for g in given if g.rank is not None]
    return len(given) - len(ranks), sum(DISSATISFACTION[rank - 1] for rank in ranks)


def fingerprint(people: Sequence[Person], seats: Mapping[int, int]) -> str:
    """Changes with anything that the assignment depends on."""
    told = [[[p.key, list(p.wishes)] for p in people], sorted(seats.items())]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()

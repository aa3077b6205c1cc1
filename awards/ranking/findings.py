"""What the order says to the jury: who would have a prize, what is close, where the sides or a juror see it otherwise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from awards.ranking.figures import Values, comparable, correlation, mean, mean_places
from awards.ranking.order import Standing
from awards.ranking.sheets import FEWEST_MARKS, Mark, totals_by_juror, z_scores


@dataclass(frozen=True)
class Cut:
    """Who would have a prize. Incomplete applications are in none of the three."""

    winners: tuple[Standing, ...]
    #: Those behind, in their order, should a winner withdraw.
    reserve: tuple[Standing, ...]
    #: Ex aequo for fewer prizes than they are: the jury decides, the software does not.
    tied_at_the_boundary: tuple[Standing, ...]


@dataclass(frozen=True)
class Disagreement:
    """One that the two sides see very differently, with its rank by each side alone; equals share their mean place."""

    application: str
    french_rank: Fraction
    chinese_rank: Fraction


def cut(standings: Sequence[Standing], prizes: int) -> Cut:
    """What becomes of ``standings`` with so many prizes. Raises ``ValueError`` for fewer than none."""
    if prizes < 0:
        raise ValueError("There cannot be fewer prizes than none.")
    places = _places(standings)
    return Cut(
        winners=tuple(standing for _, last, standing in places if last <= prizes),
        reserve=tuple(standing for first, _, standing in places if prizes < first),
        tied_at_the_boundary=tuple(standing for first, last, standing in places if first <= prizes < last),
    )


def near_ties(
    standings: Sequence[Standing], boundary: int, gap: float = 0.15
) -> list[tuple[Standing, Standing]]:
    """Pairs across the boundary behind ``boundary`` prizes whose final scores differ by less than ``gap``.

    The better one first, in the order of ``standings``, which is that of ``rank``. What is tied at the boundary
    stands on both sides of it. They are worth a second look of the jury, no more.
    """
    least = comparable(Fraction(gap))
    return [
        (better, other)
        for (first, _, better), (_, last, other) in combinations(_places(standings), 2)
        if first <= boundary < last and better.chain[0] - other.chain[0] < least
    ]


def disagreements(standings: Sequence[Standing], more_than: int = 3) -> list[Disagreement]:
    """Those whose ranks by each side alone are more than ``more_than`` places apart, in the order of ``standings``.

    Among complete applications only: one that a side has not marked would move all the others on the other side.
    """
    complete = [s for s in standings if not s.is_incomplete]
    french, chinese = (
        mean_places({code: comparable(score) for code, score in scores if score is not None})
        for scores in (
            [(s.application, s.scores.french) for s in complete],
            [(s.application, s.scores.chinese) for s in complete],
        )
    )
    found = [Disagreement(s.application, french[s.application], chinese[s.application]) for s in complete]
    return [each for each in found if abs(each.french_rank - each.chinese_rank) > more_than]


def against_all_others(marks: Collection[Mark], weights: Mapping[str, int]) -> list[tuple[str, Fraction]]:
    """Jurors who order the applications against the mean of all others, and the correlation, the most contrary first.

    Spearman's, from -1 to 0 excluded, over the applications that another juror marked too, five at least. It is only
    pointed out: such a juror may have misread the scale, or be the only one who is right. Nobody is ever excluded.
    """
    totals = totals_by_juror(marks, weights)
    scores = {juror: z_scores(values) for juror, values in totals.items()}
    found = []
    for juror, own in totals.items():
        others: Values = {}
        for application in own:
            theirs = [v[application] for j, v in scores.items() if j != juror and application in v]
            if theirs:
                others[application] = comparable(mean(theirs))
        if len(others) < FEWEST_MARKS:
            continue
        against = correlation(mean_places({a: own[a] for a in others}), mean_places(others))
        if against < 0:
            found.append((juror, against))
    return sorted(found, key=lambda each: (each[1], each[0]))


def _places(standings: Sequence[Standing]) -> list[tuple[int, int, Standing]]:
    """First and last of the places that each complete one shares."""
    return [(s.rank, s.last_place, s) for s in standings if s.rank is not None and s.last_place is not None]

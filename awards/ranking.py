"""The order of the applications of one category, from the sheets of a jury of two sides. Pure: no database, no clock.

The rule is that of the rules of the award, fixed before the first mark (S-114, S-115): each juror is brought to a
scale of their own, each side counts half whatever its number of jurors (S-116), and nobody is left out for being
severe. Marks, totals and raw means go from 1 to 5. A recused or abstained juror simply has no sheet here.

Everything is an exact fraction, so that neither the order of the sheets nor the machine changes a rank. Only standard
deviations have roots: these are taken to ``DIGITS`` decimals, and scores are compared as ``comparable`` rounds them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import isqrt

from assises.enums import Side

#: With fewer marks than that a standard deviation says little: such a juror is centred only (rules of the award).
FEWEST_MARKS = 5
#: Decimals to which roots are taken: far more than are compared, so that no sum of them reaches what is compared.
DIGITS = 30
#: Decimals to which scores are rounded before they are compared: a tie is one to the billionth of a deviation.
COMPARED_DIGITS = 9

#: By application.
Values = dict[str, Fraction]


@dataclass(frozen=True)
class Mark:
    """What one juror gave one application: for each criterion, by its code, a whole mark from 1 to 5."""

    juror: str
    side: Side
    application: str
    marks: Mapping[str, int]


class TieBreak(StrEnum):
    """The steps of the published chain, in its order, for applications whose final scores are equal."""

    #: The higher mean of the two sides' means of the mark for innovation; as marked, 1 to 5.
    INNOVATION = "innovation"
    #: The higher score on the side that likes it less.
    WEAKER_SIDE = "weaker_side"
    #: The more jurors who have it first; one who has three first gives a third to each.
    FIRST_PLACES = "first_places"


@dataclass(frozen=True)
class BySide:
    """A mean of the French jurors and one of the Chinese jurors; ``None`` where a side has nothing to say."""

    french: Fraction | None
    chinese: Fraction | None

    @property
    def together(self) -> Fraction | None:
        """Half the one and half the other; ``None`` without both."""
        if self.french is None or self.chinese is None:
            return None
        return (self.french + self.chinese) / 2

    @property
    def weaker(self) -> Fraction | None:
        """The lower of the two; ``None`` without both."""
        if self.french is None or self.chinese is None:
            return None
        return min(self.french, self.chinese)


@dataclass(frozen=True)
class Standing:
    """Where an application stands, and all that one may want to know beside its rank."""

    application: str
    #: Means of the jurors' scores: standard deviations above (or below) what a juror gives on average.
    scores: BySide
    #: ``scores.together`` as it is compared; ``None`` for an incomplete application.
    final: Fraction | None
    #: Means of the totals as they were marked, 1 to 5.
    raw: BySide
    #: Means of the Borda points, 0 (last for every juror) to 1 (first for every juror).
    borda: BySide
    #: Means of the marks for innovation, 1 to 5.
    innovation: BySide
    french_marks: int
    chinese_marks: int
    #: Population standard deviation of the scores of all its jurors.
    spread: Fraction
    #: Jurors of both sides who have it first; those who have several first are shared among them.
    first_places: Fraction
    #: From 1; the same for all that are ex aequo. ``None`` for an incomplete application.
    rank: int | None = None
    #: The last of the places that it shares; its rank if it is ex aequo with none.
    last_place: int | None = None
    #: What separates it from the next better rank; ``None`` if the final score does, or if there is no better one.
    decided_by: TieBreak | None = None

    @property
    def is_incomplete(self) -> bool:
        """One of the sides gave it no mark: it has no final score and cannot be ranked."""
        return self.final is None

    @property
    def is_ex_aequo(self) -> bool:
        return self.rank != self.last_place

    @property
    def chain(self) -> tuple[Fraction, ...]:
        """What decides, in its order: the final score, then each ``TieBreak``; the higher, the better.

        Empty for an incomplete application.
        """
        innovation, weaker = self.innovation.together, self.scores.weaker
        if self.final is None or innovation is None or weaker is None:
            return ()
        return self.final, innovation, comparable(weaker), self.first_places


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


def rank(marks: Collection[Mark], weights: Mapping[str, int], innovation: str) -> list[Standing]:
    """The applications that have a mark, the best first and the incomplete last; ex aequo by their code.

    ``weights`` are those of the criteria, by code; ``innovation`` is the code of the one that breaks ties first.
    Raises ``ValueError`` for sheets that cannot be right: see ``totals_by_juror``.
    """
    if innovation not in weights:
        raise ValueError(f"No criterion has the code {innovation}.")
    totals = totals_by_juror(marks, weights)
    sides = {mark.juror: mark.side for mark in marks}
    innovations: dict[str, Values] = defaultdict(dict)
    for mark in marks:
        innovations[mark.juror][mark.application] = Fraction(mark.marks[innovation])
    scores = {juror: z_scores(values) for juror, values in totals.items()}
    points = {juror: borda_points(values) for juror, values in totals.items()}
    firsts = {juror: first_places(values) for juror, values in totals.items()}

    def given(values: Mapping[str, Values], application: str, *among: Side) -> list[Fraction]:
        return [v[application] for j, v in values.items() if sides[j] in among and application in v]

    def by_side(values: Mapping[str, Values], application: str) -> BySide:
        french = given(values, application, Side.FRENCH)
        chinese = given(values, application, Side.CHINESE)
        return BySide(mean(french) if french else None, mean(chinese) if chinese else None)

    standings = []
    for application in {mark.application for mark in marks}:
        both = by_side(scores, application)
        standing = Standing(
            application=application,
            scores=both,
            # From the two means as they are, not as they are compared: rounding twice could part equals.
            final=None if both.together is None else comparable(both.together),
            raw=by_side(totals, application),
            borda=by_side(points, application),
            innovation=by_side(innovations, application),
            french_marks=len(given(totals, application, Side.FRENCH)),
            chinese_marks=len(given(totals, application, Side.CHINESE)),
            spread=comparable(root(variance(given(scores, application, *Side)))),
            first_places=sum(given(firsts, application, *Side), Fraction()),
        )
        standings.append(standing)
    standings.sort(key=lambda s: (s.is_incomplete, [-step for step in s.chain], s.application))
    chains = [standing.chain for standing in standings]
    return [s if s.is_incomplete else _placed(s, chains) for s in standings]


def _placed(standing: Standing, chains: Sequence[tuple[Fraction, ...]]) -> Standing:
    """With its rank among ``chains``, the best first, and what gave it."""
    before = chains.index(standing.chain)
    decided_by = None
    if before:
        steps = zip((None, *TieBreak), standing.chain, chains[before - 1], strict=True)
        decided_by = next(step for step, own, better in steps if own != better)
    last = before + chains.count(standing.chain)
    return replace(standing, rank=before + 1, last_place=last, decided_by=decided_by)


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
        correlation = _correlation(mean_places({a: own[a] for a in others}), mean_places(others))
        if correlation < 0:
            found.append((juror, correlation))
    return sorted(found, key=lambda each: (each[1], each[0]))


def totals_by_juror(marks: Collection[Mark], weights: Mapping[str, int]) -> dict[str, Values]:
    """For each juror the weighted mean of the marks, 1 to 5, of each application that they marked.

    Raises ``ValueError`` if a weight is negative or all are nothing, a criterion is missing or unknown, a mark is not
    from 1 to 5, a juror marked an application twice, or sits on both sides.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError("Weights are not negative, and one at least is positive.")
    sides: dict[str, Side] = {}
    totals: dict[str, Values] = defaultdict(dict)
    for mark in marks:
        sheet = f"The sheet of {mark.juror} for {mark.application}"
        # A missing mark is not a nought, and not a mark of the juror's other criteria either.
        if mark.marks.keys() != weights.keys():
            raise ValueError(f"{sheet} has other criteria than the rules.")
        if not all(1 <= value <= 5 for value in mark.marks.values()):
            raise ValueError(f"{sheet} has a mark that is not from 1 to 5.")
        if mark.application in totals[mark.juror]:
            raise ValueError(f"{sheet} is there twice.")
        if sides.setdefault(mark.juror, mark.side) != mark.side:
            raise ValueError(f"{mark.juror} sits on both sides.")
        weighted = sum(weights[criterion] * value for criterion, value in mark.marks.items())
        totals[mark.juror][mark.application] = Fraction(weighted, whole)
    return dict(totals)


def z_scores(totals: Mapping[str, Fraction]) -> Values:
    """One juror's totals in their own standard deviations (population) from their own mean.

    With under five marks, or all of them equal, the distance from their mean only.
    """
    middle, spread = mean(totals.values()), variance(totals.values())
    unit = root(spread) if spread and len(totals) >= FEWEST_MARKS else Fraction(1)
    return {application: (total - middle) / unit for application, total in totals.items()}


def borda_points(totals: Mapping[str, Fraction]) -> Values:
    """The share of the juror's other applications that each one beats, equals counted half; 0 to 1.

    Empty for a juror who marked one only: it beat nobody and nobody beat it.
    """
    others = len(totals) - 1
    if others < 1:
        return {}
    # As many stand behind its mean place as it beats, equals counted half.
    return {application: (others + 1 - place) / others for application, place in mean_places(totals).items()}


def first_places(totals: Mapping[str, Fraction]) -> Values:
    """One for the application that the juror has first, shared by those that are equal; 0 for the others."""
    best = max(totals.values())
    share = Fraction(1, Counter(totals.values())[best])
    return {application: share if total == best else Fraction() for application, total in totals.items()}


def mean_places(values: Mapping[str, Fraction]) -> Values:
    """The place of each from 1, the highest value first; equals share the mean of their places."""
    every = list(values.values())
    return {
        key: sum(other > value for other in every) + Fraction(every.count(value) + 1, 2)
        for key, value in values.items()
    }


def comparable(score: Fraction) -> Fraction:
    """``score`` to nine decimals: what two scores are compared by."""
    return round(score, COMPARED_DIGITS)


def mean(values: Collection[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def variance(values: Collection[Fraction]) -> Fraction:
    """Of the whole population: these are all the marks there are, not a sample of them."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])


def root(square: Fraction) -> Fraction:
    """The square root, exact if it is a fraction, else to ``DIGITS`` decimals."""
    # By whole numbers, as floats would add up differently in another order.
    numerator, denominator = square.as_integer_ratio()
    return Fraction(isqrt(numerator * denominator * 100**DIGITS), denominator * 10**DIGITS)


def _correlation(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> Fraction:
    """Pearson's correlation of two that have the same keys; 0 where one of them has no spread."""
    middle, other_middle = mean(one.values()), mean(other.values())
    together = mean([(one[key] - middle) * (other[key] - other_middle) for key in one])
    spreads = variance(one.values()) * variance(other.values())
    return comparable(together / root(spreads)) if spreads else Fraction()


def _places(standings: Sequence[Standing]) -> list[tuple[int, int, Standing]]:
    """First and last of the places that each complete one shares."""
    return [(s.rank, s.last_place, s) for s in standings if s.rank is not None and s.last_place is not None]

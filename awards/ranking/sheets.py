"""What one juror gave, and what it says on a scale of their own."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assises.enums import Side
from awards.ranking.figures import Values, mean, mean_places, one_over_root, variance

#: With fewer marks than that a standard deviation says little: such a juror is centred only (rules of the award).
FEWEST_MARKS = 5


@dataclass(frozen=True)
class Mark:
    """What one juror gave one application: for each criterion, by its code, a whole mark from 1 to 5."""

    juror: str
    side: Side
    application: str
    marks: Mapping[str, int]


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
    scale = one_over_root(spread) if spread and len(totals) >= FEWEST_MARKS else Fraction(1)
    return {application: (total - middle) * scale for application, total in totals.items()}


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
    share = Fraction(1, sum(total == best for total in totals.values()))
    return {application: share if total == best else Fraction() for application, total in totals.items()}

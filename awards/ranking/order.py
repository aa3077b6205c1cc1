"""The order of the applications of one category, by both sides."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

from assises.enums import Side
from awards.ranking.figures import Values, comparable, mean, root, variance
from awards.ranking.sheets import Mark, borda_points, first_places, totals_by_juror, z_scores


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
    return _placed(standings)


def _placed(standings: Sequence[Standing]) -> list[Standing]:
    """Those in their order, with the rank of each and what gave it; incomplete ones as they are."""
    placed: list[Standing] = []
    # Each chain once, the best first, with those that share it.
    groups = [(chain, list(same)) for chain, same in groupby(standings, key=lambda s: s.chain)]
    for (better, _others), (chain, same) in pairwise([((), []), *groups]):
        if not chain:
            placed += same
            continue
        decided_by = None
        if better:
            steps = zip((None, *TieBreak), chain, better, strict=True)
            decided_by = next(step for step, own, other in steps if own != other)
        rank_, last = len(placed) + 1, len(placed) + len(same)
        placed += [replace(s, rank=rank_, last_place=last, decided_by=decided_by) for s in same]
    return placed

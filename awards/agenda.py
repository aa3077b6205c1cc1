"""The agenda that the software proposes, from the ranking. Pure, but for the wording of its items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from awards.enums import AgendaKind
from awards.models import Application, Category
from awards.ranking import Standing, cut
from awards.standings import Ranked

#: Runners-up that the agenda proposes for the reserve list of a category.
RESERVE = 3


@dataclass(frozen=True)
class Point:
    """An item of the agenda before it is written."""

    kind: AgendaKind
    category: Category | None
    lines: Sequence[tuple[Application, Standing]]


def agenda_of(rankings: Sequence[Ranked], mentions: Sequence[Category]) -> list[Point]:
    """First what is close at a boundary, then what the sides see differently; the clear winners of all categories in one
    block; the mentions; the reserve lists.

    What is discussed by itself is in no block. Categories whose order has nobody stand nowhere: a co-president adds them.
    """
    points = list(_boundaries(rankings))
    close = {row.pk for point in points for row, _standing in point.lines}
    points += [point for point in _disagreements(rankings) if point.lines[0][0].pk not in close]
    discussed = {row.pk for point in points for row, _standing in point.lines}
    winners = [
        (ranked.application_of(s), s)
        for ranked in rankings
        for s in cut(ranked.standings, ranked.category.prizes).winners
    ]
    clear = [(row, s) for row, s in winners if row.pk not in discussed]
    if clear:
        points.append(Point(AgendaKind.WINNERS, None, clear))
    points += [Point(AgendaKind.MENTION, category, []) for category in mentions]
    return points + list(_reserves(rankings))


def _boundaries(rankings: Sequence[Ranked]) -> Iterator[Point]:
    for ranked in rankings:
        prizes = ranked.category.prizes
        close = {s.application for pair in ranked.near_ties(prizes) for s in pair}
        # Those that share a prize that is one too few for them are close, whatever the gap.
        close.update(s.application for s in cut(ranked.standings, prizes).tied_at_the_boundary)
        lines = [(ranked.application_of(s), s) for s in ranked.standings if s.application in close]
        if lines:
            yield Point(AgendaKind.BOUNDARY, ranked.category, lines)


def _disagreements(rankings: Sequence[Ranked]) -> Iterator[Point]:
    """One for each application: whoever is recused from one hears of the others."""
    for ranked in rankings:
        by_code = {s.application: s for s in ranked.standings}
        for found in ranked.disagreements:
            standing = by_code[found.application]
            yield Point(
                AgendaKind.DISAGREEMENT, ranked.category, [(ranked.application_of(standing), standing)]
            )


def _reserves(rankings: Sequence[Ranked]) -> Iterator[Point]:
    for ranked in rankings:
        behind = cut(ranked.standings, ranked.category.prizes).reserve[:RESERVE]
        if behind:
            yield Point(AgendaKind.RESERVE, ranked.category, [(ranked.application_of(s), s) for s in behind])

"""Where a side, the other side and both together put each application: numbers for a drawing made on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from awards.ranking import Standing
from awards.reading_sheets import number_of

#: Pixels of a row: the number of the application, and the line that its marks stand on.
ROW, TOP = 48, 8
#: Per cent of the width at either end: a mark at the very end is not cut.
EDGE = 4


@dataclass(frozen=True)
class Row:
    """One application: how far from the left its marks stand, in per cent; ``None`` where a side has none."""

    number: int
    y: int
    line_y: int
    french: str | None
    chinese: str | None
    final: str | None


@dataclass(frozen=True)
class Chart:
    height: int
    #: What the jury gives on average, in per cent from the left.
    middle: str
    rows: list[Row]


def chart_of(standings: Sequence[Standing]) -> Chart:
    """A line for each application, from the lowest to the highest score there is; the average is in the middle."""
    values = [
        abs(value)
        for standing in standings
        for value in (standing.scores.french, standing.scores.chinese, standing.final)
        if value is not None
    ]
    most = max(values, default=Fraction()) or Fraction(1)

    def at(value: Fraction | None) -> str | None:
        if value is None:
            return None
        return f"{float(50 + (50 - EDGE) * value / most):.2f}%"

    rows = [
        Row(
            number_of(standing.application),
            TOP + place * ROW + 14,
            TOP + place * ROW + 30,
            at(standing.scores.french),
            at(standing.scores.chinese),
            at(standing.final),
        )
        for place, standing in enumerate(standings)
    ]
    return Chart(TOP + len(rows) * ROW, "50%", rows)

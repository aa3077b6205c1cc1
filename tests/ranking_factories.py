"""Sheets of a jury in one line each."""

from assises.enums import Side
from awards.ranking import (
    Mark,
    Standing,
    rank,
)

FR, CN = Side.FRENCH, Side.CHINESE
#: Two criteria that count the same: a total is the mean of the two marks.
WEIGHTS = {"innovation": 1, "film": 1}
#: Marks for innovation and for the film.
Pair = tuple[int, int]


def sheets(juror: str, side: Side, **pairs: Pair) -> list[Mark]:
    """What one juror gave: ``sheets("Anne", FR, brest=(5, 3))`` is 5 for innovation, 3 for the film, 4 in all."""
    return [
        Mark(juror, side, application, {"innovation": innovation, "film": film})
        for application, (innovation, film) in pairs.items()
    ]


def ranked(*jurors: list[Mark]) -> list[Standing]:
    return rank([mark for sheet in jurors for mark in sheet], WEIGHTS, "innovation")

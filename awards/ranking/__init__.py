"""The order of the applications of one category, from the sheets of a jury of two sides. Pure: no database, no clock.

The rule is that of the rules of the award, fixed before the first mark (S-114, S-115): each juror is brought to a
scale of their own, each side counts half whatever its number of jurors (S-116), and nobody is left out for being
severe. Marks, totals and raw means go from 1 to 5. A recused or abstained juror simply has no sheet here.

Everything is an exact fraction, so that neither the order of the sheets nor the machine changes a rank. Only standard
deviations have roots: these are taken to ``DIGITS`` decimals, and scores are compared as ``comparable`` rounds them.
"""

from awards.ranking.findings import (
    Cut,
    Disagreement,
    against_all_others,
    cut,
    disagreements,
    near_ties,
)
from awards.ranking.order import BySide, Standing, TieBreak, rank
from awards.ranking.sheets import Mark

__all__ = [
    "BySide",
    "Cut",
    "Disagreement",
    "Mark",
    "Standing",
    "TieBreak",
    "against_all_others",
    "cut",
    "disagreements",
    "near_ties",
    "rank",
]

"""Means, deviations, places and correlations, as exact fractions."""

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from math import isqrt, lcm

#: Decimals to which roots are taken: far more than are compared, so that no sum of them reaches what is compared.
DIGITS = 30
#: Decimals to which scores are rounded before they are compared: a tie is one to the billionth of a deviation.
COMPARED_DIGITS = 9
#: By application.
Values = dict[str, Fraction]


def mean_places(values: Mapping[str, Fraction]) -> Values:
    """The place of each from 1, the highest value first; equals share the mean of their places."""
    counts = Counter(values.values())
    places: dict[Fraction, Fraction] = {}
    above = 0
    for value in sorted(counts, reverse=True):
        places[value] = above + Fraction(counts[value] + 1, 2)
        above += counts[value]
    return {key: places[value] for key, value in values.items()}


def comparable(score: Fraction) -> Fraction:
    """``score`` to nine decimals: what two scores are compared by."""
    return round(score, COMPARED_DIGITS)


def mean(values: Collection[Fraction]) -> Fraction:
    numerators, common = _over_one_denominator(values)
    return Fraction(sum(numerators), common * len(numerators))


def variance(values: Collection[Fraction]) -> Fraction:
    """Of the whole population: these are all the marks there are, not a sample of them."""
    numerators, common = _over_one_denominator(values)
    count, total = len(numerators), sum(numerators)
    return Fraction(count * sum(n * n for n in numerators) - total * total, (count * common) ** 2)


def _over_one_denominator(values: Collection[Fraction]) -> tuple[list[int], int]:
    """As whole numbers over one denominator: adding fractions one by one reduces each sum, which takes far longer."""
    common = lcm(*(value.denominator for value in values))
    return [value.numerator * (common // value.denominator) for value in values], common


def root(square: Fraction) -> Fraction:
    """The square root, exact if it is a fraction, else to ``DIGITS`` decimals."""
    # By whole numbers, as floats would add up differently in another order.
    numerator, denominator = square.as_integer_ratio()
    return Fraction(isqrt(numerator * denominator * 100**DIGITS), denominator * 10**DIGITS)


def one_over_root(square: Fraction) -> Fraction:
    """One over the square root, exact if it is a fraction, else to ``DIGITS`` decimals.

    Of all jurors it then has the same denominator: sums of fractions with denominators of their own grow without end.
    """
    found = root(square)
    return 1 / found if found * found == square else round(1 / found, DIGITS)


def correlation(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> Fraction:
    """Pearson's correlation of two that have the same keys; 0 where one of them has no spread."""
    middle, other_middle = mean(one.values()), mean(other.values())
    together = mean([(one[key] - middle) * (other[key] - other_middle) for key in one])
    spreads = variance(one.values()) * variance(other.values())
    return comparable(together / root(spreads)) if spreads else Fraction()

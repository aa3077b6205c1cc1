"""Means, deviations, places and correlations, as exact fractions."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import isqrt

#: Decimals to which roots are taken: far more than are compared, so that no sum of them reaches what is compared.
DIGITS = 30
#: Decimals to which scores are rounded before they are compared: a tie is one to the billionth of a deviation.
COMPARED_DIGITS = 9
#: By application.
Values = dict[str, Fraction]


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


def correlation(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> Fraction:
    """Pearson's correlation of two that have the same keys; 0 where one of them has no spread."""
    middle, other_middle = mean(one.values()), mean(other.values())
    together = mean([(one[key] - middle) * (other[key] - other_middle) for key in one])
    spreads = variance(one.values()) * variance(other.values())
    return comparable(together / root(spreads)) if spreads else Fraction()

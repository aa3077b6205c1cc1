"""What the order of a category says to the jury. No database."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction as F

import pytest

from awards.ranking import (
    Disagreement,
    Standing,
    against_all_others,
    cut,
    disagreements,
    near_ties,
)
from tests.ranking_factories import CN, FR, WEIGHTS, ranked, sheets


def of_one_mind(*totals: int) -> list[Standing]:
    """Applications a, b, c … of which both sides think the same."""
    pairs = {"abcdefgh"[n]: (total, total) for n, total in enumerate(totals)}
    return ranked(sheets("Anne", FR, **pairs), sheets("Li", CN, **pairs))


def codes(standings: Iterable[Standing]) -> str:
    return "".join(standing.application for standing in standings)


@pytest.mark.parametrize(
    ("prizes", "winners", "tied", "reserve"),
    [(0, "", "", "abcd"), (1, "a", "", "bcd"), (2, "a", "bc", "d"), (3, "abc", "", "d"), (9, "abcd", "", "")],
)
def test_the_jury_decides_among_those_tied_for_fewer_prizes_than_they_are(
    prizes: int, winners: str, tied: str, reserve: str
) -> None:
    found = cut(of_one_mind(5, 3, 3, 1), prizes)

    assert (codes(found.winners), codes(found.tied_at_the_boundary), codes(found.reserve)) == (
        winners,
        tied,
        reserve,
    )


def test_an_incomplete_application_has_no_prize_and_no_place_in_the_reserve() -> None:
    found = cut(ranked(sheets("Anne", FR, a=(5, 5), b=(1, 1)), sheets("Li", CN, b=(4, 4))), 2)

    assert (codes(found.winners), found.reserve, found.tied_at_the_boundary) == ("b", (), ())


def test_there_are_no_fewer_prizes_than_none() -> None:
    with pytest.raises(ValueError, match="prizes"):
        cut([], -1)


def finals(**values: str) -> list[Standing]:
    """Standings with these finals, the best first, no two of them equal."""
    [model] = of_one_mind(3)
    return [
        replace(model, application=code, final=F(final), rank=place, last_place=place)
        for place, (code, final) in enumerate(values.items(), 1)
    ]


def test_pairs_across_the_boundary_that_differ_by_less_than_the_gap_are_near_ties() -> None:
    standings = finals(a="1", b="0.5", c="0.4", d="0.36", e="0.35")

    # b and e differ by 0.15, which is not less.
    assert [codes(pair) for pair in near_ties(standings, 2)] == ["bc", "bd"]
    assert [codes(pair) for pair in near_ties(standings, 2, gap=0.1)] == []
    assert [codes(pair) for pair in near_ties(standings, 3, gap=0.05)] == ["cd"]
    assert near_ties(standings, 5) == []


def test_what_is_tied_at_the_boundary_stands_on_both_sides_of_it() -> None:
    assert [codes(pair) for pair in near_ties(of_one_mind(5, 3, 3, 1), 2)] == ["bc"]
    assert near_ties(of_one_mind(5, 3, 3, 1), 3) == []


# What the jury is told.


def test_what_one_side_has_first_and_the_other_fifth_is_a_disagreement() -> None:
    # French order a b c d e; Chinese order b c d e a. Only a moves by four, the others by one.
    standings = ranked(
        sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1)),
        sheets("Li", CN, a=(1, 1), b=(5, 5), c=(4, 4), d=(3, 3), e=(2, 2)),
    )

    assert disagreements(standings) == [Disagreement("a", F(1), F(5))]
    assert disagreements(standings, more_than=4) == []


def test_a_side_that_has_all_equal_disagrees_with_nobody() -> None:
    # All five share the Chinese places 1 to 5, of which the mean is 3: two from the first and from the last.
    standings = ranked(
        sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1)),
        sheets("Li", CN, a=(3, 3), b=(3, 3), c=(3, 3), d=(3, 3), e=(3, 3)),
    )

    assert disagreements(standings) == []
    assert disagreements(standings, more_than=1) == [
        Disagreement("a", F(1), F(3)),
        Disagreement("e", F(5), F(3)),
    ]


def test_an_incomplete_application_moves_no_rank_of_a_side() -> None:
    pairs = {"b": (4, 4), "c": (3, 3), "d": (2, 2)}
    standings = ranked(sheets("Anne", FR, a=(5, 5), **pairs), sheets("Li", CN, **pairs))

    assert disagreements(standings, more_than=0) == []


def test_a_juror_who_orders_against_all_others_is_pointed_out() -> None:
    up = {"a": (1, 1), "b": (2, 2), "c": (3, 3), "d": (4, 4), "e": (5, 5)}
    down = {code: (6 - total, 6 - total) for code, (total, _) in up.items()}
    marks = sheets("Anne", FR, **up) + sheets("Bruno", FR, **up) + sheets("Li", CN, **down)
    marks += sheets("Wang", CN, **up)

    # The others of Anne are Bruno and Wang, who go up, and Li, who goes down: they go up.
    assert against_all_others(marks, WEIGHTS) == [("Li", F(-1))]


def test_the_correlation_is_that_of_the_ranks() -> None:
    anne = sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1))
    li = sheets("Li", CN, a=(1, 1), b=(3, 3), c=(2, 2), d=(5, 5), e=(4, 4))

    # Places 1 2 3 4 5 and 5 3 4 1 2: squares of the differences 16, 1, 1, 9, 9. 1 - 6 × 36 / (5 × 24) = -4/5.
    assert against_all_others(anne + li, WEIGHTS) == [("Anne", F(-4, 5)), ("Li", F(-4, 5))]


def test_with_four_marks_nobody_is_said_to_be_against_all_others() -> None:
    anne = sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1))
    li = sheets("Li", CN, a=(1, 1), b=(2, 2), c=(3, 3), d=(4, 4))

    assert against_all_others(anne + li, WEIGHTS) == []


def test_who_has_all_equal_is_against_nobody() -> None:
    anne = sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1))
    li = sheets("Li", CN, a=(3, 3), b=(3, 3), c=(3, 3), d=(3, 3), e=(3, 3))

    assert against_all_others(anne + li, WEIGHTS) == []

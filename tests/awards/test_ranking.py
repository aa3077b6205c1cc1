"""The order of a category, worked by hand. No database."""

from fractions import Fraction as F

import pytest

from awards.ranking import (
    Mark,
    Standing,
    TieBreak,
    rank,
)
from tests.ranking_factories import CN, FR, WEIGHTS, ranked, sheets


def row(standing: Standing) -> tuple[str, int | None, float | None, TieBreak | None]:
    final = None if standing.final is None else float(standing.final)
    return standing.application, standing.rank, final, standing.decided_by


# Worked by hand. Each is a list of jurors, and of rows: application, rank, final score, what decided beside it.

WORKED = {
    # Anne's totals 5, 4, 3, 2, 1: mean 3, variance (4 + 1 + 0 + 1 + 4) / 5 = 2, deviation √2 = 1.414213562.
    #   Scores 2/√2 = 1.414213562, 1/√2 = 0.707106781, 0, -0.707106781, -1.414213562.
    # Li's totals 1, 1, 1, 1, 5: mean 9/5, variance (4 × 16/25 + 256/25) / 5 = 64/25, deviation 8/5.
    #   Scores (1 - 9/5) / (8/5) = -1/2 four times, (5 - 9/5) / (8/5) = 2.
    # Finals: a (1.414213562 - 0.5) / 2 = 0.457106781      b (0.707106781 - 0.5) / 2 = 0.103553391
    #         c (0 - 0.5) / 2 = -0.25                      d (-0.707106781 - 0.5) / 2 = -0.603553391
    #         e (-1.414213562 + 2) / 2 = 0.292893219
    "five marks are brought to the juror's own deviations": (
        [
            sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1)),
            sheets("Li", CN, a=(1, 1), b=(1, 1), c=(1, 1), d=(1, 1), e=(5, 5)),
        ],
        [
            ("a", 1, 0.457106781, None),
            ("e", 2, 0.292893219, None),
            ("b", 3, 0.103553391, None),
            ("c", 4, -0.25, None),
            ("d", 5, -0.603553391, None),
        ],
    ),
    # Anne's totals 5, 4, 1, 2: mean 3; she marked four, so 2, 1, -2, -1 stay as they are.
    # Li's totals 2, 2, 2.5, 1.5: mean 2; so 0, 0, 1/2, -1/2.
    # Finals: a (2 + 0) / 2 = 1, b (1 + 0) / 2 = 1/2, c (-2 + 1/2) / 2 = -3/4, d (-1 - 1/2) / 2 = -3/4.
    # c and d are equal. Innovation: c (1 + 3) / 2 = 2, d (2 + 1) / 2 = 1.5. So c before d.
    "fewer than five marks are centred only": (
        [
            sheets("Anne", FR, a=(5, 5), b=(4, 4), c=(1, 1), d=(2, 2)),
            sheets("Li", CN, a=(2, 2), b=(2, 2), c=(3, 2), d=(1, 2)),
        ],
        [
            ("a", 1, 1.0, None),
            ("b", 2, 0.5, None),
            ("c", 3, -0.75, None),
            ("d", 4, -0.75, TieBreak.INNOVATION),
        ],
    ),
    # Anne's totals 4 five times: no deviation to divide by; 4 - 4 = 0 five times.
    # Li's totals 5, 4, 3, 2, 1 as Anne's in the first example: ±1.414213562, ±0.707106781, 0; halves of these.
    "five equal marks say nothing": (
        [
            sheets("Anne", FR, a=(4, 4), b=(4, 4), c=(4, 4), d=(4, 4), e=(4, 4)),
            sheets("Li", CN, a=(5, 5), b=(4, 4), c=(3, 3), d=(2, 2), e=(1, 1)),
        ],
        [
            ("a", 1, 0.707106781, None),
            ("b", 2, 0.353553391, None),
            ("c", 3, 0.0, None),
            ("d", 4, -0.353553391, None),
            ("e", 5, -0.707106781, None),
        ],
    ),
    # Totals of both jurors 4 and 4: all scores 0. Innovation: a (3 + 4) / 2 = 3.5, b (5 + 4) / 2 = 4.5.
    "a tie is broken by innovation first": (
        [sheets("Anne", FR, a=(3, 5), b=(5, 3)), sheets("Li", CN, a=(4, 4), b=(4, 4))],
        [("b", 1, 0.0, None), ("a", 2, 0.0, TieBreak.INNOVATION)],
    ),
    # Anne's totals 4, 3, 2: 1, 0, -1. Li's 2, 3, 4: -1, 0, 1. Finals all 0; innovation 3 everywhere.
    # The lower of the sides' means: a -1, b 0, c -1. So b is first.
    # First places: a one (Anne), c one (Li). So a and c are ex aequo.
    "then by the side that likes it less, and what is still equal is ex aequo": (
        [sheets("Anne", FR, a=(3, 5), b=(3, 3), c=(3, 1)), sheets("Li", CN, a=(3, 1), b=(3, 3), c=(3, 5))],
        [("b", 1, 0.0, None), ("a", 2, 0.0, TieBreak.WEAKER_SIDE), ("c", 2, 0.0, TieBreak.WEAKER_SIDE)],
    ),
    # Anne's totals 4, 3, 2: 1, 0, -1. Bruno's 2, 3, 4: -1, 0, 1. French means 0, 0, 0. Li's 3, 3, 3: 0, 0, 0.
    # Finals, innovation and the lower means are all equal.
    # First places: a 1 (Anne) + 1/3 (Li), b 1/3 (Li), c 1 (Bruno) + 1/3 (Li).
    # a and c are first ex aequo; there is no second; b is third.
    "then by first places, shared by equals, and the rank behind two ex aequo is skipped": (
        [
            sheets("Anne", FR, a=(3, 5), b=(3, 3), c=(3, 1)),
            sheets("Bruno", FR, a=(3, 1), b=(3, 3), c=(3, 5)),
            sheets("Li", CN, a=(3, 3), b=(3, 3), c=(3, 3)),
        ],
        [("a", 1, 0.0, None), ("c", 1, 0.0, None), ("b", 3, 0.0, TieBreak.FIRST_PLACES)],
    ),
    # Anne's totals 5, 2, 2: mean 3; 2, -1, -1. Li marked b and c: 4 and 2, mean 3; 1, -1.
    # a has the best French score and no Chinese one: no final. b (-1 + 1) / 2 = 0, c (-1 - 1) / 2 = -1.
    "an application without a Chinese mark has no final and comes last": (
        [sheets("Anne", FR, a=(5, 5), b=(2, 2), c=(2, 2)), sheets("Li", CN, b=(4, 4), c=(2, 2))],
        [("b", 1, 0.0, None), ("c", 2, -1.0, None), ("a", None, None, None)],
    ),
    # Three French jurors give 4 and 2: 1 and -1. One Chinese juror gives 1 and 5: -2 and 2.
    # Finals: a (1 - 2) / 2 = -1/2, b (-1 + 2) / 2 = 1/2. One voice each would be (3 × 1 - 2) / 4 = 1/4 for a.
    "three jurors of one side weigh as much as one of the other": (
        [sheets(name, FR, a=(4, 4), b=(2, 2)) for name in ("Anne", "Bruno", "Claire")]
        + [sheets("Li", CN, a=(1, 1), b=(5, 5))],
        [("b", 1, 0.5, None), ("a", 2, -0.5, None)],
    ),
}


@pytest.mark.parametrize("example", WORKED)
def test_the_order_is_the_one_worked_by_hand(example: str) -> None:
    jurors, expected = WORKED[example]

    assert [row(standing) for standing in ranked(*jurors)] == expected


def test_beside_its_rank_an_application_shows_raw_means_borda_points_marks_and_spread() -> None:
    # Totals: Anne a 4, b 3, c 2, d 3; Bruno a 5, b 3; Li a 2, b 2, c 2, d 5.
    anne = sheets("Anne", FR, a=(5, 3), b=(3, 3), c=(2, 2), d=(3, 3))
    bruno = sheets("Bruno", FR, a=(5, 5), b=(3, 3))
    li = sheets("Li", CN, a=(2, 2), b=(1, 3), c=(2, 2), d=(5, 5))

    a, b = sorted(ranked(anne, bruno, li), key=lambda standing: standing.application)[:2]

    assert (a.french_marks, a.chinese_marks) == (2, 1)
    # French (4 + 5) / 2, Chinese 2; together (4.5 + 2) / 2.
    assert (a.raw.french, a.raw.chinese, a.raw.together) == (F(9, 2), F(2), F(13, 4))
    # Anne: a beats three of three, 1. Bruno: one of one, 1. Li: none beaten, two equal, (0 + 2/2) / 3.
    assert (a.borda.french, a.borda.chinese) == (F(1), F(1, 3))
    # Anne: b beats c and equals d, (1 + 1/2) / 3. Bruno: 0. Mean 1/4.
    assert b.borda.french == F(1, 4)
    # Innovation: a French 5, Chinese 2; b French 3, Chinese 1.
    assert (a.innovation.together, b.innovation.together) == (F(7, 2), F(2))
    # Anne 4 - 3 = 1, Bruno 5 - 4 = 1, Li 2 - 11/4 = -3/4.
    assert (a.scores.french, a.scores.chinese) == (F(1), F(-3, 4))
    # Mean 5/12, variance (49/144 + 49/144 + 196/144) / 3 = 49/72; 7 / (6 √2) = 0.824957911.
    assert float(a.spread) == 0.824957911
    assert a.first_places == 2


def test_the_total_is_the_mean_of_the_marks_by_the_weights_of_the_criteria() -> None:
    marks = [
        Mark("Anne", FR, "a", {"innovation": 5, "film": 1}),
        Mark("Li", CN, "a", {"innovation": 2, "film": 4}),
    ]

    [a] = rank(marks, {"innovation": 85, "film": 15}, "innovation")

    # (85 × 5 + 15 × 1) / 100 and (85 × 2 + 15 × 4) / 100.
    assert (a.raw.french, a.raw.chinese) == (F(22, 5), F(23, 10))


def test_who_marked_one_application_only_gives_it_no_borda_points() -> None:
    [a] = ranked(sheets("Anne", FR, a=(5, 5)), sheets("Li", CN, a=(3, 3)))

    assert (a.rank, a.final, a.borda.french, a.borda.chinese) == (1, F(0), None, None)


def test_an_incomplete_application_is_named_and_still_shows_what_it_has() -> None:
    complete, incomplete = ranked(sheets("Anne", FR, a=(5, 5), b=(1, 1)), sheets("Li", CN, b=(4, 4)))

    assert [complete.is_incomplete, incomplete.is_incomplete] == [False, True]
    assert (incomplete.raw.french, incomplete.raw.chinese, incomplete.raw.together) == (F(5), None, None)
    assert (incomplete.scores.french, incomplete.chinese_marks) == (F(2), 0)


def test_without_a_mark_there_is_nothing_to_rank() -> None:
    assert ranked() == []


@pytest.mark.parametrize(
    ("marks", "weights", "innovation", "says"),
    [
        (sheets("Anne", FR, a=(6, 3)), WEIGHTS, "innovation", "not from 1 to 5"),
        (sheets("Anne", FR, a=(0, 3)), WEIGHTS, "innovation", "not from 1 to 5"),
        ([Mark("Anne", FR, "a", {"innovation": 3})], WEIGHTS, "innovation", "other criteria"),
        (sheets("Anne", FR, a=(3, 3)), {"innovation": 1}, "innovation", "other criteria"),
        (sheets("Anne", FR, a=(3, 3)) * 2, WEIGHTS, "innovation", "twice"),
        (sheets("A", FR, a=(3, 3)) + sheets("A", CN, b=(3, 3)), WEIGHTS, "innovation", "both sides"),
        (sheets("Anne", FR, a=(3, 3)), WEIGHTS, "novelty", "novelty"),
        ([], {"innovation": 0}, "innovation", "positive"),
        ([], {"innovation": 2, "film": -1}, "innovation", "positive"),
    ],
)
def test_sheets_that_cannot_be_right_are_refused(
    marks: list[Mark], weights: dict[str, int], innovation: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        rank(marks, weights, innovation)

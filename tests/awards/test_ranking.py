"""The order of a category: worked by hand, and what must hold whatever the jurors mark. No database."""

import random
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assises.enums import Side
from awards.ranking import (
    Disagreement,
    Mark,
    Standing,
    TieBreak,
    against_all_others,
    borda_points,
    cut,
    disagreements,
    near_ties,
    rank,
    z_scores,
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


# The prizes.


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


# Whatever the jurors mark.


@st.composite
def juries(draw: st.DrawFn, highest: int = 5, may_recuse: bool = True) -> list[Mark]:
    """Up to four jurors of each side and seven applications; few different marks, so that ties are frequent."""
    mark = st.integers(1, highest)
    pair: st.SearchStrategy[Pair | None] = st.tuples(mark, mark)
    if may_recuse:
        pair = st.one_of(st.none(), pair, pair, pair)
    applications = "abcdefg"[: draw(st.integers(1, 7))]
    marks = []
    for side in (FR, CN):
        for number in range(draw(st.integers(1, 4))):
            given_pairs = {code: draw(pair) for code in applications}
            pairs = {code: given_pair for code, given_pair in given_pairs.items() if given_pair}
            marks += sheets(f"{side.value}{number}", side, **pairs)
    return marks


def by_application(standings: Iterable[Standing]) -> dict[str, Standing]:
    return {standing.application: standing for standing in standings}


def ranks(standings: Iterable[Standing]) -> dict[str, int | None]:
    return {standing.application: standing.rank for standing in standings}


@given(juries(), st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_is_irrelevant(marks: list[Mark], chance: random.Random) -> None:
    shuffled = chance.sample(marks, len(marks))

    assert ranked(shuffled) == ranked(marks)
    assert against_all_others(shuffled, WEIGHTS) == against_all_others(marks, WEIGHTS)


@given(juries())
def test_the_names_of_jurors_and_applications_are_irrelevant(marks: list[Mark]) -> None:
    # Their order is turned round: a becomes z, b becomes y.
    turned = {code: chr(ord("a") + ord("z") - ord(code)) for code in "abcdefg"}
    renamed = [replace(m, juror=m.juror[::-1], application=turned[m.application]) for m in marks]

    expected = {turned[s.application]: replace(s, application=turned[s.application]) for s in ranked(marks)}

    assert by_application(ranked(renamed)) == expected


@given(juries(), st.data())
def test_a_recused_mark_is_as_if_it_had_never_been(marks: list[Mark], data: st.DataObject) -> None:
    """Only the sheets that are there count; and the other side does not feel that one of them is gone."""
    if not marks:
        return
    recused = data.draw(st.sampled_from(marks))
    kept = [mark for mark in marks if mark is not recused]

    never = by_application(ranked(kept))
    before = by_application(ranked(marks))
    after = by_application(ranked([mark for mark in marks if mark != recused]))

    assert after == never
    for code, standing in after.items():
        if recused.side == FR:
            assert chinese_view(standing) == chinese_view(before[code])
        else:
            assert french_view(standing) == french_view(before[code])
    assert set(before) - set(after) <= {recused.application}


def french_view(standing: Standing) -> tuple[object, ...]:
    views = (standing.scores, standing.raw, standing.borda, standing.innovation)
    return (standing.french_marks, *(view.french for view in views))


def chinese_view(standing: Standing) -> tuple[object, ...]:
    views = (standing.scores, standing.raw, standing.borda, standing.innovation)
    return (standing.chinese_marks, *(view.chinese for view in views))


totals_of_a_juror = st.dictionaries(
    st.sampled_from("abcdefgh"), st.fractions(1, 5, max_denominator=20), min_size=2
)


@given(totals_of_a_juror, st.data())
def test_leaving_one_out_keeps_the_juror_s_order_of_the_others(
    totals: dict[str, F], data: st.DataObject
) -> None:
    left_out = data.draw(st.sampled_from(sorted(totals)))
    others = {code: total for code, total in totals.items() if code != left_out}

    for scale in (z_scores, borda_points):
        with_it, without = scale(totals), scale(others)
        for one in without:
            for two in without:
                assert (without[one] < without[two]) == (with_it[one] < with_it[two])


def shifted(marks: list[Mark], juror: str, by: int) -> list[Mark]:
    """This juror gives so many more for every criterion of every application."""
    return [
        replace(mark, marks={code: value + by for code, value in mark.marks.items()})
        if mark.juror == juror
        else mark
        for mark in marks
    ]


@given(juries(highest=3, may_recuse=False), st.integers(1, 2), st.data())
def test_a_milder_juror_changes_no_rank(marks: list[Mark], by: int, data: st.DataObject) -> None:
    juror = data.draw(st.sampled_from(sorted({mark.juror for mark in marks})))

    assert ranks(ranked(shifted(marks, juror, by))) == ranks(ranked(marks))


@given(juries(highest=3), st.integers(1, 2), st.data())
def test_a_milder_juror_changes_no_final_score_even_with_recusals(
    marks: list[Mark], by: int, data: st.DataObject
) -> None:
    """Nor anything else that is not marked from 1 to 5; of innovation the rules take the marks as they are."""
    juror = data.draw(st.sampled_from(sorted({mark.juror for mark in marks}) or ["nobody"]))

    before, after = by_application(ranked(marks)), by_application(ranked(shifted(marks, juror, by)))

    for code, standing in after.items():
        for name in ("scores", "final", "borda", "spread", "first_places"):
            assert getattr(standing, name) == getattr(before[code], name)


@given(juries(), st.sampled_from([FR, CN]))
def test_both_sides_count_half_whatever_their_number(marks: list[Mark], side: Side) -> None:
    doubles = [replace(mark, juror=f"{mark.juror} again") for mark in marks if mark.side == side]

    before, after = by_application(ranked(marks)), by_application(ranked(marks, doubles))

    for code, standing in after.items():
        for name in ("final", "scores", "raw", "borda", "innovation"):
            assert getattr(standing, name) == getattr(before[code], name)


@given(juries())
def test_the_finals_are_those_of_the_rule_written_with_floats(marks: list[Mark]) -> None:
    totals: dict[tuple[Side, str], dict[str, float]] = defaultdict(dict)
    for mark in marks:
        totals[mark.side, mark.juror][mark.application] = sum(mark.marks.values()) / 2
    scores: dict[tuple[str, Side], list[float]] = defaultdict(list)
    for (side, _), own in totals.items():
        deviation = statistics.pstdev(own.values())
        for code, total in own.items():
            unit = deviation if len(own) >= 5 and deviation else 1
            scores[code, side].append((total - statistics.fmean(own.values())) / unit)

    for standing in ranked(marks):
        french, chinese = scores[standing.application, FR], scores[standing.application, CN]
        if standing.final is None:
            assert not (french and chinese)
        else:
            expected = statistics.fmean(french) / 2 + statistics.fmean(chinese) / 2
            assert float(standing.final) == pytest.approx(expected, abs=2e-9)


@given(juries())
def test_ranks_follow_the_chain_and_are_skipped_behind_ex_aequo(marks: list[Mark]) -> None:
    standings = ranked(marks)
    complete = [standing for standing in standings if not standing.is_incomplete]

    assert standings[: len(complete)] == complete
    for standing in complete:
        assert standing.rank == 1 + sum(other.chain > standing.chain for other in complete)
        assert standing.last_place == sum(other.chain >= standing.chain for other in complete)
    for standing in standings[len(complete) :]:
        assert (standing.rank, standing.final, standing.decided_by) == (None, None, None)


@given(juries())
def test_each_juror_has_one_first_place_to_give(marks: list[Mark]) -> None:
    given_places = sum((standing.first_places for standing in ranked(marks)), F())

    assert given_places == len({mark.juror for mark in marks})


@given(juries(), st.integers(0, 8))
def test_every_complete_application_is_in_one_part_of_the_cut(marks: list[Mark], prizes: int) -> None:
    standings = ranked(marks)
    found = cut(standings, prizes)

    assert [*found.winners, *found.tied_at_the_boundary, *found.reserve] == [
        standing for standing in standings if not standing.is_incomplete
    ]
    assert len(found.winners) <= prizes
    assert len(found.tied_at_the_boundary) != 1

"""What must hold of the order of a category whatever the jurors mark. No database."""

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
    Mark,
    Standing,
    against_all_others,
    cut,
)
from awards.ranking.sheets import borda_points, z_scores
from tests.ranking_factories import CN, FR, WEIGHTS, Pair, ranked, sheets


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

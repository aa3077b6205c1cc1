"""What a move pushes, how much time there is to spare, and which chain is the critical one. No database."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from assises.planning.graph import Edge, Graph, Node, Pushed

DAY = dt.date(2018, 10, 1)
END = dt.date(2018, 12, 11)


def day(n: int) -> dt.date:
    return DAY + dt.timedelta(days=n)


def graph(*spans: tuple[int, int], edges: list[tuple[int, int] | tuple[int, int, int]], done: tuple[int, ...] = ()) -> Graph:  # fmt: skip
    """Milestones numbered from 0, each from day to day; ``edges`` say what waits for what."""
    nodes = {n: Node(n, day(a), day(b), n not in done) for n, (a, b) in enumerate(spans)}
    return Graph(nodes, tuple(Edge(*edge) for edge in edges))


def test_what_has_room_is_not_pushed() -> None:
    plan = graph((0, 5), (20, 20), edges=[(0, 1)])

    assert plan.effect_of(0, day(10), day(15)).pushed == ()


def test_what_waits_is_pushed_by_the_days_that_it_lacks_and_keeps_its_length() -> None:
    plan = graph((0, 5), (6, 9), (9, 12), edges=[(0, 1), (1, 2)])

    effect = plan.effect_of(0, day(5), day(10))

    assert effect.pushed == (Pushed(1, 4, 0), Pushed(2, 4, 1))


def test_days_between_count() -> None:
    plan = graph((0, 5), (10, 10), edges=[(0, 1, 5)])

    assert plan.effect_of(0, day(1), day(6)).pushed == (Pushed(1, 1, 0),)


def test_pushed_by_two_it_goes_as_far_as_the_farther_one_asks() -> None:
    plan = graph((0, 0), (3, 3), (3, 3), (4, 4), edges=[(0, 1), (0, 2), (1, 3), (2, 3, 5)])

    effect = plan.effect_of(0, day(10), day(10))

    assert {p.key: p.days for p in effect.pushed} == {1: 7, 2: 7, 3: 11}
    assert effect.pushed[-1].by == 2


def test_what_cannot_move_is_told_and_pushes_nothing() -> None:
    plan = graph((0, 5), (6, 6), (6, 6), edges=[(0, 1), (1, 2)], done=(1,))

    effect = plan.effect_of(0, day(5), day(10))

    assert effect.pushed == ()
    assert effect.clashes == (Pushed(1, 4, 0),)


def test_what_was_too_early_before_is_not_blamed_on_a_move_that_makes_it_no_worse() -> None:
    plan = graph((10, 12), (5, 5), edges=[(0, 1)])

    assert plan.effect_of(0, day(9), day(11)).pushed == ()
    assert plan.effect_of(0, day(11), day(13)).pushed == (Pushed(1, 8, 0),)


def test_what_would_begin_before_what_it_waits_for_is_told() -> None:
    plan = graph((0, 5), (10, 12), edges=[(0, 1, 2)])

    assert plan.effect_of(1, day(4), day(6)).too_early == (Pushed(0, 3, 1),)
    assert plan.effect_of(1, day(7), day(9)).too_early == ()


def test_margins_are_the_days_to_spare_along_the_tightest_way() -> None:
    # 71 days to the edition; 0 → 1 has 4 days between, and 1 has 61 left.
    plan = graph((0, 5), (9, 10), (30, 30), edges=[(0, 1), (0, 2)])

    assert plan.margins(END) == {0: 65, 1: 61, 2: 41}
    tight = graph((0, 5), (6, 71), edges=[(0, 1)])
    assert tight.margins(END) == {0: 1, 1: 0}


def test_what_stands_too_late_has_a_negative_margin() -> None:
    assert graph((80, 80), edges=[]).margins(END) == {0: -9}


def test_the_critical_path_is_the_chain_with_least_to_spare() -> None:
    plan = graph((0, 1), (2, 60), (0, 1), (2, 3), (61, 70), edges=[(0, 1), (2, 3), (1, 4)])

    assert plan.critical_path(END) == [0, 1, 4]
    assert graph((0, 1), (2, 3), edges=[]).critical_path(END) == []


@st.composite
def plans(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(2, 8))
    spans = [(a, a + draw(st.integers(0, 9))) for a in draw(st.lists(st.integers(0, 60), min_size=count, max_size=count))]  # fmt: skip
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))
    return graph(*spans, edges=[(a, b, draw(st.integers(0, 5))) for a, b in edges])


def held(plan: Graph, spans: dict[int, tuple[dt.date, dt.date]], edge: Edge) -> bool:
    return (spans[edge.after][0] - spans[edge.before][1]).days >= edge.lag


@given(plan=plans(), slip=st.integers(0, 40))
def test_after_a_move_all_that_held_still_holds(plan: Graph, slip: int) -> None:
    before = {k: (n.first, n.last) for k, n in plan.nodes.items()}
    moved = plan.nodes[0]
    first, last = moved.first + dt.timedelta(days=slip), moved.last + dt.timedelta(days=slip)
    effect = plan.effect_of(0, first, last)
    after = {**before, 0: (first, last)}
    for p in effect.pushed:
        after[p.key] = tuple(d + dt.timedelta(days=p.days) for d in before[p.key])  # type: ignore[assignment]

    assert all(p.days > 0 for p in effect.pushed)
    for edge in plan.edges:
        assert held(plan, after, edge) or not held(plan, before, edge)


@given(plan=plans())
def test_a_milestone_may_slip_by_its_margin_and_touches_the_edition_with_one_day_more(plan: Graph) -> None:
    margins = plan.margins(END)
    holds = all(held(plan, {k: (n.first, n.last) for k, n in plan.nodes.items()}, e) for e in plan.edges)
    for key, margin in margins.items():
        if not holds or margin < 0:
            continue
        for extra, fits in ((0, True), (1, False)):
            shift = dt.timedelta(days=margin + extra)
            node = plan.nodes[key]
            effect = plan.effect_of(key, node.first + shift, node.last + shift)
            ends = {k: n.last for k, n in plan.nodes.items()}
            ends[key] = node.last + shift
            for p in effect.pushed:
                ends[p.key] = plan.nodes[p.key].last + dt.timedelta(days=p.days)
            behind = [ends[key], *(ends[p.key] for p in effect.pushed)]
            assert (max(behind) <= END) is fits

"""Who gets a free seat: the pure rule, on any waiting lists."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from registration.seating import Held, Waiter, pass_on

A, B, C = 1, 2, 3


def who(moves):
    return [(m.waiter.choice, m.seat) for m in moves]


def test_the_seat_goes_to_whoever_has_waited_longest_and_may_sit():
    waiters = [Waiter(1, A, may_sit=False), Waiter(2, A, may_sit=True), Waiter(3, A, may_sit=True)]

    assert who(pass_on({A: [10]}, waiters)) == [(2, 10)]


def test_the_seat_that_is_left_passes_on_in_its_turn():
    waiters = [
        Waiter(1, B, may_sit=True, holds=Held(100, A, 10)),
        Waiter(2, A, may_sit=True, holds=Held(101, C, 30)),
        Waiter(3, C, may_sit=True),
    ]

    assert who(pass_on({B: [20]}, waiters)) == [(1, 20), (2, 10), (3, 30)]


def test_where_seats_are_not_counted_everybody_who_waits_comes_in():
    waiters = [
        Waiter(1, B, may_sit=True, holds=Held(100, A, 10)),
        Waiter(2, B, may_sit=True),
        Waiter(3, A, may_sit=True),
    ]

    assert who(pass_on({}, waiters, uncounted={B})) == [(1, None), (2, None), (3, 10)]


@st.composite
def situations(draw):
    """Free seats of three sessions, and people who wait, some with a seat in another one."""
    free = {s: [s * 100 + n for n in range(draw(st.integers(0, 2)))] for s in (A, B, C)}
    waiters = []
    for choice in range(draw(st.integers(0, 8))):
        session = draw(st.sampled_from([A, B, C]))
        other = draw(st.none() | st.sampled_from([s for s in (A, B, C) if s != session]))
        holds = Held(1000 + choice, other, 2000 + choice) if other else None
        waiters.append(
            Waiter(choice, session, may_sit=draw(st.booleans()) or draw(st.booleans()), holds=holds)
        )
    return free, waiters


@settings(max_examples=300, deadline=None, derandomize=True)
@given(situations())
def test_no_seat_stays_free_that_somebody_waits_for_and_nobody_is_overtaken(situation):
    free, waiters = situation

    moves = pass_on(free, waiters)

    seats = Counter({seat: 1 for of_it in free.values() for seat in of_it})
    for move in moves:
        seats[move.seat] -= 1
        if move.left:
            seats[move.left.seat] += 1
    home = {seat: s for s, of_it in free.items() for seat in of_it} | {
        w.holds.seat: w.holds.session for w in waiters if w.holds
    }
    assert all(home[m.seat] == m.waiter.session for m in moves)
    assert set(seats.values()) <= {0, 1}
    left = {home[seat] for seat, n in seats.items() if n}
    moved = {m.waiter.choice for m in moves}
    still = [w for w in waiters if w.may_sit and w.choice not in moved]
    assert not [w for w in still if w.session in left]
    assert not [
        m for m in moves for w in still if w.session == m.waiter.session and w.choice < m.waiter.choice
    ]
    assert all(m.waiter.may_sit for m in moves)

"""The assignment of visits: seats, the best for all, the same each time, and true explanations."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.assignment import (
    DISSATISFACTION,
    Given,
    Missed,
    Person,
    assign,
    dissatisfaction,
    fingerprint,
)

AIRBUS, INRA, CAHORS, NARBONNE = 1, 2, 3, 4


def got(people, seats):
    return [g.session for g in assign(people, seats)]


def test_everybody_has_the_first_wish_where_there_are_seats():
    people = [Person(1, (AIRBUS,)), Person(2, (INRA, AIRBUS)), Person(3, (AIRBUS, CAHORS))]

    assert [g.rank for g in assign(people, {AIRBUS: 2, INRA: 1, CAHORS: 1})] == [1, 1, 1]


def test_who_registered_first_has_the_seat_that_both_want():
    assert got([Person(9, (AIRBUS,)), Person(1, (AIRBUS,))], {AIRBUS: 1}) == [AIRBUS, None]


def test_one_more_person_with_a_visit_is_worth_more_than_a_better_wish():
    people = [Person(1, (AIRBUS, INRA)), Person(2, (AIRBUS,))]

    assert got(people, {AIRBUS: 1, INRA: 1}) == [INRA, AIRBUS]


def test_two_second_wishes_are_better_than_a_first_and_a_third():
    people = [Person(1, (AIRBUS, INRA, CAHORS)), Person(2, (AIRBUS, INRA, CAHORS)), Person(3, (INRA, AIRBUS))]
    seats = {AIRBUS: 1, INRA: 1, CAHORS: 1}

    assert dissatisfaction(assign(people, seats)) == (0, 3)


def test_nobody_gets_a_visit_that_was_not_wished_for():
    assert got([Person(1, (AIRBUS,)), Person(2, (AIRBUS,))], {AIRBUS: 1, INRA: 5}) == [AIRBUS, None]


def test_a_visit_that_was_dropped_counts_for_nothing_and_is_named():
    [given_one] = assign([Person(1, (AIRBUS, INRA))], {INRA: 1})

    assert (given_one.session, given_one.rank) == (INRA, 2)
    assert given_one.missed == (Missed(AIRBUS, 1, seats=0, wishes=1, later=0),)


def test_the_explanation_tells_seats_wishes_and_who_came_later():
    people = [Person(1, (AIRBUS, INRA)), Person(2, (AIRBUS,)), Person(3, (INRA, CAHORS))]

    first, second, third = assign(people, {AIRBUS: 1, INRA: 1, CAHORS: 1})

    # The second would have had nothing else; so the first, who registered before, has the second wish.
    assert first == Given(1, INRA, 2, (Missed(AIRBUS, 1, seats=1, wishes=2, later=1),))
    assert second == Given(2, AIRBUS, 1)
    assert third == Given(3, CAHORS, 2, (Missed(INRA, 1, seats=1, wishes=2, later=0),))


def test_nobody_and_nothing():
    assert assign([], {AIRBUS: 3}) == []
    assert assign([Person(1, (AIRBUS,))], {}) == [
        Given(1, None, None, (Missed(AIRBUS, 1, seats=0, wishes=1, later=0),))
    ]
    assert got([Person(1, (AIRBUS,))], {AIRBUS: 0}) == [None]


def test_a_thousand_people_are_assigned_in_good_time():
    visits = list(range(1, 8))
    people = [Person(n, tuple(visits[(n * k) % 7] for k in (1, 2, 3))) for n in range(1, 1001) if n % 7]
    seats = dict.fromkeys(visits, 120)

    answer = assign(people, seats)

    assert sum(g.session is not None for g in answer) == 6 * 120


# --- Always -------------------------------------------------------------------------------

VISITS = [AIRBUS, INRA, CAHORS, NARBONNE]
PEOPLE = st.lists(
    st.lists(st.sampled_from(VISITS), min_size=0, max_size=3, unique=True).map(tuple), min_size=0, max_size=5
).map(lambda wishes: [Person(n, w) for n, w in enumerate(wishes, start=1)])
SEATS = st.dictionaries(st.sampled_from(VISITS), st.integers(0, 2), max_size=4)


def brute_force(people, seats):
    """The smallest dissatisfaction of all ways to give seats."""
    best = None
    for way in itertools.product(*[[None, *[w for w in p.wishes if w in seats]] for p in people]):
        if any(way.count(v) > n for v, n in seats.items()):
            continue
        ranks = [
            [w for w in p.wishes if w in seats].index(v)
            for p, v in zip(people, way, strict=True)
            if v is not None
        ]
        value = (len(people) - len(ranks), sum(DISSATISFACTION[r] for r in ranks))
        best = value if best is None else min(best, value)
    return best or (0, 0)


def cost_of(people, seats, answer):
    """As ``dissatisfaction``, but a dropped visit moves the wishes after it up."""
    ranks = [
        [w for w in p.wishes if w in seats].index(g.session)
        for p, g in zip(people, answer, strict=True)
        if g.session is not None
    ]
    return len(people) - len(ranks), sum(DISSATISFACTION[r] for r in ranks)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(PEOPLE, SEATS)
def test_whatever_the_wishes_the_answer_keeps_to_the_seats_and_is_the_best(people, seats):
    answer = assign(people, seats)

    assert [g.key for g in answer] == [p.key for p in people]
    for visit in VISITS:
        assert sum(g.session == visit for g in answer) <= seats.get(visit, 0)
    for person, one in zip(people, answer, strict=True):
        assert one.session is None or person.wishes[one.rank - 1] == one.session
    assert cost_of(people, seats, answer) == brute_force(people, seats)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PEOPLE, SEATS)
def test_the_same_wishes_give_the_same_answer_whatever_people_are_called(people, seats):
    answer = assign(people, dict(sorted(seats.items(), reverse=True)))
    others = assign([Person(1000 - p.key, p.wishes) for p in people], seats)

    assert answer == assign(people, seats)
    assert [(g.session, g.rank) for g in answer] == [(g.session, g.rank) for g in others]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PEOPLE, SEATS)
def test_the_explanation_matches_what_was_given(people, seats):
    answer = assign(people, seats)
    order = {p.key: n for n, p in enumerate(people)}

    for person, one in zip(people, answer, strict=True):
        assert [m.session for m in one.missed] == list(person.wishes[: one.rank - 1 if one.rank else None])
        for missed in one.missed:
            holders = [order[g.key] for g in answer if g.session == missed.session]
            # A wish that was not fulfilled is one whose seats are all taken.
            assert len(holders) == missed.seats == seats.get(missed.session, 0)
            assert missed.wishes == sum(missed.session in p.wishes for p in people)
            assert missed.later == sum(holder > order[person.key] for holder in holders)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.sampled_from(VISITS), min_size=1, max_size=3, unique=True).map(tuple),
        min_size=2,
        max_size=6,
    )
)
def test_of_two_who_wish_the_same_the_first_is_never_worse_off(wishes):
    people = [Person(n, w) for n, w in enumerate(wishes)]
    answer = assign(people, dict.fromkeys(VISITS, 1))

    for earlier, later in itertools.combinations(range(len(people)), 2):
        if people[earlier].wishes == people[later].wishes:
            assert (answer[earlier].rank or 9) <= (answer[later].rank or 9)


@pytest.mark.parametrize(
    "other",
    [
        ([Person(1, (AIRBUS,)), Person(2, (INRA,))], {AIRBUS: 2}),
        ([Person(2, (INRA,)), Person(1, (AIRBUS,))], {AIRBUS: 1}),
        ([Person(1, (AIRBUS,))], {AIRBUS: 1}),
        ([Person(1, (AIRBUS, INRA)), Person(2, (INRA,))], {AIRBUS: 1}),
    ],
)
def test_the_fingerprint_changes_with_each_thing_it_depends_on(other):
    assert fingerprint([Person(1, (AIRBUS,)), Person(2, (INRA,))], {AIRBUS: 1}) != fingerprint(*other)

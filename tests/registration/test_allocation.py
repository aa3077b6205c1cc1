"""Who gets which free place, without a database."""

import pytest

from registration.allocation import Candidate, FreePlace, allocate

ELECTED, TOURISM, RESERVE = 1, 2, 9


def some_places(elected: int = 0, tourism: int = 0, reserve: int = 0) -> list[FreePlace]:
    """Places 11, 12… for elected, 21, 22… for tourism, 91, 92… in the reserve."""
    return [
        FreePlace(category * 10 + n, category, is_reserve=category == RESERVE)
        for category, count in ((ELECTED, elected), (TOURISM, tourism), (RESERVE, reserve))
        for n in range(1, count + 1)
    ]


def one(key: str, category: int = ELECTED, authority: str = "", **fields: object) -> Candidate:
    fields = {"booking": key, "in_reserve": category == RESERVE, **fields}
    return Candidate(key=key, category=category, authority=authority or key, **fields)  # type: ignore[arg-type]


def group(booking: str, count: int, category: int = ELECTED) -> list[Candidate]:
    return [
        one(f"{booking}{n}", category, booking, booking=booking, together=True) for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("released", [False, True])
def test_without_places_or_without_people_nothing_is_given(released):
    assert allocate([], [one("a")], released=released) == {}
    assert allocate(some_places(elected=2), [], released=released) == {}


def test_places_go_along_the_queue_in_its_order():
    assert allocate(some_places(elected=2), [one("a"), one("b"), one("c")], released=False) == {
        "a": 11,
        "b": 12,
    }


def test_a_full_category_does_not_hold_up_another():
    queue = [one("a"), one("b", TOURISM)]

    assert allocate(some_places(tourism=1), queue, released=False) == {"b": 21}


def test_released_places_serve_every_category_the_own_one_first():
    queue = [one("a", TOURISM), one("b", TOURISM), one("c")]

    assert allocate(some_places(elected=1, tourism=1), queue, released=True) == {"a": 21, "b": 11}


def test_the_reserve_serves_nobody_else_and_nobody_of_it_takes_other_places():
    queue = [one("a"), one("guest", RESERVE)]

    assert allocate(some_places(reserve=2), queue, released=True) == {"guest": 91}
    assert allocate(some_places(elected=2), queue, released=True) == {"a": 11}


def test_a_group_is_served_whole_or_passed_over_with_its_rank():
    queue = [*group("g", 3), one("a")]

    assert allocate(some_places(elected=2), queue, released=False) == {"a": 11}
    assert allocate(some_places(elected=3), queue, released=False) == {"g1": 11, "g2": 12, "g3": 13}


def test_two_groups_side_by_side_are_two_groups():
    queue = [*group("g", 2), *group("h", 2)]

    assert allocate(some_places(elected=3), queue, released=False) == {"g1": 11, "g2": 12}


def test_people_of_one_request_who_need_not_stay_together_are_served_one_by_one():
    queue = [one("a1", booking="a"), one("a2", booking="a")]

    assert allocate(some_places(elected=1), queue, released=False) == {"a1": 11}


def test_an_authority_at_its_ceiling_is_passed_over():
    queue = [one("a", authority="Rodez"), one("b", authority="Rodez"), one("c", authority="Albi")]

    given = allocate(
        some_places(elected=3), queue, released=False, ceiling=2, seated_by_authority={"Rodez": 1}
    )

    assert given == {"a": 11, "c": 12}


def test_a_group_above_the_ceiling_waits_as_a_whole():
    assert allocate(some_places(elected=5), group("g", 3), released=False, ceiling=2) == {}


def test_a_group_that_does_not_fit_leaves_nothing_behind():
    """Neither its places nor its share of the ceiling are spent."""
    queue = [*group("g", 2), one("g-later", authority="g")]

    assert allocate(some_places(elected=1), queue, released=False, ceiling=1) == {"g-later": 11}
    assert allocate(some_places(elected=1), queue, released=False, ceiling=2) == {"g-later": 11}


def test_whoever_may_not_be_offered_a_place_still_stands_before_those_who_came_later():
    queue = [one("a", may_be_offered=False), one("b")]

    assert allocate(some_places(elected=1), queue, released=False) == {}
    assert allocate(some_places(elected=2), queue, released=False) == {"b": 12}


def test_what_the_caller_gave_is_left_as_it_was():
    places, queue, seated = some_places(elected=2), [one("a")], {"a": 0}

    allocate(places, queue, released=True, ceiling=3, seated_by_authority=seated)

    assert (places, queue, seated) == (some_places(elected=2), [one("a")], {"a": 0})

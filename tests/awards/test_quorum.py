"""Whether enough of the jury is in the room: a table, on each side and in all."""

import pytest

from assises.enums import Side
from awards.quorum import quorum_of

FR, CN = Side.FRENCH, Side.CHINESE


def quorum(eligible, present, **rule):
    rule = {"per_side": 3, "percent": 75, **rule}
    return quorum_of(
        dict(zip((FR, CN), eligible, strict=True)), dict(zip((FR, CN), present, strict=True)), **rule
    )


@pytest.mark.parametrize(
    ("eligible", "present", "needed", "in_all", "reached"),
    [
        # Three of each side, three quarters of all: five of six, and so all of each.
        ((3, 3), (3, 3), (3, 3), 5, True),
        ((3, 3), (3, 2), (3, 3), 5, False),
        # Four of each side: three are enough on each, six in all.
        ((4, 4), (3, 3), (3, 3), 6, True),
        ((4, 4), (4, 2), (3, 3), 6, False),
        ((5, 5), (3, 4), (3, 3), 8, False),
        ((5, 5), (4, 4), (3, 3), 8, True),
        # Recusals: all who are left on that side, and three quarters of those who are left.
        ((2, 3), (2, 3), (2, 3), 4, True),
        ((2, 3), (1, 3), (2, 3), 4, False),
        ((2, 2), (2, 2), (2, 2), 3, True),
        # Never fewer than two: one alone decides nothing.
        ((1, 3), (1, 3), (2, 3), 3, False),
        ((0, 3), (0, 3), (2, 3), 3, False),
    ],
)
def test_the_quorum_is_a_table(eligible, present, needed, in_all, reached):
    found = quorum(eligible, present)

    assert (found.needed[FR], found.needed[CN]) == needed
    assert found.needed_in_all == in_all
    assert found.is_reached is reached
    assert bool(found.lacks()) is not reached


@pytest.mark.parametrize(
    ("percent", "needed"), [(1, 1), (50, 3), (51, 4), (67, 5), (75, 5), (83, 5), (84, 6), (100, 6)]
)
def test_a_percentage_is_of_those_who_may_vote_and_rounded_up(percent, needed):
    assert quorum((3, 3), (3, 3), percent=percent).needed_in_all == needed


def test_it_says_which_side_lacks_how_many():
    (sentence,) = quorum((4, 4), (4, 2)).lacks()

    assert "chinois" in sentence.lower()
    assert "1 " in sentence

    both = quorum((4, 4), (2, 1)).lacks()

    assert len(both) == 3


def test_a_jury_of_one_on_each_side_may_be_its_own_quorum():
    assert quorum((1, 1), (1, 1), per_side=1, least=1).is_reached
    assert not quorum((1, 1), (1, 1), per_side=1).is_reached


def test_what_is_kept_of_it_is_plain():
    assert quorum((3, 2), (3, 1)).as_plain() == {
        "FR": {"eligible": 3, "present": 3, "needed": 3},
        "CN": {"eligible": 2, "present": 1, "needed": 2},
        "all": {"eligible": 5, "present": 4, "needed": 4},
    }

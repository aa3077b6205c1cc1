"""Who comes first at a ceremony (décret 89-655): pure, without a database."""

import itertools

import pytest

from assises.models import Organisation
from program.models import ProtocolRank, Speaker
from program.protocol import precedence, row, seating, speaking_order

REGION = Organisation(pk=1, name_fr="Région")
PREFECT = ProtocolRank(pk=1, order=1, represents_state=True)
DEPUTY = ProtocolRank(pk=2, order=2)
PRESIDENT = ProtocolRank(pk=5, order=5)
MAYOR = ProtocolRank(pk=7, order=7)
NUMBERS = itertools.count(1)


def french(name, rank=None, **fields):
    return Speaker(pk=next(NUMBERS), side="FR", family_name=name, rank=rank, **fields)


def chinese(name, **fields):
    return Speaker(pk=next(NUMBERS), side="CN", name_zh=name, **fields)


def names(order):
    return [s.speaker.family_name or s.speaker.name_zh for s in order]


def test_ranks_of_the_decree_come_in_their_order_and_those_without_one_last():
    people = [
        french("sans rang"),
        french("maire", MAYOR),
        french("préfet", PREFECT),
        french("député", DEPUTY),
    ]

    order = precedence(people)

    assert names(order) == ["préfet", "député", "maire", "sans rang"]
    assert [s.place for s in order] == [1, 2, 3, 4]
    assert [s.by for s in order] == ["rank", "rank", "rank", "none"]


def test_the_inviting_authority_comes_right_after_the_state():
    people = [
        french("député", DEPUTY),
        french("présidente", PRESIDENT, organisation=REGION),
        french("préfet", PREFECT),
    ]

    order = precedence(people, inviting=REGION)

    assert names(order) == ["préfet", "présidente", "député"]
    assert order[1].by == "inviting"


def test_only_the_head_of_the_inviting_authority_does():
    people = [
        french("préfet", PREFECT),
        french("directeur", organisation=REGION),
        french("député", DEPUTY),
        french("présidente", PRESIDENT, organisation=REGION),
    ]

    assert names(precedence(people, inviting=REGION)) == ["préfet", "présidente", "député", "directeur"]


def test_without_the_state_the_inviting_authority_comes_first():
    people = [french("député", DEPUTY), french("présidente", PRESIDENT, organisation=REGION)]

    assert names(precedence(people, inviting=REGION)) == ["présidente", "député"]


def test_a_chinese_guest_stands_beside_the_counterpart_by_courtesy():
    president = french("présidente", PRESIDENT)
    guest = chinese("李示例", counterpart=president)

    order = precedence([guest, french("maire", MAYOR), president])

    assert names(order) == ["présidente", "李示例", "maire"]
    assert order[1].by == "courtesy"


def test_a_guest_whose_counterpart_is_away_comes_by_rank_or_last():
    away = french("absent", PRESIDENT)

    order = precedence([chinese("李示例", counterpart=away), french("maire", MAYOR)])

    assert names(order) == ["maire", "李示例"]


def test_counterparts_of_one_another_do_not_turn_in_a_circle():
    president = french("présidente", PRESIDENT)
    guest = chinese("李示例", counterpart=president)
    president.counterpart = guest

    assert names(precedence([guest, president])) == ["présidente", "李示例"]


def test_a_place_given_by_the_organisers_wins_and_brings_the_guest_along():
    elder = french("doyenne", rank_override=2, rank_override_reason="Doyenne des maires")
    people = [
        french("préfet", PREFECT),
        french("député", DEPUTY),
        elder,
        chinese("李示例", counterpart=elder),
    ]

    order = precedence(people)

    assert names(order) == ["préfet", "doyenne", "李示例", "député"]
    assert order[1].by == "organisers"


def test_two_given_places_are_both_kept_and_one_beyond_the_end_is_the_last():
    people = [
        french("préfet", PREFECT),
        french("un", rank_override=1, rank_override_reason="-"),
        french("trois", rank_override=3, rank_override_reason="-"),
        french("neuf", rank_override=9, rank_override_reason="-"),
    ]

    assert names(precedence(people)) == ["un", "préfet", "trois", "neuf"]


def test_whoever_is_first_speaks_last():
    order = precedence([french("préfet", PREFECT), french("député", DEPUTY), french("maire", MAYOR)])

    assert names(speaking_order(order)) == ["maire", "député", "préfet"]


@pytest.mark.parametrize(
    ("count", "seen_from_the_hall"),
    [(1, [1]), (2, [2, 1]), (3, [2, 1, 3]), (5, [4, 2, 1, 3, 5]), (6, [6, 4, 2, 1, 3, 5])],
)
def test_the_first_sits_in_the_centre_the_others_alternately_right_and_left(count, seen_from_the_hall):
    order = precedence([french(str(n)) for n in range(count)])

    seats = row(seating(order))

    assert [s.standing.place for s in seats] == seen_from_the_hall


def test_seats_are_named_as_those_see_them_who_sit_there():
    seats = seating(precedence([french(str(n)) for n in range(4)]))

    assert [(s.seat, s.distance) for s in seats] == [("centre", 0), ("right", 1), ("left", 1), ("right", 2)]


def test_nobody_makes_an_empty_row():
    assert precedence([]) == []
    assert row(seating([])) == []

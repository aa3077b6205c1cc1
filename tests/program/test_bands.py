"""How the items of a day stand beside one another."""

import datetime as dt

from program.bands import bands_of
from tests.program.showing import a_workshop, an_item


def at(starts, ends, **fields):
    times = [dt.time.fromisoformat(t) if t else None for t in (starts, ends)]
    return an_item(starts_at=times[0], ends_at=times[1], **fields)


def test_what_follows_one_another_stands_in_a_band_of_its_own():
    bands = bands_of([at("09:00", "10:30"), at("10:30", "12:30")])

    assert [(band.starts, band.ends, band.lanes) for band in bands] == [
        (dt.time(9), dt.time(10, 30), 1),
        (dt.time(10, 30), dt.time(12, 30), 1),
    ]


def test_what_is_parallel_stands_side_by_side_from_its_start_to_its_end():
    short, long = at("14:00", "16:30"), at("14:00", "18:00")

    [band] = bands_of([short, long])

    assert [(p.session, p.lane, p.from_row, p.to_row) for p in band.items] == [
        (short, 1, 1, 2),
        (long, 2, 1, 3),
    ]
    assert not band.is_simple


def test_overlaps_in_a_chain_are_one_band_and_a_lane_that_is_free_is_used_again():
    items = [at("14:00", "15:00"), at("14:30", "16:00"), at("15:00", "17:00")]

    [band] = bands_of(items)

    assert [p.lane for p in band.items] == [1, 2, 1]
    assert (band.lanes, band.rows) == (2, 5 - 1)


def test_parallel_workshops_are_neighbours_whatever_their_codes():
    rooms = [at("14:00", "18:00", kind="informal", code=code) for code in ("b", "c")]
    workshops = [a_workshop(code=code) for code in ("a", "d")]

    [band] = bands_of([*rooms, *workshops])

    assert [p.session.code for p in band.items] == ["a", "d", "b", "c"]


def test_an_open_end_takes_up_an_hour_and_is_not_said_to_end():
    bands = bands_of([at("19:00", None), at("20:00", "22:00")])

    assert [band.ends for band in bands] == [None, dt.time(22)]


def test_an_item_without_an_hour_is_in_no_band():
    assert bands_of([at(None, None)]) == []


def test_seven_visits_at_once_are_more_than_lanes_can_show():
    [band] = bands_of([at("11:00", None, kind="visit") for _unused in range(7)])

    assert not band.fits
    assert band.is_simple

"""Several people at the same seat at the same instant, and what the database itself forbids."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assises.exceptions import Refusal
from registration import services
from registration.models import Registration, Seat, SessionChoice
from registration.services import choosing, seats
from tests.factories import NOW, a_person, a_request, an_edition
from tests.load import checks
from tests.registration.test_concurrency import PATIENCE, Someone, at_once
from tests.seat_factories import a_meeting_room, a_session, somebody_in, stands, two_workshops

pytestmark = pytest.mark.django_db(transaction=True)


def wants(edition, *sessions, **more):
    """A request of one person for these sessions."""
    return a_request(edition, a_person(is_contact=True, sessions=sessions, **more))


def check_seats(edition):
    """No seat is held twice, nobody who may sit waits beside a free one, letters and journal agree."""
    held = list(SessionChoice.objects.filter(seat__isnull=False).values_list("seat", flat=True))
    assert len(held) == len(set(held))
    for choice in SessionChoice.objects.filter(is_waiting=True, registration__place__isnull=False):
        assert not Seat.objects.free().filter(session=choice.session_id).exists(), (
            f"{choice} waits beside a seat"
        )


# --- The last seat ------------------------------------------------------------------------


def test_forty_people_at_once_on_ten_seats():
    edition = an_edition(elected=60)
    workshop = a_session(edition, 10)
    requests = [wants(edition, workshop) for _unused in range(40)]

    at_once(*[lambda request=request: services.register(request, at=NOW) for request in requests])

    got = [c.is_waiting for c in SessionChoice.objects.order_by("pk")]
    assert (got.count(False), got.count(True)) == (10, 30)
    assert [c.rank_at_entry for c in SessionChoice.objects.waiting()] == list(range(1, 31))
    check_seats(edition)
    checks.check_places(edition)
    checks.check_letters(edition)


def test_a_taker_does_not_wait_for_the_seat_that_another_one_is_taking():
    edition = an_edition(elected=5)
    workshop = a_session(edition, 2)
    request = wants(edition, workshop)

    with transaction.atomic():
        first = somebody_in(edition, workshop)
        second = Someone(lambda: services.register(request, at=NOW), lock_timeout="2s").result()

    assert [stands(r)[workshop.code] for r in (first, second.registrations.get())] == ["seat", "seat"]


def test_of_two_who_want_the_last_seat_one_waits():
    edition = an_edition(elected=5)
    workshop = a_session(edition, 1)
    request = wants(edition, workshop)

    with transaction.atomic():
        first = somebody_in(edition, workshop)
        second = Someone(lambda: services.register(request, at=NOW))
        # It finds no seat, and waits to see what becomes of the one that is being taken.
        second.until_blocked()
    second = second.result().registrations.get()

    assert [stands(r)[workshop.code] for r in (first, second)] == ["seat", "waits"]


def join_while_a_seat_is_given_up(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The joiner looks and finds no seat; before it has written, the only seat is given up."""
    edition = an_edition(elected=5)
    workshop = a_session(edition, 1)
    seated = somebody_in(edition, workshop)
    request = wants(edition, workshop)
    looked, go_on = threading.Event(), threading.Event()
    real = choosing.write

    def look_and_wait(chosen: Any, **kwargs: Any) -> None:
        chosen = list(chosen)
        if any(choice.is_waiting for _registration, choices in chosen for choice in choices):
            looked.set()
            assert go_on.wait(PATIENCE)
        real(chosen, **kwargs)

    monkeypatch.setattr(choosing, "write", look_and_wait)
    joiner = Someone(lambda: services.register(request, at=NOW))
    assert looked.wait(PATIENCE)
    leaver = Someone(lambda: services.change(seated, details={}, sessions=[], at=NOW))
    try:
        leaver.until_blocked()
    except AssertionError:
        leaver.result()  # without the lock, it has finished meanwhile
    go_on.set()
    booking = joiner.result()
    leaver.result()
    return edition, stands(booking.registrations.get())[workshop.code]


def test_nobody_waits_beside_a_seat_given_up_at_the_same_instant(monkeypatch):
    edition, joined = join_while_a_seat_is_given_up(monkeypatch)

    assert joined == "seat"
    check_seats(edition)


def test_without_the_lock_somebody_would_wait_beside_a_free_seat(monkeypatch):
    """Shows that it is the lock of the session that keeps the promise of the test above."""
    monkeypatch.setattr(seats, "lock_alone", lambda edition: None)
    monkeypatch.setattr(seats, "lock_expression", lambda sessions, alone: ("1", []))

    edition, joined = join_while_a_seat_is_given_up(monkeypatch)

    assert joined == "waits"
    with pytest.raises(AssertionError, match="waits beside a seat"):
        check_seats(edition)


def test_people_come_change_and_go_all_at_once():
    edition = an_edition(elected=40)
    one, two = two_workshops(edition, 6, 6)
    people = [somebody_in(edition, (one, two)[n % 2]) for n in range(12)]
    requests = [
        wants(edition, *((one,), (two,))[n % 2], meanwhile={"workshops": (two, one)[n % 2]})
        for n in range(12)
    ]

    at_once(
        *[lambda request=request: services.register(request, at=NOW) for request in requests],
        *[lambda person=person: services.cancel(person, at=NOW) for person in people[:3]],
        *[
            lambda person=person, n=n: services.change(
                person, details={}, sessions=[(two, one)[n % 2]], at=NOW
            )
            for n, person in enumerate(people[6:])
        ],
        *[lambda n=n: services.set_seats(one, n, at=NOW, by=None) for n in (7, 8)],
        *[lambda: services.settle(edition, at=NOW) for _unused in range(2)],
    )

    check_seats(edition)
    checks.check_places(edition)
    for registration in Registration.objects.all():
        assert sorted(stands(registration).values()) in ([], ["seat"], ["waits"], ["seat", "waits"])


def test_one_half_hour_of_a_room_goes_to_one_of_two():
    edition = an_edition(elected=5)
    room = a_meeting_room(edition)
    people = [somebody_in(edition) for _unused in range(2)]

    def take(person: Registration) -> str:
        try:
            services.take_half_hour(person, room, room.starts_at, at=NOW)
        except Refusal:
            return "refused"
        return "taken"

    assert sorted(at_once(*[lambda person=person: take(person) for person in people])) == ["refused", "taken"]


# --- The database itself ------------------------------------------------------------------


@pytest.fixture
def full():
    """Two seats, both held; one who waits; one who has no place; one session that is not counted."""
    small = an_edition(elected=3)
    one, other = two_workshops(small, 2, 5)
    a_session(small, code="uncounted")
    people = [somebody_in(small, one, meanwhile={"workshops": other}) for _unused in range(4)]
    assert [stands(p)[one.code] for p in people] == ["seat", "seat", "waits", "waits"]
    return small


ONE = "(SELECT id FROM program_session WHERE code = 'workshop-0')"
OTHER = "(SELECT id FROM program_session WHERE code = 'workshop-1')"
NEW_SEAT = f"INSERT INTO registration_seat (session_id, number, capacity) VALUES ({ONE}, %d, %d)"
WAITS = "id = (SELECT min(id) FROM registration_sessionchoice WHERE is_waiting)"
CHOICE = "CONSTRAINT registration_sessionchoice"


@pytest.mark.parametrize(
    ("statement", "guards"),
    [
        (NEW_SEAT % (3, 2), ["CONSTRAINT registration_seat_within_capacity"]),
        (NEW_SEAT % (3, 3), ["CONSTRAINT registration_seat_follows_session"]),
        (NEW_SEAT % (1, 2), ["CONSTRAINT registration_seat_one_per_number"]),
        (f"UPDATE program_session SET seats = 1 WHERE id = {ONE}", ["CONSTRAINT registration_seat_within_capacity"]),
        (
            f"UPDATE registration_sessionchoice SET seat_id = (SELECT min(id) FROM registration_seat WHERE session_id = {ONE}), is_waiting = false WHERE {WAITS}",
            ["CONSTRAINT registration_sessionchoice_seat_id_key", "INDEX registration_sessionchoice_one_per_group"],
        ),
        (
            f"UPDATE registration_sessionchoice SET seat_id = (SELECT max(id) FROM registration_seat WHERE session_id = {OTHER}) WHERE is_waiting AND {WAITS}",
            ["CONSTRAINT registration_sessionchoice_seat_or_waiting", "CONSTRAINT registration_sessionchoice_seat_of_session"],
        ),
        (
            f"UPDATE registration_sessionchoice SET is_waiting = false WHERE {WAITS}",
            ["TRIGGER registration_sessionchoice_is_seated_or_waits", "INDEX registration_sessionchoice_one_per_group"],
        ),
        (
            f"UPDATE registration_sessionchoice SET is_waiting = false, seat_id = (SELECT max(id) FROM registration_seat WHERE session_id = {ONE}) WHERE registration_id = (SELECT id FROM registration_registration WHERE status = 'waiting') AND session_id = {ONE}",
            ["TRIGGER registration_sessionchoice_is_seated_or_waits", "CONSTRAINT registration_sessionchoice_seat_id_key"],
        ),
        (
            "UPDATE registration_registration SET place_id = NULL, status = 'waiting', deadline = NULL WHERE status = 'held'",
            ["TRIGGER registration_no_seat_without_a_place"],
        ),
        (
            f"INSERT INTO registration_sessionchoice (registration_id, session_id, choice_group, is_waiting, chosen_at) SELECT registration_id, {OTHER}, 'workshops', true, now() FROM registration_sessionchoice WHERE {WAITS}",
            ["CONSTRAINT registration_sessionchoice_once", "INDEX registration_sessionchoice_one_per_group"],
        ),
    ],
)  # fmt: skip
def test_it_is_the_constraint_that_makes_one_seat_too_many_impossible(full, statement, guards):
    """With it even raw SQL fails; without it the very same statement does what must never happen."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    with transaction.atomic(), connection.cursor() as cursor:
        for guard in guards:
            drop(cursor, *guard.split())
        cursor.execute(statement)
        assert cursor.rowcount > 0
        transaction.set_rollback(True)


def drop(cursor, kind, name):
    table = "_".join(name.split("_")[:2])
    if name == "registration_no_seat_without_a_place":
        table = "registration_registration"
    if kind == "INDEX":
        cursor.execute(f"DROP INDEX {name}")
    elif kind == "TRIGGER":
        cursor.execute(f"DROP TRIGGER {name} ON {table}")
    else:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")

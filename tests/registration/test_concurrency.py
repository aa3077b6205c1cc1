"""Several people at the same instant, on connections of their own. Interleavings are forced, not hoped for."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, OutgoingEmail
from registration import services
from registration.models import Booking, Place, Registration
from registration.rules import rules_of
from registration.services import booking as booking_service
from registration.services import places
from tests.factories import (
    NOW,
    OPENS,
    a_booking,
    a_person,
    a_registration,
    a_request,
    an_edition,
    an_organisation,
)
from tests.load import checks

pytestmark = pytest.mark.django_db(transaction=True)
HOLD_ENDS = NOW.replace(day=17)
PATIENCE = 30


class Someone(threading.Thread):
    """Does one thing on a connection of its own. ``result`` gives what came of it, or raises what was raised."""

    def __init__(self, do: Callable[[], Any], *, lock_timeout: str = "20s") -> None:
        super().__init__(daemon=True)
        self.do, self.lock_timeout = do, lock_timeout
        self.connected, self.pid = threading.Event(), 0
        self.start()

    def run(self) -> None:
        self.outcome: Any = None
        self.error: BaseException | None = None
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{self.lock_timeout}'")
            self.pid = checks.backend_pid()
            self.connected.set()
            self.outcome = self.do()
        except BaseException as error:
            self.error = error
        finally:
            self.connected.set()
            connection.close()

    def result(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "still waiting"
        if self.error is not None:
            raise self.error
        return self.outcome

    def until_blocked(self) -> None:
        """Return when the thread waits for somebody else's lock."""
        assert self.connected.wait(PATIENCE)
        for _unused in range(PATIENCE * 100):
            if checks.is_blocked(self.pid):
                return
            assert self.is_alive(), f"was not held up: {self.error or self.outcome!r}"
            self.join(0.01)
        raise AssertionError("never held up")


def at_once(*things: Callable[[], Any]) -> list[Any]:
    """Do all of them, starting at the same instant."""
    line = threading.Barrier(len(things))

    def after_the_start(do: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            line.wait(PATIENCE)
            return do()

        return run

    return [someone.result() for someone in [Someone(after_the_start(do)) for do in things]]


def states(edition: Edition) -> list[str]:
    return sorted(edition.registrations.values_list("status", flat=True))


def test_forty_people_at_once_on_ten_places():
    edition = an_edition(elected=10)
    requests = [a_request(edition) for _unused in range(40)]

    at_once(*[lambda request=request: services.register(request, at=NOW) for request in requests])

    assert states(edition) == ["held"] * 10 + ["waiting"] * 30
    ranks = edition.registrations.waiting().values_list("rank_at_entry", flat=True)
    assert list(ranks) == list(range(1, 31))
    checks.check_places(edition)
    checks.check_order(edition)
    checks.check_letters(edition)


def test_a_taker_does_not_wait_for_the_place_that_another_one_is_taking():
    edition = an_edition(elected=2)
    request = a_request(edition)

    with transaction.atomic():
        first = a_registration(edition)
        second = (
            Someone(lambda: services.register(request, at=NOW), lock_timeout="2s")
            .result()
            .registrations.get()
        )

    assert (first.status, second.status) == ("held", "held")
    assert first.place_id != second.place_id


# --- Joining the list while a place is given up -------------------------------------------


def join_while_a_place_is_given_up(monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The joiner looks and finds no place; before it has written, the only place is given up."""
    edition = an_edition(elected=1)
    seated = a_registration(edition)
    request = a_request(edition)
    looked, go_on = threading.Event(), threading.Event()
    real = places.allocate_free

    def look_and_wait(*args: Any, newcomers: Any, **kwargs: Any) -> Any:
        found = real(*args, newcomers=newcomers, **kwargs)
        if newcomers:
            looked.set()
            assert go_on.wait(PATIENCE)
        return found

    monkeypatch.setattr(places, "allocate_free", look_and_wait)
    joiner = Someone(lambda: services.register(request, at=NOW))
    assert looked.wait(PATIENCE)
    leaver = Someone(lambda: services.cancel(seated, at=NOW))
    try:
        leaver.until_blocked()
    except AssertionError:
        leaver.result()  # without the lock, it has finished meanwhile
    go_on.set()
    joiner.result()
    leaver.result()
    return edition


def test_nobody_waits_beside_a_place_given_up_at_the_same_instant(monkeypatch):
    edition = join_while_a_place_is_given_up(monkeypatch)

    assert states(edition) == ["cancelled", "offered"]


def test_without_the_lock_somebody_would_wait_beside_a_free_place(monkeypatch):
    """Shows that it is the lock that keeps the promise of the test above."""
    monkeypatch.setattr(places, "lock_alone", lambda edition: None)
    monkeypatch.setattr(places, "lock_shared", lambda edition, authority=None, **sessions: None)

    edition = join_while_a_place_is_given_up(monkeypatch)

    assert states(edition) == ["cancelled", "waiting"]
    with pytest.raises(AssertionError, match="1 people wait beside 1 free places"):
        checks.check_nobody_waits_beside_a_free_place(edition)


def test_people_come_and_go_and_capacity_changes_all_at_once():
    edition = an_edition(elected=10)
    seated = [a_registration(edition) for _unused in range(10)]
    requests = [a_request(edition) for _unused in range(16)]
    category = edition.categories.get()

    at_once(
        *[lambda request=request: services.register(request, at=NOW) for request in requests],
        *[lambda person=person: services.cancel(person, at=NOW) for person in seated[:5]],
        *[lambda person=person: services.confirm([person], at=NOW) for person in seated[5:]],
        *[
            lambda n=n: services.set_capacity(edition, {category.pk: n}, at=NOW, by=None, reason="")
            for n in (12, 14)
        ],
        *[lambda: services.settle(edition, at=NOW) for _unused in range(3)],
    )

    checks.check_places(edition)
    checks.check_nobody_waits_beside_a_free_place(edition)
    checks.check_order(edition)
    checks.check_letters(edition)
    assert edition.registrations.count() == 26


# --- One person, one form, one authority twice --------------------------------------------


def test_the_same_address_from_two_connections_is_one_registration():
    edition = an_edition(elected=5)
    address = "camille@example.org"
    again = a_request(edition, a_person(email=address.upper(), is_contact=True))

    with transaction.atomic():
        a_registration_of(edition, address)
        second = Someone(lambda: services.register(again, at=NOW))
        second.until_blocked()
    second.result()

    assert states(edition) == ["duplicate", "held"]
    events = OutgoingEmail.objects.order_by("pk").values_list("event", flat=True)
    assert list(events) == ["registration/confirm_address", "registration/already_registered"]


def a_registration_of(edition: Edition, address: str) -> Booking:
    return a_booking(edition, a_person(email=address, is_contact=True))


def test_the_same_form_from_two_connections_is_one_request():
    edition = an_edition(elected=5)
    request = a_request(edition)

    with transaction.atomic():
        first = services.register(request, at=NOW)
        second = Someone(lambda: services.register(request, at=NOW))
        second.until_blocked()

    assert second.result() == first
    assert (Booking.objects.count(), OutgoingEmail.objects.count()) == (1, 1)


def test_two_colleagues_who_register_each_other_at_the_same_instant():
    edition = an_edition(elected=40)
    for n in range(10):
        a, b = (a_person(email=f"{name}{n}@example.org") for name in "ab")
        forwards, backwards = a_request(edition, a, b), a_request(edition, b, a)

        at_once(
            lambda r=forwards: services.register(r, at=NOW), lambda r=backwards: services.register(r, at=NOW)
        )

    assert states(edition) == ["duplicate"] * 20 + ["held"] * 20


def test_the_ceiling_holds_when_two_offices_of_one_authority_send_at_once():
    edition = an_edition(elected=5, ceiling=1)
    town = an_organisation("Rodez")
    one, two, neighbour = (
        a_request(edition, organisation=town),
        a_request(edition, organisation=town),
        a_request(edition),
    )

    with transaction.atomic():
        services.register(one, at=OPENS)
        second = Someone(lambda: services.register(two, at=OPENS))
        second.until_blocked()
        third = Someone(lambda: services.register(neighbour, at=OPENS)).result()
    second = second.result()

    assert [r.status for b in (second, third) for r in b.registrations.all()] == ["waiting", "held"]


# --- Two hands on one registration --------------------------------------------------------


def test_whoever_confirms_before_the_place_lapses_keeps_it():
    edition = an_edition(elected=1)
    registration = a_registration(edition)

    with transaction.atomic():
        services.confirm([registration], at=HOLD_ENDS - dt.timedelta(seconds=1))
        lapse = Someone(lambda: services.lapse_overdue(edition, at=HOLD_ENDS))
        lapse.until_blocked()

    assert lapse.result() == 0
    assert states(edition) == ["confirmed"]


def test_whoever_confirms_after_the_place_lapsed_is_told_so():
    edition = an_edition(elected=1)
    registration, waiting = a_registration(edition), a_registration(edition)

    with transaction.atomic():
        services.lapse_overdue(edition, at=HOLD_ENDS)
        late = Someone(lambda: services.confirm([registration], at=HOLD_ENDS))
        late.until_blocked()

    with pytest.raises(Refusal):
        late.result()
    waiting.refresh_from_db()
    assert waiting.status == "offered"
    assert not OutgoingEmail.objects.filter(event="registration/confirmed").exists()


def test_one_badge_at_two_desks_is_one_arrival_and_a_note():
    edition = an_edition(elected=1)
    registration = a_registration(edition)

    first = at_once(*[lambda: services.check_in(registration, at=NOW) for _unused in range(2)])

    assert sorted(first) == [False, True]
    notes = (
        JournalEntry.objects.filter(action__startswith="checked in")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(notes) == ["checked in", "checked in again"]


def test_a_place_is_offered_once_however_many_hands_tend_the_list():
    edition = an_edition(elected=2)
    seated = [a_registration(edition) for _unused in range(2)]
    for _unused in range(4):
        a_registration(edition)

    at_once(
        *[lambda person=person: services.cancel(person, at=NOW) for person in (*seated, *seated)],
        *[lambda: services.settle(edition, at=NOW) for _unused in range(4)],
    )

    assert states(edition) == ["cancelled"] * 2 + ["offered"] * 2 + ["waiting"] * 2
    checks.check_order(edition)
    checks.check_letters(edition)


def test_capacity_cannot_fall_while_somebody_takes_a_place():
    edition = an_edition(elected=2)
    category = edition.categories.get()

    with transaction.atomic():
        a_registration(edition)
        staff = Someone(lambda: services.set_capacity(edition, {category.pk: 0}, at=NOW, by=None, reason=""))
        staff.until_blocked()

    with pytest.raises(Refusal):
        staff.result()
    checks.check_places(edition)


# --- Transactions within transactions -----------------------------------------------------


def our_locks() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() ORDER BY 1"
        )
        return [mode for [mode] in cursor.fetchall()]


def test_a_quick_try_that_fails_lets_its_lock_go_even_inside_a_longer_transaction():
    """An import wraps many requests in one transaction: a lock that stayed would stop everybody else."""
    edition = an_edition(elected=1)
    a_registration(edition)
    request = a_request(edition)

    with transaction.atomic():
        with pytest.raises(booking_service._QueueDecides), transaction.atomic():
            booking_service._take(request, rules_of(edition, NOW))
        assert our_locks() == []
        services.register(request, at=NOW)
        assert our_locks() == ["ExclusiveLock"]
    assert our_locks() == []


# --- The database itself ------------------------------------------------------------------


@pytest.fixture
def full() -> Edition:
    """Five places, all held, and two people who wait."""
    edition = an_edition(elected=3, tourism=2)
    for _unused in range(7):
        a_registration(edition)
    return edition


NEW_PLACE = "INSERT INTO registration_place (edition_id, category_id, number, capacity) SELECT edition_id, category_id, {}, {} FROM registration_place LIMIT 1"


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        (NEW_PLACE.format(6, 5), "CONSTRAINT registration_place_within_capacity"),
        (NEW_PLACE.format(6, 6), "CONSTRAINT registration_place_follows_capacity"),
        (NEW_PLACE.format(1, 5), "CONSTRAINT registration_place_one_per_number"),
        (
            "UPDATE registration_registration SET place_id = (SELECT min(id) FROM registration_place) WHERE status = 'held'",
            "CONSTRAINT registration_registration_place_id_key",
        ),
        (
            "UPDATE registration_registration SET status = 'confirmed' WHERE status = 'waiting'",
            "CONSTRAINT registration_registration_place_iff_seated",
        ),
        (
            "UPDATE registration_registration SET email = 'camille@example.org'",
            "INDEX registration_registration_one_live_per_person",
        ),
    ],
)
def test_it_is_the_constraint_that_makes_one_too_many_impossible(full, statement, guard):
    """With it even raw SQL fails; without it the very same statement does what must never happen."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    kind, name = guard.split()
    with transaction.atomic(), connection.cursor() as cursor:
        on = (
            "ALTER TABLE registration_place"
            if name.startswith("registration_place")
            else "ALTER TABLE registration_registration"
        )
        cursor.execute(f"DROP INDEX {name}" if kind == "INDEX" else f"{on} DROP CONSTRAINT {name} CASCADE")
        cursor.execute(statement)
        assert cursor.rowcount > 0
        transaction.set_rollback(True)

    assert Registration.objects.seated().count() == Place.objects.count() == 5


def test_a_lock_timeout_is_an_error_and_not_a_lost_place():
    """Whoever cannot have the lock in time is told so, and nothing is half done."""
    edition = an_edition(elected=1)
    seated = a_registration(edition)

    with transaction.atomic():
        places.lock_alone(edition)
        with pytest.raises(OperationalError):
            Someone(lambda: services.cancel(seated, at=NOW), lock_timeout="50ms").result()

    assert states(edition) == ["held"]

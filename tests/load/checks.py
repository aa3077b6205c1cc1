"""What must be true whatever happened, read from the database after the fact."""

from collections import Counter

from django.db import connection
from django.db.models import Count

from assises.models import Edition, JournalEntry, OutgoingEmail
from registration.enums import SEATED, Status
from registration.models import Place, Registration

#: What the journal calls what a person is told of, and the letter that tells it.
TOLD = {
    "offered": "offered",
    "confirmed": "confirmed",
    "admitted": "confirmed",
    "cancelled": "cancelled",
    "lapsed": "lapsed",
    "refused": "refused",
}


def journal(edition: Edition) -> list[tuple[str, Registration, str]]:
    """What was done to registrations, in order: action, registration, first state."""
    people = {r.pk: r for r in Registration.objects.filter(edition=edition).select_related("booking")}
    entries = JournalEntry.objects.filter(subject_type="registration.registration", subject_id__in=people)
    return [(e.action, people[e.subject_id], e.details.get("status", "")) for e in entries.order_by("pk")]


def check_places(edition: Edition) -> None:
    """Seated and free places add up in each category; no place is held twice; a place goes with a state."""
    edition.refresh_from_db(fields=["capacity_french"])
    people = list(Registration.objects.filter(edition=edition).values_list("status", "place_id"))
    held = [place for _status, place in people if place is not None]
    assert len(held) == len(set(held)) == sum(status in SEATED for status, _place in people)
    assert all((place is not None) == (status in SEATED) for status, place in people)
    numbers = sorted(Place.objects.filter(edition=edition).values_list("number", flat=True))
    assert numbers == list(range(1, edition.capacity_french + 1))
    quotas = Counter(
        dict(Place.objects.filter(edition=edition).values_list("category").annotate(Count("pk")))
    )
    seated = Counter(Place.objects.filter(pk__in=held).values_list("category", flat=True))
    free = Counter(Place.objects.filter(edition=edition).free().values_list("category", flat=True))
    assert seated + free == quotas


def check_nobody_waits_beside_a_free_place(edition: Edition) -> None:
    """Where every free place is open to everybody (released, no ceiling, no groups)."""
    waiting = edition.registrations.waiting().count()
    free = Place.objects.filter(edition=edition).free().count()
    assert not (waiting and free), f"{waiting} people wait beside {free} free places"


def check_order(edition: Edition) -> None:
    """Replay the journal: nobody got a place past somebody who waited (same conditions as above)."""
    waiting: set[tuple[int, int]] = set()
    for action, person, first_state in journal(edition):
        key = (person.booking_id, person.pk)
        if action == "registered" and first_state == Status.WAITING:
            waiting.add(key)
        elif action == "registered" and first_state != Status.DUPLICATE:
            assert not waiting or min(waiting) > key, f"{person} overtook {min(waiting)}"
        elif action == "offered":
            assert key == min(waiting), f"{person} overtook {min(waiting)}"
            waiting.remove(key)
        elif action in ("cancelled", "refused"):
            waiting.discard(key)
    assert waiting == set(edition.registrations.waiting().values_list("booking_id", "pk"))


def check_letters(edition: Edition) -> None:
    """Each person has a letter about each thing that happened to the registration, and no other letter."""
    expected: Counter[tuple[str, str]] = Counter()
    bookings: dict[int, list[tuple[Registration, str]]] = {}
    for action, person, first_state in journal(edition):
        if action == "registered":
            bookings.setdefault(person.booking_id, []).append((person, first_state))
        elif action in TOLD and first_state != Status.DUPLICATE:
            expected[f"registration/{TOLD[action]}", person.email] += 1
    for people in bookings.values():
        booking = people[0][0].booking
        if [state for _person, state in people] == [Status.DUPLICATE]:
            # Only whom it is about is told, where the live registration has its letters; once a day at most.
            live = edition.registrations.live() | edition.registrations.filter(status=Status.CANCELLED)
            known = live.get(email__iexact=people[0][0].email)
            expected["registration/already_registered", known.email] = 1
            continue
        states = {state for _person, state in people}
        event = "confirm_address" if Status.HELD in states else "waiting"
        expected[f"registration/{event}", booking.email] += 1
        for person, _state in people:
            if not person.is_contact:
                expected["registration/received", person.email] += 1
    # Reminders are not in the journal: one for each held and each offered place at most.
    reminders = Counter(
        OutgoingEmail.objects.filter(event="registration/reminder").values_list("to_email", flat=True)
    )
    assert max(reminders.values(), default=0) <= 2
    told = OutgoingEmail.objects.exclude(event="registration/reminder")
    written = Counter(told.values_list("event", "to_email"))
    assert written == expected, f"missing {expected - written}, too many {written - expected}"


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def is_blocked(pid: int) -> bool:
    """Whether this connection waits for a lock of another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])

"""Giving, freeing and counting places.

Two kinds of transaction meet here, and an advisory lock of the edition keeps them apart:

* a *taker* holds it shared: any number of takers at once, each on free places that nobody else has locked
  (``SKIP LOCKED``). A taker succeeds only if nobody waits, so it overtakes nobody;
* whoever joins the waiting list, frees a place or changes capacity holds it alone, for a few milliseconds,
  and leaves no free place that somebody who waits could have.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises import journal
from assises.exceptions import Refusal
from assises.locks import Lock
from assises.models import Edition, User
from assises.working_time import add_working_hours
from registration import letters
from registration.allocation import Candidate, FreePlace, allocate
from registration.enums import LIVE, Status
from registration.models import Category, Place, Registration
from registration.models.registration import RegistrationQuerySet
from registration.rules import Rules, rules_of
from registration.services import seats


def lock_shared(
    edition: Edition,
    authority: str | None = None,
    *,
    sessions: Collection[int] = (),
    alone: Collection[int] = (),
) -> None:
    """Take the edition's lock as a taker; with ``authority``, also that authority's own, alone.

    The authority's lock makes its ceiling hold when two of its offices send their forms at once. The locks of
    ``sessions`` come along in the same statement, those of ``alone`` among them not shared.
    """
    locks = ["pg_advisory_xact_lock_shared(%s, %s)::text"]
    values: list[Any] = [Lock.PLACES, edition.pk]
    if authority is not None:
        locks.append("pg_advisory_xact_lock(%s, hashtext(%s))::text")
        values += [Lock.AUTHORITY, f"{edition.pk}:{authority}"]
    if sessions:
        lock, more = seats.lock_expression(sessions, alone)
        locks.append(lock)
        values += more
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(locks)}", values)


def lock_alone(edition: Edition) -> None:
    """Take the edition's lock alone, and then those of its sessions, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)::text, (SELECT string_agg(pg_advisory_xact_lock(%s, id)::text, '')"
            " FROM (SELECT id::int FROM program_session WHERE edition_id = %s AND seats IS NOT NULL ORDER BY id) AS c)",
            [Lock.PLACES, edition.pk, Lock.SEATS, edition.pk],
        )


# These two are written by hand: everybody who registers runs them, and building them costs more than running.
_TAKE = """
SELECT place.id FROM registration_place place
JOIN registration_category category ON category.id = place.category_id
WHERE place.edition_id = %(edition)s
  AND (place.category_id = %(category)s OR (%(any)s AND NOT category.is_reserve))
  AND NOT EXISTS (SELECT FROM registration_registration holder WHERE holder.place_id = place.id)
  AND NOT EXISTS (
    SELECT FROM registration_registration queue
    WHERE queue.edition_id = %(edition)s AND queue.status = 'waiting')
ORDER BY (place.category_id = %(category)s) DESC, place.number
LIMIT %(count)s FOR UPDATE OF place SKIP LOCKED
"""
_SEEN = """
SELECT place_id, edition_id = %(edition)s AND lower(email) = ANY(%(addresses)s) FROM registration_registration
WHERE place_id = ANY(%(places)s)
   OR (edition_id = %(edition)s AND lower(email) = ANY(%(addresses)s) AND status = ANY(%(live)s))
"""


def take_free(edition: Edition, *, category: Category, count: int, rules: Rules) -> list[int]:
    """Lock up to ``count`` free places that nobody else is taking; ids, of the own category first.

    Empty as soon as anybody waits in this edition: then only the queue decides.
    """
    wanted: dict[str, Any] = {
        "edition": edition.pk,
        "category": category.pk,
        "any": rules.released and not category.is_reserve,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, wanted)
        return [pk for (pk,) in cursor.fetchall()]


def seen_after_locking(edition: Edition, places: list[int], addresses: list[str]) -> tuple[set[int], bool]:
    """In one look, after ``places`` were locked: which are taken after all, and whether anybody is known.

    A place may be taken in the instant between its being seen free and its being locked.
    """
    wanted: dict[str, Any] = {
        "edition": edition.pk,
        "places": places,
        "addresses": addresses,
        "live": [str(s) for s in LIVE],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, wanted)
        rows = cursor.fetchall()
    return {place for place, _known in rows if place in places}, any(known for _place, known in rows)


def free_places(edition: Edition) -> list[FreePlace]:
    """The free places, by number, as ``allocate`` takes them."""
    rows = Place.objects.filter(edition=edition).free().order_by("number")
    return [FreePlace(*row) for row in rows.values_list("pk", "category", "category__is_reserve")]


def seated_by_authority(edition: Edition) -> dict[str, int]:
    """How many places each authority holds."""
    rows = Registration.objects.seated().filter(edition=edition).values("booking__authority_key")
    return {row["booking__authority_key"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def allocate_free(edition: Edition, *, newcomers: Iterable[Candidate], rules: Rules) -> dict[object, int]:
    """What the free places are for now: those who wait first, then ``newcomers``. The lock is held alone.

    Keys are registration ids for those who wait, and the newcomers' own.
    """
    free = free_places(edition)
    if not free:
        return {}
    waiting = [
        Candidate(
            key=pk,
            booking=booking,
            category=category,
            authority=authority,
            together=together,
            in_reserve=in_reserve,
            may_be_offered=not rules.closed,
        )
        for pk, booking, category, authority, together, in_reserve in Registration.objects.filter(
            edition=edition
        )
        .waiting()
        .values_list(
            "pk", "booking", "category", "booking__authority_key", "booking__together", "category__is_reserve"
        )
    ]
    ceiling = rules.ceiling
    return allocate(
        free,
        [*waiting, *newcomers],
        released=rules.released,
        ceiling=ceiling,
        seated_by_authority=seated_by_authority(edition) if ceiling is not None else None,
    )


@transaction.atomic
def settle(edition: Edition, *, at: dt.datetime) -> int:
    """Offer every free place to whoever has waited longest and is eligible; returns how many were offered.

    Free seats of sessions pass on too: a place that is given or lost changes who may have one. Run after each event that frees a place, and by beat, because dates too make people eligible. After
    registration has closed nothing is offered any more.
    """
    lock_alone(edition)
    given = allocate_free(edition, newcomers=[], rules=rules_of(edition, at))
    offered = offer({int(str(pk)): place for pk, place in given.items()}, edition=edition, at=at)
    seats.settle(edition, at=at)
    return len(offered)


def offer(places: dict[int, int], *, edition: Edition, at: dt.datetime) -> list[Registration]:
    """Offer ``{registration id: place id}``, and write so to each of them. The lock is held alone."""
    if not places:
        return []
    deadline = add_working_hours(at, edition.offer_working_hours, edition=edition)
    waiting = Registration.objects.select_for_update(of=("self",)).select_related(
        "booking__organisation", "category"
    )
    offered = list(waiting.filter(pk__in=places).order_by("booking_id", "pk"))
    for registration in offered:
        registration.move_to(Status.OFFERED, at=at, place_id=places[registration.pk], deadline=deadline)
    journal.write(
        journal.entry(r, "offered", at=at, reason="first in the queue for a free place", place=r.place_id)
        for r in offered
    )
    letters.tell("offered", offered, edition=edition, at=at)
    return offered


def waiting_for(edition: Edition, category: Category, rules: Rules) -> RegistrationQuerySet:
    """The people who wait for the same places as somebody of ``category``, in their order."""
    queue = Registration.objects.filter(edition=edition).waiting()
    if rules.released and not category.is_reserve:
        return queue.filter(category__is_reserve=False)
    return queue.filter(category=category)


def rank(registration: Registration, *, at: dt.datetime) -> int:
    """How many stand on the waiting list up to this person; 1 is the next."""
    queue = waiting_for(registration.edition, registration.category, rules_of(registration.edition, at))
    booking = registration.booking_id
    return queue.filter(Q(booking__lt=booking) | Q(booking=booking, pk__lt=registration.pk)).count() + 1


@transaction.atomic
def set_capacity(
    edition: Edition, quotas: dict[int, int], *, at: dt.datetime, by: User | None, reason: str
) -> None:
    """Give each category of ``quotas`` (``{category id: number}``) so many places; the sum is the new capacity.

    Raising offers the new places along the waiting list. Refuses to go below what people hold, or above what
    the building leaves beside the Chinese side.
    """
    lock_alone(edition)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    capacity = sum(quotas.values())
    if capacity + edition.capacity_chinese > edition.capacity_total:
        raise Refusal(
            _("%(french)d French and %(chinese)d Chinese places exceed the %(total)d of the building.")
            % {"french": capacity, "chinese": edition.capacity_chinese, "total": edition.capacity_total}
        )
    kept, spare = _split(edition, quotas)
    Place.objects.filter(pk__in=[place.pk for place in spare]).delete()
    _renumber(edition, kept, capacity)
    before = edition.capacity_french
    Edition.objects.filter(pk=edition.pk).update(capacity_french=capacity)
    _add_missing(edition, quotas, kept, capacity)
    journal.write(
        [
            journal.entry(
                edition, "capacity", at=at, by=by, reason=reason, before=before, after=capacity, quotas=quotas
            )
        ]
    )
    settle(edition, at=at)


def _split(edition: Edition, quotas: dict[int, int]) -> tuple[list[Place], list[Place]]:
    """The places to keep and the free ones to take away, so that each category has at most its quota."""
    held = set(Registration.objects.seated().filter(edition=edition).values_list("place_id", flat=True))
    kept: list[Place] = []
    spare: list[Place] = []
    by_category: dict[int, list[Place]] = {}
    for place in Place.objects.filter(edition=edition).select_for_update():
        by_category.setdefault(place.category_id, []).append(place)
    for category, places in by_category.items():
        quota = quotas.get(category, 0)
        places.sort(key=lambda p: (p.pk not in held, p.number))
        taken = sum(p.pk in held for p in places)
        if taken > quota:
            raise Refusal(
                ngettext(
                    "“%(category)s”: %(count)d place is held. The quota cannot go below.",
                    "“%(category)s”: %(count)d places are held. The quota cannot go below.",
                    taken,
                )
                % {"category": Category.objects.get(pk=category), "count": taken}
            )
        kept += places[:quota]
        spare += places[quota:]
    return kept, spare


def _renumber(edition: Edition, kept: Sequence[Place], capacity: int) -> None:
    """Move places with a number above ``capacity`` to numbers that are free below it."""
    numbers = {place.number for place in kept}
    free_numbers = (n for n in range(1, capacity + 1) if n not in numbers)
    for place in kept:
        if place.number > capacity:
            place.number = next(free_numbers)
            place.save(update_fields=["number"])


def _add_missing(edition: Edition, quotas: dict[int, int], kept: Sequence[Place], capacity: int) -> None:
    have = Counter(place.category_id for place in kept)
    used = set(Place.objects.filter(edition=edition).values_list("number", flat=True))
    free_numbers = (n for n in range(1, capacity + 1) if n not in used)
    Place.objects.bulk_create(
        Place(edition=edition, category_id=category, number=next(free_numbers), capacity=capacity)
        for category, quota in quotas.items()
        for _unused in range(quota - have[category])
    )

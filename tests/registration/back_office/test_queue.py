"""Why somebody waits, said in one sentence."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registration import services
from registration.models import Registration
from registration.queue import explain, queue, rank_of
from tests.factories import CLOSES, NOW, OPENS, a_booking, a_person, a_registration, an_edition

pytestmark = pytest.mark.django_db

EARLY = OPENS + dt.timedelta(days=1)


def why(edition, registration, at=NOW):
    with translation.override("en"):
        return explain(edition, [registration], at=at)[registration.pk]


def test_all_places_are_taken_and_so_many_wait_before():
    edition = an_edition(elected=2)
    people = [a_registration(edition) for _unused in range(4)]

    assert why(edition, people[2]) == "All 2 places are taken; the next one that is free goes to this person."
    assert why(edition, people[3]) == "All 2 places are taken, and 1 person waits before."


def test_the_own_category_is_full_until_all_places_are_open_to_all():
    edition = an_edition(elected=1, tourism=1)
    a_registration(edition, category="elected", at=EARLY)
    waiting = a_registration(edition, category="elected", at=EARLY)

    assert why(edition, waiting, EARLY).startswith("The only place of “elected” is taken, 0 before;")


def test_the_authority_is_at_its_ceiling_until_a_date():
    edition = an_edition(elected=5, ceiling=1)
    booking = a_booking(edition, a_person(), a_person(), at=EARLY)
    waiting = booking.registrations.get(status="waiting")

    assert why(edition, waiting, EARLY).startswith("This authority holds 1 place, the most until")


def test_a_group_that_goes_together_needs_its_places_at_once():
    edition = an_edition(elected=2)
    first, _second = a_registration(edition), a_registration(edition)
    group = a_booking(edition, a_person(), a_person(), together=True).registrations.first()
    services.cancel(first, at=NOW)

    assert "2 people go together" in why(edition, group)


def test_after_the_closing_nothing_is_offered():
    edition = an_edition(elected=1)
    a_registration(edition)
    waiting = a_registration(edition)

    assert why(edition, waiting, CLOSES) == "Registration is closed: nothing is offered any more."


def test_who_does_not_wait_needs_no_reason(edition):
    held = a_registration(edition)

    assert explain(edition, [held], at=NOW) == {}


def test_ranks_are_those_of_the_service_before_and_after_the_quotas_are_released():
    edition = an_edition(elected=1, tourism=1, reserve=0)
    for category in ("elected", "tourism") * 3:
        a_registration(edition, category=category, at=EARLY)
    waiting = Registration.objects.waiting().select_related("edition", "category")

    for at in (EARLY, NOW):
        assert rank_of(edition, at=at) == {r.pk: services.rank(r, at=at) for r in waiting}


def test_a_thousand_reasons_cost_as_many_queries_as_one():
    edition = an_edition(elected=1, ceiling=3)
    people = [a_registration(edition) for _unused in range(5)]

    def cost(registrations):
        with CaptureQueriesContext(connection) as queries:
            explain(type(edition).objects.get(pk=edition.pk), registrations, at=EARLY)
        return len(queries)

    assert cost(people[1:2]) == cost(people)
    assert cost(people) <= 6  # and one for the edition itself


def test_parties_are_counted_as_they_still_wait():
    edition = an_edition(elected=1)
    a_registration(edition)
    booking = a_booking(edition, a_person(), a_person(), a_person(), together=True)
    services.cancel(booking.registrations.first(), at=NOW)

    assert [person.party for person in queue(edition, at=NOW)] == [2, 2]

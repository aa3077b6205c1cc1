"""What is erased when: the periods that the page on personal data tells."""

import datetime as dt

import pytest
from django.db import connection

from assises.models import JournalEntry, OutgoingEmail
from registration import services
from registration.models import Needs, Registration
from tests.factories import NOW, a_booking, a_person, a_registration

pytestmark = pytest.mark.django_db


def days_after(edition, days):
    return dt.datetime.combine(edition.ends_on, dt.time(12), tzinfo=dt.UTC) + dt.timedelta(days=days)


@pytest.fixture
def people(edition):
    a_booking(edition, a_person(is_contact=True, menu="vegetarian", phone="+33536490000"))
    services.confirm(list(Registration.objects.all()), at=NOW)
    cancelled = a_registration(edition)
    services.cancel(cancelled, at=NOW)
    return edition


def left(edition):
    everybody = Registration.objects.filter(edition=edition)
    return (
        Needs.objects.count(),
        everybody.exclude(phone="").count(),
        everybody.exclude(given_name="—").count(),
    )


@pytest.mark.parametrize(
    ("days", "kept"), [(7, (1, 1, 2)), (8, (0, 1, 2)), (30, (0, 1, 2)), (31, (0, 0, 1)), (366, (0, 0, 0))]
)
def test_each_kind_of_data_is_erased_in_its_time(people, days, kept):
    services.purge(people, at=days_after(people, days))

    assert left(people) == kept


def test_a_dry_run_counts_and_erases_nothing(people):
    found = services.purge(people, at=days_after(people, 400), dry_run=True)

    assert (found.needs, found.phones, found.registrations) == (1, 1, 2)
    assert left(people) == (1, 1, 2)


def test_numbers_stay_names_and_letters_go_and_the_journal_says_how_many(people):
    services.purge(people, at=days_after(people, 400))
    services.purge(people, at=days_after(people, 401))

    assert [r.status for r in Registration.objects.order_by("pk")] == ["confirmed", "cancelled"]
    assert not OutgoingEmail.objects.exists()
    assert not Registration.objects.filter(email__contains="example.org").exists()
    assert JournalEntry.objects.filter(action="purged").count() == 1


def test_no_name_is_left_anywhere(people):
    """Every text of every table of ours, after everything was kept long enough."""
    registration = Registration.objects.filter(status="confirmed").get()
    person = {"given_name": "Odile", "family_name": "Modèle", "job_title": "Maire", "language": "fr"}
    services.replace(registration, person={**person, "email": "odile@example.org"}, at=NOW)
    other = a_booking(people, a_person(given_name="Odile"), given_name="Odile").registrations.get()
    services.cancel(other, at=NOW, reason="Odile est souffrante")

    services.purge(people, at=days_after(people, 400))

    with connection.cursor() as cursor:
        for table in (
            "registration_registration",
            "registration_booking",
            "assises_outgoingemail",
            "assises_journalentry",
        ):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ~ 'Odile|Camille|Exemple|@example.org'"
            )
            assert cursor.fetchone() == (0,), table


def test_erasing_one_person_leaves_the_letters_of_a_new_registration(people):
    """Cancelled, then registered again with the same address: the new registration keeps its letters."""
    cancelled = Registration.objects.get(status="cancelled")
    again = a_booking(people, a_person(is_contact=True, email=cancelled.email))

    services.erase(cancelled, at=NOW, by=None)

    assert OutgoingEmail.objects.filter(key__startswith=f"booking:{again.key}:").count() == 1


def test_one_person_is_erased_on_request(people):
    first, second = Registration.objects.order_by("pk")

    services.erase(second, at=NOW, by=None)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.given_name, second.given_name) == ("Camille", "—")
    assert OutgoingEmail.objects.filter(to_email=first.email).exists()

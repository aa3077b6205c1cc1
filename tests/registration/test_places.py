"""Places, quotas, the waiting list: the rules, one by one."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, OutgoingEmail
from registration import services
from registration.enums import Status
from registration.models import Booking, Place, Registration
from tests.factories import (
    CLOSES,
    OPENS,
    RELEASED,
    a_booking,
    a_member_of_staff,
    a_person,
    a_registration,
    a_request,
    an_edition,
    an_organisation,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def statuses(edition):
    return [r.status for r in edition.registrations.order_by("pk")]


def test_places_are_held_while_there_are_any_then_people_wait(edition, at):
    for _unused in range(7):
        a_registration(edition, at=at)

    assert statuses(edition) == ["held"] * 5 + ["waiting"] * 2
    assert [r.rank_at_entry for r in edition.registrations.waiting()] == [1, 2]


def test_the_same_form_sent_twice_is_one_request(edition, at):
    request = a_request(edition)

    first, second = services.register(request, at=at), services.register(request, at=at)

    assert first == second
    assert edition.registrations.count() == 1
    assert OutgoingEmail.objects.count() == 1


def test_somebody_registered_already_gets_no_second_place_but_a_letter(edition, at):
    known = a_registration(edition, at=at)

    again = a_booking(
        edition, a_person(email=known.email.upper(), is_contact=True), at=at
    ).registrations.get()

    assert (again.status, again.public_status, again.place) == ("duplicate", "held", None)
    assert list(Registration.objects.seated()) == [known]
    letters = OutgoingEmail.objects.order_by("pk").values_list("event", "to_email")
    assert list(letters) == [
        ("registration/confirm_address", known.email),
        ("registration/already_registered", known.email),
    ]


def test_before_the_quotas_are_released_a_category_keeps_its_places():
    edition = an_edition(elected=1, tourism=1)
    early = RELEASED - HOUR

    first, second = a_registration(edition, at=early), a_registration(edition, at=early)
    tourist = a_registration(edition, at=early, category="tourism")

    assert [r.status for r in (first, second, tourist)] == ["held", "waiting", "held"]


def test_when_the_quotas_are_released_free_places_go_along_the_waiting_list():
    edition = an_edition(elected=1, tourism=1)
    a_registration(edition, at=RELEASED - HOUR)
    waiting = a_registration(edition, at=RELEASED - HOUR)

    assert services.settle(edition, at=RELEASED - HOUR) == 0
    assert services.settle(edition, at=RELEASED) == 1

    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED


def test_the_reserve_goes_to_nobody_but_by_the_organisers_hand(at):
    edition = an_edition(elected=1, reserve=1)

    people = [a_registration(edition, at=at) for _unused in range(2)]
    guest = a_registration(
        edition, at=at, category="reserve", by=a_member_of_staff(), vouched=True, source="staff"
    )

    assert [r.status for r in (*people, guest)] == ["held", "waiting", "confirmed"]
    with pytest.raises(Refusal):
        a_registration(edition, at=at, category="reserve")


def test_an_authority_above_its_ceiling_waits_until_the_ceiling_ends():
    edition = an_edition(elected=5, ceiling=2)
    town = an_organisation("Rodez")
    people = [a_registration(edition, at=OPENS, organisation=town) for _unused in range(3)]
    neighbour = a_registration(edition, at=OPENS)

    assert [r.status for r in people] == ["held", "held", "waiting"]
    assert neighbour.status == "held"
    assert services.settle(edition, at=RELEASED) == 1


def test_a_group_that_goes_together_waits_as_a_whole(edition, at):
    a_booking(edition, *[a_person() for _unused in range(4)], at=at)
    together = a_booking(edition, a_person(), a_person(), together=True, at=at)
    as_many_as_fit = a_booking(edition, a_person(), a_person(), at=at)

    assert [r.status for r in together.registrations.order_by("pk")] == ["waiting", "waiting"]
    assert [r.status for r in as_many_as_fit.registrations.order_by("pk")] == ["held", "waiting"]


def test_cancelling_gives_the_place_to_whoever_waited_longest(edition, at):
    seated = [a_registration(edition, at=at) for _unused in range(5)]
    first, second = a_registration(edition, at=at), a_registration(edition, at=at)
    place = seated[2].place

    services.cancel(seated[2], at=at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.place, second.status) == ("offered", place, "waiting")
    # Six working days from Monday 10:00, of twelve hours each.
    assert first.deadline == dt.datetime(2018, 10, 23, 8, tzinfo=dt.UTC)
    assert OutgoingEmail.objects.filter(event="registration/offered").count() == 1


def test_nobody_new_overtakes_the_waiting_list(edition, at):
    seated = [a_registration(edition, at=at) for _unused in range(5)]
    waiting = a_booking(edition, a_person(), a_person(), a_person(), together=True, at=at)
    services.cancel(seated[0], at=at)

    newcomer = a_registration(edition, at=at)
    for registration in seated[1:3]:
        services.cancel(registration, at=at)

    # One free place was too few for the three: it went to the newcomer; the next free ones add up.
    assert newcomer.status == "held"
    assert {r.status for r in waiting.registrations.all()} == {"waiting"}
    services.cancel(newcomer, at=at)
    assert {r.status for r in waiting.registrations.all()} == {"offered"}


def test_an_address_confirmed_makes_the_place_firm(edition, at):
    registration = a_registration(edition, at=at)

    services.confirm([registration], at=at + HOUR)
    services.confirm([registration], at=at + 2 * HOUR)

    registration.refresh_from_db()
    assert (registration.status, registration.deadline) == ("confirmed", None)
    assert registration.booking.address_confirmed_at == at + HOUR
    assert OutgoingEmail.objects.filter(event="registration/confirmed").count() == 1


def test_a_place_not_confirmed_in_48_hours_passes_on(edition, at):
    held = [a_registration(edition, at=at) for _unused in range(5)]
    services.confirm(held[1:], at=at)
    waiting = a_registration(edition, at=at)

    assert services.lapse_overdue(edition, at=at + 47 * HOUR) == 0
    assert services.lapse_overdue(edition, at=at + 48 * HOUR) == 1

    assert [
        r.status for r in Registration.objects.filter(pk__in=[held[0].pk, waiting.pk]).order_by("pk")
    ] == [
        "lapsed",
        "offered",
    ]


def test_a_reminder_comes_once_before_a_place_lapses(edition, at):
    a_registration(edition, at=at)

    found = [services.remind_before_lapse(edition, at=at + hours * HOUR) for hours in (1, 25, 26)]

    assert found == [0, 1, 0]
    assert OutgoingEmail.objects.filter(event="registration/reminder").count() == 1


def test_after_closing_no_place_is_offered_and_nobody_new_takes_it(edition, at):
    seated = [a_registration(edition, at=at) for _unused in range(5)]
    waiting = a_registration(edition, at=at)

    services.cancel(seated[0], at=CLOSES)

    waiting.refresh_from_db()
    assert waiting.status == "waiting"
    with pytest.raises(Refusal):
        a_registration(edition, at=CLOSES)
    by_staff = a_registration(edition, at=CLOSES, source="staff", by=a_member_of_staff(), vouched=True)
    assert by_staff.status == "waiting"


def test_before_the_opening_the_form_is_refused(edition):
    with pytest.raises(Refusal):
        a_registration(edition, at=OPENS - HOUR)


def test_a_chinese_organisation_is_sent_to_the_apcae(edition, at):
    """S-071: the platform is for the French only."""
    with pytest.raises(Refusal):
        a_registration(edition, at=at, organisation=an_organisation("Chengdu", side="CN", kind="city"))


def test_capacity_rises_and_those_who_wait_are_offered_the_new_places(edition, at):
    people = [a_registration(edition, at=at) for _unused in range(7)]
    elected, tourism = edition.categories.order_by("order")

    services.set_capacity(edition, {elected.pk: 4, tourism.pk: 2}, at=at, by=None, reason="bigger room")

    assert statuses(edition) == ["held"] * 5 + ["offered", "waiting"]
    edition.refresh_from_db()
    assert (edition.capacity_french, edition.places.count()) == (6, 6)
    assert set(edition.places.values_list("capacity", flat=True)) == {6}
    assert people


def test_capacity_falls_to_what_is_held_and_not_below(edition, at):
    for _unused in range(2):
        a_registration(edition, at=at)
    elected, tourism = edition.categories.order_by("order")

    services.set_capacity(edition, {elected.pk: 2, tourism.pk: 0}, at=at, by=None, reason="")
    with pytest.raises(Refusal):
        services.set_capacity(edition, {elected.pk: 1, tourism.pk: 0}, at=at, by=None, reason="")

    edition.refresh_from_db()
    assert (edition.capacity_french, sorted(edition.places.values_list("number", flat=True))) == (2, [1, 2])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO registration_place (edition_id, category_id, number, capacity) "
        "SELECT edition_id, category_id, capacity + 1, capacity FROM registration_place LIMIT 1",
        "INSERT INTO registration_place (edition_id, category_id, number, capacity) "
        "SELECT edition_id, category_id, 6, 6 FROM registration_place LIMIT 1",
        "UPDATE assises_edition SET capacity_french = 4",
        "UPDATE registration_registration SET place_id = NULL WHERE status = 'held'",
        "UPDATE registration_registration SET status = 'confirmed', deadline = NULL WHERE status = 'waiting'",
        "UPDATE registration_registration SET place_id = (SELECT min(id) FROM registration_place) "
        "WHERE status = 'held'",
    ],
)
def test_raw_sql_cannot_make_one_place_too_many(edition, at, statement):
    for _unused in range(6):
        a_registration(edition, at=at)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Registration.objects.seated().count() == 5


def test_a_colleague_takes_over_the_place_and_the_first_link_dies(edition, at):
    registration = a_registration(edition, at=at)
    place, code = registration.place, registration.code

    services.replace(
        registration,
        person={
            "given_name": "Dominique",
            "family_name": "Modèle",
            "email": "dominique@example.org",
            "job_title": "Maire",
            "language": "fr",
        },
        at=at,
    )

    registration.refresh_from_db()
    assert (registration.full_name, registration.place, registration.status) == (
        "Dominique Modèle",
        place,
        "held",
    )
    assert registration.code != code
    assert set(OutgoingEmail.objects.values_list("event", flat=True)) == {
        "registration/confirm_address",
        "registration/replaced",
        "registration/taken_over",
    }


def test_every_move_is_in_the_journal_with_its_reason(edition, at):
    registration = a_registration(edition, at=at)
    staff = a_member_of_staff()

    services.refuse(registration, reason="Not a French authority", at=at, by=staff)

    entries = JournalEntry.objects.filter(
        subject_type="registration.registration", subject_id=registration.pk
    )
    assert [(e.action, e.reason, e.actor) for e in entries.order_by("pk")] == [
        ("registered", "", None),
        ("refused", "Not a French authority", staff),
    ]


def test_a_refusal_needs_a_reason(edition, at):
    with pytest.raises(Refusal):
        services.refuse(a_registration(edition, at=at), reason=" ", at=at, by=None)


def test_what_is_over_stays_over(edition, at):
    registration = a_registration(edition, at=at)
    services.cancel(registration, at=at)

    with pytest.raises(Refusal):
        services.confirm([registration], at=at)
    services.cancel(registration, at=at)

    registration.refresh_from_db()
    assert registration.status == "cancelled"


def test_two_editions_do_not_share_places(edition, at):
    other = an_edition(elected=1)
    for _unused in range(6):
        a_registration(edition, at=at)

    assert a_registration(other, at=at).status == "held"
    assert Place.objects.filter(edition=other).free().count() == 0
    assert Booking.objects.filter(edition=other).count() == 1
    assert Edition.objects.filter(is_current=True).count() == 1


def test_at_the_desk_a_free_place_goes_to_whoever_waits_first(edition):
    at = dt.datetime(2018, 12, 11, 8, tzinfo=dt.UTC)
    seated = [a_registration(edition) for _unused in range(5)]
    first, second = a_registration(edition), a_registration(edition)
    services.cancel(seated[0], at=at)

    for refused in (second, seated[1]):
        with pytest.raises(Refusal):
            services.admit(refused, at=at)
    services.admit(first, at=at)
    with pytest.raises(Refusal):
        services.admit(second, at=at)

    first.refresh_from_db()
    assert (first.status, Registration.objects.seated().count()) == ("confirmed", 5)

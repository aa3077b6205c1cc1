"""Registering somebody by hand: the same rules as for everybody."""

import datetime as dt

import pytest

from assises.models import OutgoingEmail
from registration import services
from registration.models import Booking
from tests.factories import NOW, a_person, a_registration, a_request, an_edition, an_organisation

pytestmark = pytest.mark.django_db

PAGE = "/admin/inscrire/"


def person(number=1, **fields):
    defaults = {
        "given_name": "Ana", "family_name": f"Exemple {number}", "job_title": "Maire",
        "email": f"ana{number}@example.org", "language": "fr",
    }  # fmt: skip
    return {f"person-{number}-{name}": value for name, value in {**defaults, **fields}.items()}


def statuses():
    return [r.status for r in Booking.objects.get().registrations.order_by("pk")]


def test_a_place_is_held_and_the_contact_person_confirms_the_address(organiser, edition):
    town = an_organisation("Saint-Étienne")

    response = organiser.post(PAGE, {"organisation": "saint etienne", **person()})

    booking = Booking.objects.get()
    assert response.url == f"/admin/registration/booking/{booking.pk}/change/"
    assert (booking.organisation, booking.source, statuses()) == (town, "staff", ["held"])


def test_who_is_vouched_for_is_confirmed_at_once(organiser, edition):
    organiser.post(
        PAGE, {"organisation": "Petite commune", "organisation_kind": "commune", "vouched": "on", **person()}
    )

    assert statuses() == ["confirmed"]
    assert OutgoingEmail.objects.get().event == "registration/request_confirmed"


def test_nobody_overtakes_the_waiting_list_by_telephone(organiser):
    edition = an_edition(elected=1)
    a_registration(edition)
    a_registration(edition)

    organiser.post(PAGE, {"organisation": "Nulle part", "vouched": "on", **person()}, follow=True)

    new = Booking.objects.order_by("-pk").first().registrations.get()
    assert (new.status, new.rank_at_entry) == ("waiting", 2)


def test_the_reserve_is_given_here(organiser):
    edition = an_edition(elected=1, reserve=1)
    reserve = edition.categories.get(is_reserve=True)

    organiser.post(PAGE, {"organisation": "Nulle part", "category": reserve.pk, **person()})

    assert Booking.objects.get().registrations.get().place.category == reserve


def test_a_chinese_authority_is_refused_and_nothing_typed_is_lost(organiser, edition):
    an_organisation("Province du Sichuan", name_zh_hans="四川省", side="CN", kind="province", code="sichuan")

    response = organiser.post(PAGE, {"organisation": "四川省", **person(given_name="Lin")})

    assert "organisation" in response.context["form"].errors
    assert 'value="Lin"' in response.text
    assert not Booking.objects.exists()


def test_where_several_may_be_meant_the_page_asks_back(organiser, edition):
    an_organisation("Toulouse Métropole", kind="metropole", code="tm")
    an_organisation("Toulouse Nord", code="tn")

    response = organiser.post(PAGE, {"organisation": "toulouse", **person()})
    assert response.context["form"].asks_back
    organiser.post(PAGE, {"organisation": "toulouse", "organisation_pick": "tm", **person()})

    assert Booking.objects.get().organisation.code == "tm"


def test_several_people_together_wait_together(organiser):
    an_edition(elected=1)
    data = {"organisation": "Nulle part", "together": "on", **person(1), **person(2)}

    organiser.post(PAGE, data)

    assert statuses() == ["waiting", "waiting"]


def test_two_people_with_one_address_are_told_so(organiser, edition):
    data = {"organisation": "Nulle part", **person(1), **person(2, email="ANA1@example.org")}

    response = organiser.post(PAGE, data)

    assert "email" in response.context["form"].people[1].errors
    assert not Booking.objects.exists()


def test_sent_twice_it_is_one_request(organiser, edition):
    key = str(organiser.get(PAGE).context["form"]["key"].initial)
    data = {"organisation": "Nulle part", "key": key, **person()}

    organiser.post(PAGE, data)
    organiser.post(PAGE, data)

    assert Booking.objects.count() == 1


def test_somebody_registered_already_is_named_to_staff(organiser, edition):
    known = a_registration(edition)

    response = organiser.post(PAGE, {"organisation": "Nulle part", **person(email=known.email)}, follow=True)

    assert [m.level_tag for m in response.context["messages"]] == ["warning"]


def test_staff_register_after_the_closing_too(organiser, edition):
    """By telephone, the organisers decide; the service refuses the public form only."""
    late = NOW + dt.timedelta(days=60)
    booking = services.register(a_request(edition, a_person(), source="staff"), at=late)

    assert booking.registrations.get().status == "held"

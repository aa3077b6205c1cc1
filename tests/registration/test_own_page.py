"""The page behind a signed link: what it shows, and what it lets one do."""

import datetime as dt
import json

import pytest
import time_machine
from django.urls import reverse

from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from registration import links, services
from registration.models import Needs, Registration
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, a_registration, an_edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, registration, kind="letter"):
    token = links.letter_token(registration) if kind == "letter" else links.screen_token(registration.booking)
    return reverse(f"registration:{name}", args=[token])


def test_whoever_only_typed_an_address_cannot_confirm_it(client, edition):
    registration = a_registration(edition)

    page = client.get(url("own_page", registration, "screen")).text
    client.post(url("confirm", registration, "screen"))

    registration.refresh_from_db()
    assert registration.status == "held"
    assert url("confirm", registration, "screen") not in page
    for name in ("change", "replace", "cancel", "data", "calendar", "confirmation"):
        assert client.get(url(name, registration, "screen")).status_code == 302


def test_the_link_in_the_letter_and_one_button_confirm(client, edition):
    registration = a_registration(edition)
    letter = OutgoingEmail.objects.get()
    assert url("own_page", registration) in letter.text

    assert url("confirm", registration) in client.get(url("own_page", registration)).text
    # Mail programs open links to look at them: looking confirms nothing.
    registration.refresh_from_db()
    assert registration.status == "held"
    response = client.post(url("confirm", registration), follow=True)

    assert 'data-assises-state="confirmed"' in response.text


@pytest.mark.parametrize("broken", ["x", "s1", "s1.abc", "b999999.abc", "..", "s%00"])
def test_a_link_that_was_not_signed_here_is_answered_404(client, edition, broken):
    assert client.get(f"/fr/inscription/{broken}/").status_code == 404


def test_the_link_of_a_person_dies_when_a_colleague_takes_over(client, edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person())
    colleague = booking.registrations.get(is_contact=False)
    old = url("own_page", colleague)

    response = client.post(
        url("replace", colleague),
        {
            "given_name": "Dominique",
            "family_name": "Modèle",
            "email": "dominique@example.org",
            "job_title": "Maire",
            "language": "fr",
        },
    )

    assert response.status_code == 302
    assert client.get(old).status_code == 404
    colleague.refresh_from_db()
    assert client.get(url("own_page", colleague)).status_code == 200


def test_a_colleague_sees_only_his_own_registration(client, edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person(family_name="Modèle"))
    colleague = booking.registrations.get(is_contact=False)
    contact = booking.registrations.get(is_contact=True)

    assert contact.full_name not in client.get(url("own_page", colleague)).text
    assert colleague.full_name in client.get(url("own_page", contact)).text


def test_the_waiting_list_is_a_glass_box(client, edition):
    seated = [a_registration(edition) for _n in range(5)]
    people = [a_registration(edition) for _n in range(3)]
    services.cancel(seated[0], at=NOW)

    page = client.get(url("own_page", people[2])).text

    assert 'data-assises-state="waiting"' in page
    assert "<strong>2</strong>" in page
    assert people[2].rank_at_entry == 3


def test_an_offer_is_accepted_on_the_page(client, edition):
    seated = [a_registration(edition) for _n in range(5)]
    waiting = a_registration(edition)
    services.cancel(seated[0], at=NOW)

    assert 'data-assises-state="offered"' in client.get(url("own_page", waiting)).text
    client.post(url("confirm", waiting))

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"


def test_cancelling_asks_once_and_gives_the_place_back(client, edition):
    registration = a_registration(edition)

    asked = client.get(url("cancel", registration))
    done = client.post(url("cancel", registration), {"reason": "Réunion"}, follow=True)

    assert asked.status_code == 200
    assert 'data-assises-state="cancelled"' in done.text


def test_answers_are_changed_and_consent_is_taken_back(client, edition):
    registration = a_booking(
        edition, a_person(is_contact=True, menu="vegetarian", access=["parking"])
    ).registrations.get()
    path = url("change", registration)
    kept = {"given_name": "Camille", "family_name": "Témoin", "job_title": "Maire", "language": "zh-hans"}

    without_consent = client.post(path, {**kept, "menu": "vegetarian"})

    assert without_consent.status_code == 302
    registration.refresh_from_db()
    assert (registration.family_name, registration.language) == ("Témoin", "zh-hans")
    assert not Needs.objects.exists()
    assert OutgoingEmail.objects.filter(event="registration/changed").count() == 1


def test_nothing_changed_writes_no_letter(client, edition):
    registration = a_registration(edition)
    same = {n: getattr(registration, n) for n in ("given_name", "family_name", "job_title", "language")}

    client.post(url("change", registration), same)

    assert not OutgoingEmail.objects.filter(event="registration/changed").exists()


def test_all_data_about_a_person_can_be_taken_away(client, edition):
    registration = a_registration(edition)

    data = json.loads(client.get(url("data", registration)).content)

    assert data["email"] == registration.email
    assert data["status"] == "held"
    assert [entry["action"] for entry in data["journal"]] == ["registered"]


def test_the_confirmation_and_the_calendar_are_for_confirmed_people(client, edition):
    registration = a_registration(edition)
    assert client.get(url("confirmation", registration)).status_code == 404

    services.confirm([registration], at=NOW)

    assert client.get(url("confirmation", registration)).content.startswith(b"%PDF")
    assert b"BEGIN:VCALENDAR" in client.get(url("calendar", registration)).content


def test_a_group_may_decide_to_wait_one_by_one(client):
    edition = an_edition(elected=1)
    booking = a_booking(edition, a_person(is_contact=True), a_person(), together=True)
    contact = booking.registrations.get(is_contact=True)
    assert contact.status == "waiting"

    client.post(url("separate", contact))

    assert sorted(booking.registrations.values_list("status", flat=True)) == ["offered", "waiting"]


@pytest.mark.parametrize("known", [True, False])
def test_a_new_link_is_sent_to_whom_it_belongs_and_the_answer_tells_nothing(client, edition, known):
    registration = a_registration(edition)
    address = registration.email if known else "nobody@example.org"

    response = client.post(reverse("registration:new_link"), {"email": address}, follow=True)

    assert address in response.text
    assert OutgoingEmail.objects.filter(event="registration/new_link").count() == known


def test_what_is_not_the_persons_own_is_not_shown_to_caches(client, edition):
    registration = a_registration(edition)

    response = client.get(url("own_page", registration))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_lapsed_place_is_said_kindly(client, edition):
    registration = a_registration(edition)
    services.lapse_overdue(edition, at=NOW + dt.timedelta(days=3))

    assert 'data-assises-state="lapsed"' in client.get(url("own_page", registration)).text
    client.post(url("confirm", registration))
    assert Registration.objects.get().status == "lapsed"


def test_after_the_time_limit_nobody_confirms_but_the_staff(client, edition):
    """Beat may be late; whoever waits has a claim from the deadline on."""
    registration = a_registration(edition)
    late = NOW + dt.timedelta(hours=49)

    with pytest.raises(Refusal):
        services.confirm([registration], at=late)
    services.confirm([registration], at=late, by=a_member_of_staff())

    registration.refresh_from_db()
    assert registration.status == "confirmed"


def test_a_contact_person_hands_over_the_whole_request_and_the_old_link_dies(client, edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person())
    contact = booking.registrations.get(is_contact=True)
    old = url("own_page", contact)

    services.replace(
        contact,
        person={
            "given_name": "Dominique",
            "family_name": "Modèle",
            "email": "dominique@example.org",
            "job_title": "Maire",
            "language": "fr",
        },
        at=NOW,
    )

    contact = Registration.objects.select_related("booking").get(pk=contact.pk)
    assert client.get(old).status_code == 404
    assert contact.booking.email == "dominique@example.org"
    assert client.get(url("own_page", contact)).status_code == 200


def test_a_contact_person_reaches_the_page_of_each_colleague(client, edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person())
    colleague = booking.registrations.get(is_contact=False)

    page = client.get(url("own_page", booking.registrations.get(is_contact=True))).text

    assert url("own_page", colleague) in page


def test_whoever_has_handed_over_cannot_cancel_the_colleague(edition):
    registration = a_registration(edition)
    stale = Registration.objects.get(pk=registration.pk)
    person = {
        "given_name": "D",
        "family_name": "M",
        "email": "d@example.org",
        "job_title": "Maire",
        "language": "fr",
    }
    services.replace(registration, person=person, at=NOW)

    with pytest.raises(Refusal):
        services.cancel(stale, at=NOW)
    with pytest.raises(Refusal):
        services.replace(stale, person={**person, "email": "e@example.org"}, at=NOW)


def test_a_mistyped_address_that_is_put_right_tells_the_stranger_nothing(client, edition):
    registration = a_registration(edition)
    old_page, old_address = url("own_page", registration), registration.email

    services.change(registration, details={"email": "right@example.org"}, at=NOW, by=a_member_of_staff())

    told = OutgoingEmail.objects.get(event="registration/address_changed")
    assert told.to_email == old_address
    assert "right@example.org" not in told.text + told.html
    assert "/inscription/" not in told.text
    assert client.get(old_page).status_code == 404
    assert OutgoingEmail.objects.get(event="registration/changed").to_email == "right@example.org"


def test_a_colleagues_click_does_not_confirm_the_contacts_address(client, edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person())

    client.post(url("confirm", booking.registrations.get(is_contact=False)))

    booking.refresh_from_db()
    assert booking.address_confirmed_at is None

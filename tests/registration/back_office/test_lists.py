"""The list of registrations and the page of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assises import accounts
from assises.models import JournalEntry, OutgoingEmail
from registration import services
from registration.models import Registration
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition, an_organisation

pytestmark = pytest.mark.django_db

LIST = "/admin/registration/registration/"


def page_of(registration):
    return reverse("admin:registration_registration_change", args=[registration.pk])


def names(response):
    return [r.full_name for r in response.context["cl"].result_list]


def count_queries(client, url):
    client.get(url)  # what a process remembers for some seconds is there now
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "url",
    [
        LIST,
        "/admin/liste-attente/",
        "/admin/collectivites/",
        "/admin/chiffres/",
        "/admin/registration/booking/",
    ],
)
def test_one_line_or_three_cost_the_same(organiser, url):
    edition = an_edition(elected=1)
    a_registration(edition)  # takes the only place
    a_registration(edition, organisation=an_organisation())
    few = count_queries(organiser, url)
    for _unused in range(2):
        a_booking(edition, a_person(), a_person(), organisation=an_organisation())
    many = count_queries(organiser, url)

    assert many == few


@pytest.mark.parametrize(
    "typed", ["eloise", "ÉLOÏSE", "李示例", "lishili", "li shi", "saint etienne", "maire eloise"]
)
def test_people_are_found_without_accents_in_chinese_and_in_pinyin(organiser, edition, typed):
    town = an_organisation("Saint-Étienne")
    person = a_person(given_name="Éloïse", family_name="Exemple", name_zh="李示例", job_title="Maire")
    a_registration(edition, organisation=an_organisation("Toulouse"))
    a_booking(edition, person, organisation=town)

    response = organiser.get(LIST, {"q": typed})

    assert names(response) == ["Éloïse Exemple"]


def test_the_list_is_in_the_order_of_family_names_whatever_their_accents(organiser, edition):
    for name in ("Zola", "Étienne", "Durand"):
        a_booking(edition, a_person(given_name="Ana", family_name=name))

    assert names(organiser.get(LIST)) == ["Ana Durand", "Ana Étienne", "Ana Zola"]


def test_a_duplicate_is_not_one_more_person(organiser, edition):
    known = a_registration(edition)
    a_booking(edition, a_person(email=known.email))

    assert names(organiser.get(LIST)) == [known.full_name]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "waiting"}, 1),
        ({"state": "seated"}, 5),
        ({"awaiting": "any"}, 5),
        ({"awaiting": "soon"}, 0),
        ({"kind": "commune"}, 6),
        ({"kind": "press"}, 0),
        ({"language": "zh-hans"}, 0),
        ({"elected": "1"}, 0),
        ({"source": "form"}, 6),
        ({"day": "2018-10-15"}, 6),
        ({"day": "2018-10-14"}, 0),
        ({"region": "none"}, 6),
        ({"authority": "nobody"}, 0),
    ],
)
def test_the_filters_narrow_the_list(organiser, edition, query, found):
    for _unused in range(6):
        a_registration(edition)

    assert len(names(organiser.get(LIST, query))) == found


def test_by_region_means_all_the_territories_below_it(organiser, edition):
    region = an_organisation("Occitanie", kind="region")
    departement = an_organisation("Tarn", kind="departement", parent=region)
    inside = a_registration(edition, organisation=an_organisation("Gaillac", parent=departement))
    a_registration(edition, organisation=an_organisation("Lyon"))

    assert names(organiser.get(LIST, {"region": region.pk})) == [inside.full_name]


def test_a_waiting_person_has_a_rank_and_a_reason_on_the_page(organiser):
    edition = an_edition(elected=1)
    a_registration(edition)
    waiting = a_registration(edition)

    response = organiser.get(page_of(waiting))

    assert response.context["rank"] == 1
    assert response.context["why"]
    assert waiting.get_status_display() in response.text


def test_a_change_goes_through_the_service_with_journal_and_letter(organiser, edition):
    person = a_registration(edition)
    data = {
        "given_name": "Dominique", "family_name": person.family_name, "job_title": person.job_title,
        "email": person.email, "language": "fr", "status": "confirmed", "place": "",
    }  # fmt: skip

    response = organiser.post(page_of(person), data)

    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.status) == ("Dominique", "held")
    assert person.place_id
    assert JournalEntry.objects.filter(action="changed").get().details == {"fields": ["given_name"]}
    assert OutgoingEmail.objects.filter(event="registration/changed").count() == 1


def test_the_address_of_somebody_else_is_refused_next_to_the_field(organiser, edition):
    person, other = a_registration(edition), a_registration(edition)
    data = {
        "given_name": "A", "family_name": "B", "job_title": "C", "email": other.email.upper(), "language": "fr",
    }  # fmt: skip

    response = organiser.post(page_of(person), data)

    assert response.status_code == 200
    assert "email" in response.context["adminform"].form.errors


def test_who_has_cancelled_is_looked_at_and_not_changed(organiser, edition):
    person = a_registration(edition)
    services.cancel(person, at=NOW)

    response = organiser.get(page_of(person))

    assert response.status_code == 200
    assert 'name="_save"' not in response.text


@pytest.mark.parametrize(
    ("roles", "sees"), [((accounts.ORGANISERS,), False), ((accounts.ORGANISERS, accounts.ACCESS_NEEDS), True)]
)
def test_menus_and_access_needs_are_seen_by_their_role_only(as_role, edition, roles, sees):
    person = a_booking(edition, a_person(menu="allergen", allergen="arachide-secrète")).registrations.get()

    response = as_role(*roles).get(page_of(person))

    assert ("arachide-secrète" in response.text) is sees


def test_nobody_is_deleted_from_the_list(organiser, edition):
    person = a_registration(edition)

    response = organiser.post(
        reverse("admin:registration_registration_delete", args=[person.pk]), {"post": "yes"}
    )

    assert response.status_code == 403
    assert Registration.objects.filter(pk=person.pk).exists()


def test_an_empty_list_says_how_the_first_one_is_made(organiser, edition):
    response = organiser.get(LIST)

    assert 'class="empty"' in response.text
    assert reverse("admin:register_by_hand") in response.text


def test_the_list_is_that_of_the_current_edition_unless_another_is_asked_for(organiser, edition):
    now = a_registration(edition)
    before = an_edition(elected=2)
    then = a_registration(before)

    assert names(organiser.get(LIST)) == [now.full_name]
    assert names(organiser.get(LIST, {"edition": before.pk})) == [then.full_name]

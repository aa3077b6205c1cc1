"""All pages of the back office: who opens them, in which language, and that they keep the policy of the site."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from assises import accounts
from registration.models import DelegationAllotment, InvitationLetterRequest
from tests.factories import (
    NOW,
    a_booking,
    a_member_of_staff,
    a_person,
    a_registration,
    an_edition,
    an_organisation,
)

pytestmark = pytest.mark.django_db


def menu(client):
    """The addresses in the menu of whoever looks."""
    response = client.get("/admin/")
    return [entry["admin_url"] for task in response.context["app_list"] for entry in task["models"]]


def pages(client):
    """Those of them that are pages of the back office itself."""
    return ["/admin/", *[url for url in menu(client) if url.startswith("/admin/")]]


@pytest.fixture
def everything(db):
    """An edition with somebody in each state, a Chinese delegation, and a request for an invitation letter."""
    edition = an_edition(elected=3, tourism=1)
    sichuan = an_organisation("Province du Sichuan", name_zh_hans="四川省", side="CN", kind="province")
    for _unused in range(5):
        a_registration(edition)
    a_booking(edition, a_person(family_name="Secret", name_zh="李示例"), a_person(), together=True)
    DelegationAllotment.objects.create(edition=edition, organisation=sichuan, seats=20)
    InvitationLetterRequest.objects.create(
        edition=edition, organisation_name="Toulouse", partner=sichuan, people=3, at=NOW
    )
    return edition


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("filled", [True, False], ids=["with people", "empty"])
def test_every_page_of_the_menu_opens_and_has_nothing_inline(client, request, language, filled):
    if filled:
        request.getfixturevalue("everything")
    client.force_login(a_member_of_staff(language=language))

    for url in pages(client):
        response = client.get(url)
        assert response.status_code == 200, url
        assert f'lang="{language}"' in response.text.lower(), url
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", response.text), url
        assert not re.search(r"<script(?![^>]*\ssrc=)", response.text), url
        assert len(re.findall(r"<h1", response.text)) == 1, url


def test_before_the_first_edition_every_page_says_what_to_do(client):
    client.force_login(a_member_of_staff())

    for url in pages(client):
        assert client.get(url).status_code == 200, url


def test_every_form_to_add_something_opens(client, everything):
    client.force_login(a_member_of_staff())
    request = client.get("/admin/").wsgi_request

    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        assert client.get(url).status_code in (
            (200, 302) if model_admin.has_add_permission(request) else (403,)
        ), url


def test_the_page_of_one_of_everything_opens(client, everything):
    client.force_login(a_member_of_staff())

    for model in admin.site._registry:
        row = model._default_manager.first()
        if row is not None:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            assert client.get(url).status_code == 200, url


# --- Roles --------------------------------------------------------------------------------


def test_the_apcae_sees_counts_and_never_a_french_name(as_role, everything):
    client = as_role(accounts.APCAE, language="zh-hans")

    assert len(menu(client)) == 7
    for url in pages(client):
        text = client.get(url).text
        assert "Secret" not in text, url
        assert "Camille" not in text, url


@pytest.mark.parametrize(
    "url",
    [
        "/admin/registration/registration/", "/admin/registration/booking/", "/admin/liste-attente/",
        "/admin/collectivites/", "/admin/exporter/", "/admin/importer/", "/admin/inscrire/",
        "/admin/assises/outgoingemail/", "/admin/assises/journalentry/", "/admin/assises/user/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", [accounts.APCAE, accounts.DESK, accounts.ACCESS_NEEDS])
def test_what_is_not_theirs_stays_closed(as_role, everything, role, url):
    assert as_role(role).get(url).status_code == 403


def test_the_desk_finds_the_check_in_and_nothing_else(as_role, everything):
    client = as_role(accounts.DESK)

    assert menu(client) == [reverse("desk:desk")]


def test_organisers_do_not_look_after_accounts(organiser, everything):
    assert reverse("admin:assises_user_changelist") not in menu(organiser)


def test_somebody_without_a_role_is_told_so(as_role, everything):
    response = as_role().get("/admin/")

    assert response.status_code == 200
    assert 'class="empty"' in response.text


# --- Numbers ------------------------------------------------------------------------------


def test_the_numbers_add_up_and_lead_to_the_people_they_count(organiser, everything):
    response = organiser.get("/admin/chiffres/")

    numbers = response.context["categories"]["numbers"]
    assert sum(n.seated for n in numbers) == 4
    assert sum(n.waiting for n in numbers) == 3
    for number in numbers:
        people = organiser.get(f"/admin/registration/registration/?{number.query}&state=seated")
        assert people.context["cl"].result_count == number.seated
    assert sum(line["column"].value for line in response.context["days"]) == 7


def test_invitation_letters_are_counted_by_partner(organiser, everything):
    """The APCAE answers them: it must know what comes (S-072)."""
    InvitationLetterRequest.objects.create(
        edition=everything,
        organisation_name="Lyon",
        partner=InvitationLetterRequest.objects.get().partner,
        people=2,
        at=NOW,
    )

    counts = organiser.get("/admin/chiffres/").context["letters"]

    assert [(c.requests, c.people) for c in counts] == [(2, 5)]


def test_the_chinese_places_are_counted_beside(organiser, everything):
    response = organiser.get("/admin/registration/delegationallotment/")

    assert response.context["numbers"] == {"allotted": 20, "capacity": 300, "over": 0, "left": 280}


def test_an_authority_leads_to_its_people(organiser, everything):
    toulouse = an_organisation("Toulouse")
    a_registration(everything, organisation=toulouse)

    response = organiser.get("/admin/collectivites/", {"q": "toulouse"})

    [authority] = response.context["authorities"]
    assert (authority.name, authority.waiting) == ("Toulouse", 1)
    people = organiser.get(f"/admin/registration/registration/?{authority.query}")
    assert people.context["cl"].result_count == 1


def test_the_first_page_counts_what_waits_for_an_answer(organiser, everything):
    response = organiser.get("/admin/")

    panels = {panel["template"]: panel["data"] for panel in response.context["panels"]}
    places = panels["registration/back_office/_panel_places.html"]
    assert (places["summary"].seated, places["summary"].waiting, places["today"]) == (4, 3, 7)

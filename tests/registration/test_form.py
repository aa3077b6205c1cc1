"""The public form, as a browser sends it."""

import html
import re

import pytest
import time_machine
from django.urls import reverse

from assises import memory
from assises.models import OutgoingEmail
from registration import links, services
from registration.models import Booking, InvitationLetterRequest, Needs, Registration
from tests.factories import CLOSES, NOW, OPENS, a_registration, an_organisation

pytestmark = pytest.mark.django_db

ANSWERS = {
    "given_name": "Zoë",
    "family_name": "d’Essai-Œuvrée",
    "email": "zoe@example.org",
    "organisation": "Ville d'essai",
    "job_title": "Maire",
}


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(NOW, tick=False):
        yield


def send(client, *, page="/fr/inscription/", **answers):
    """Open the form, fill it in, send it."""
    text = client.get(page).text
    key = re.search(r'name="form_key" value="([^"]+)"', text)[1]
    return client.post(page, {"form_key": key, **ANSWERS, **answers})


def test_a_town_hall_registers_and_sees_its_own_page(client, edition):
    response = send(client)

    page = client.get(response["Location"])
    assert 'data-assises-state="held"' in page.text
    assert "Zoë d’Essai-Œuvrée" in page.text
    registration = Registration.objects.get()
    assert (registration.status, registration.booking.organisation_name) == ("held", "Ville d'essai")
    assert OutgoingEmail.objects.get().to_email == "zoe@example.org"


def test_in_chinese_the_page_and_the_letters_are_chinese(client, edition):
    response = send(client, page="/zh-hans/inscription/")

    assert response["Location"].startswith("/zh-hans/inscription/")
    assert OutgoingEmail.objects.get().language == "zh-hans"


def test_the_empty_form_asks_nothing_of_the_database_when_it_was_just_drawn(
    client, edition, django_assert_num_queries
):
    client.get("/fr/inscription/")

    with django_assert_num_queries(0):
        client.get("/fr/inscription/")


def test_each_visitor_has_a_key_and_a_token_of_their_own(client, edition):
    keys = {
        re.search(r'name="form_key" value="([^"]+)"', client.get("/fr/inscription/").text)[1]
        for _n in range(3)
    }

    assert len(keys) == 3
    assert "mark-Xq7" not in client.get("/fr/inscription/").text


@pytest.mark.parametrize("twice", ["sent twice", "back button, with another name"])
def test_the_same_form_sent_twice_is_one_registration(client, edition, twice):
    html = client.get("/fr/inscription/").text
    key = re.search(r'name="form_key" value="([^"]+)"', html)[1]
    second = ANSWERS if twice == "sent twice" else {**ANSWERS, "given_name": "Zoé"}

    responses = [client.post("/fr/inscription/", {"form_key": key, **a}) for a in (ANSWERS, second)]

    assert responses[0]["Location"] == responses[1]["Location"]
    assert Registration.objects.count() == OutgoingEmail.objects.count() == 1


def test_a_stranger_does_not_learn_who_is_registered(client, edition):
    known = a_registration(edition)
    services.confirm([known], at=NOW)
    new = client.get(send(client)["Location"]).text

    response = send(client, email=known.email)

    page = client.get(response["Location"]).text
    drop = re.compile(r"zoe@example\.org|camille\d+@example\.org|/inscription/[^/\"]+/|value=\"[^\"]+\"")
    assert drop.sub("", page) == drop.sub("", new)
    assert known.full_name not in page
    assert (
        OutgoingEmail.objects.filter(event="registration/already_registered", to_email=known.email).count()
        == 1
    )
    assert Registration.objects.seated().count() == 2


def test_errors_stand_at_the_top_and_beside_the_field_and_nothing_is_lost(client, edition):
    response = send(client, email="zoe@", family_name="", job_title="Maire & présidente")

    html = response.text
    assert 'href="#id_email"' in html
    assert 'href="#id_family_name"' in html
    assert "camille.exemple@example.org" in html
    assert "Maire &amp; présidente" in html
    assert 'aria-invalid="true"' in html
    assert not Booking.objects.exists()


def test_a_delegation_registers_at_once(client, edition):
    response = send(
        client,
        **{
            "colleague-1-given_name": "Ali",
            "colleague-1-family_name": "Modèle",
            "colleague-1-email": "ali@example.org",
            "colleague-1-job_title": "Directeur",
            "colleague-1-language": "zh-hans",
        },
    )

    assert response.status_code == 302
    booking = Booking.objects.get()
    assert [(r.full_name, r.status, r.is_contact) for r in booking.registrations.order_by("pk")] == [
        ("Zoë d’Essai-Œuvrée", "held", True),
        ("Ali Modèle", "held", False),
    ]
    letters = OutgoingEmail.objects.order_by("pk").values_list("event", "to_email", "language")
    assert list(letters) == [
        ("registration/confirm_address", "zoe@example.org", "fr"),
        ("registration/received", "ali@example.org", "zh-hans"),
    ]


def test_what_is_wrong_about_a_colleague_is_said_with_a_link_to_the_place(client, edition):
    response = send(client, **{"colleague-2-given_name": "Ali", "colleague-2-email": "zoe@example.org"})

    html = response.text
    assert 'href="#id_colleague-2-family_name"' in html
    assert 'href="#id_colleague-2-email"' in html
    assert not Booking.objects.exists()


def test_a_secretary_registers_colleagues_without_coming(client, edition):
    colleague = {
        "colleague-1-given_name": "Ali",
        "colleague-1-family_name": "Modèle",
        "colleague-1-email": "ali@example.org",
        "colleague-1-job_title": "Directeur",
        "colleague-1-language": "fr",
    }

    send(client, contact_only="on", **colleague)

    booking = Booking.objects.get()
    assert [r.full_name for r in booking.registrations.all()] == ["Ali Modèle"]
    assert booking.email == "zoe@example.org"


@pytest.mark.parametrize(
    "typed",
    ["Nîmes", "nimes", "  NÎMES ", "Mairie de Nîmes", "ville de nîmes", "213001894", "213 001 894", "尼姆"],
)
def test_an_authority_is_found_as_people_write_it(client, edition, typed):
    nimes = an_organisation("Nîmes", siren="213001894", name_zh_hans="尼姆")
    an_organisation("Nîmes Métropole", kind="epci")

    send(client, organisation=typed)

    assert Booking.objects.get().organisation == nimes


def test_where_several_may_be_meant_the_form_asks_back(client, edition):
    metropole = an_organisation("Brest Métropole", kind="metropole")
    an_organisation("Département de Brest-et-Loire", kind="departement")

    asked = send(client, organisation="brest")
    answered = send(client, organisation="brest", organisation_pick=metropole.code)

    assert 'name="organisation_pick"' in asked.text
    assert answered.status_code == 302
    assert Booking.objects.get().organisation == metropole


def test_another_organisation_is_accepted_as_written_and_leads_to_its_category(client, edition):
    send(client, organisation="Agence Voyages d’Essai", organisation_kind="tourism")

    registration = Registration.objects.get()
    assert registration.booking.organisation is None
    assert registration.category.code == "tourism"


def test_a_wrong_siren_is_explained(client, edition):
    assert "213105554" in send(client, organisation="123456789").text
    assert not Booking.objects.exists()


@pytest.mark.parametrize("typed", ["Chengdu", "成都市", "四川省外办"])
def test_a_chinese_participant_is_kindly_sent_to_the_apcae_in_chinese(client, edition, typed):
    """S-071."""
    an_organisation("Chengdu", side="CN", kind="city", name_zh_hans="成都市", aliases=["Ville de Chengdu"])

    response = send(client, organisation=typed)

    page = client.get(response["Location"]).text if response.status_code == 302 else response.text
    assert "全国友协" in page
    assert not Booking.objects.exists()


def test_a_french_body_written_in_chinese_goes_on_with_one_button_and_loses_nothing(client, edition):
    page = send(client, organisation="上比利牛斯省", menu="vegetarian", needs_consent="on").text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    answers = {name: html.unescape(value) for name, value in hidden if name != "csrfmiddlewaretoken"}

    response = client.post("/fr/inscription/", answers)

    assert response.status_code == 302
    assert Booking.objects.get().organisation_name == "上比利牛斯省"
    assert Needs.objects.get().menu == "vegetarian"


def test_what_one_visitor_is_told_is_not_drawn_into_everybodys_form(client, edition):
    from django.test import Client

    client.post("/fr/inscription/nouveau-lien/", {"email": "secret@example.org"})
    memory.forget()

    client.get("/fr/inscription/")

    assert "secret@example.org" not in Client().get("/fr/inscription/").text


def test_one_mailbox_is_one_person_however_it_is_written(client, edition):
    first = send(client, email="zoe@Île.example.org")
    second = send(client, email="zoe@xn--le-pja.EXAMPLE.org")

    assert (first.status_code, second.status_code) == (302, 302)
    assert Registration.objects.live().count() == 1
    assert send(client, email="zoé@example.org").status_code == 200


@pytest.mark.parametrize("invites", ["a stranger", "somebody registered"])
def test_a_mailbox_of_ones_own_does_not_tell_who_is_registered(client, edition, invites):
    known = a_registration(edition)
    services.confirm([known], at=NOW)
    colleague = {
        "colleague-1-given_name": "Ali",
        "colleague-1-family_name": "Modèle",
        "colleague-1-email": known.email if invites == "somebody registered" else "ali@example.org",
        "colleague-1-job_title": "Directeur",
        "colleague-1-language": "fr",
    }
    send(client, contact_only="on", **colleague)
    booking = Booking.objects.latest("pk")
    page = links.own_page(links.booking_token(booking))

    before = client.get(page).text
    client.post(f"{page}confirmer/")
    after = client.get(page).text

    assert f"{page}confirmer/" in before
    assert 'data-assises-state="confirmed"' in after
    assert Registration.objects.seated().count() == (2 if invites == "a stranger" else 1)


@pytest.mark.parametrize("path", ["/fr/inscription/organismes/?q=ab%00", "/fr/demonstration/courrier/?q=%00"])
def test_control_characters_in_a_search_are_harmless(client, edition, path):
    assert client.get(path).status_code == 200


def test_a_request_in_another_encoding_is_answered_400(client, edition):
    assert (
        client.get("/fr/inscription/", headers={"content-type": "text/html; charset=hex"}).status_code == 400
    )


def test_needs_are_kept_only_on_consent(client, edition):
    refused = send(client, menu="vegetarian", access=["wheelchair"])
    assert 'href="#id_needs_consent"' in refused.text
    assert not Booking.objects.exists()

    send(client, menu="vegetarian", access=["wheelchair"], needs_consent="on")

    needs = Needs.objects.get()
    assert (needs.menu, needs.access, needs.consented_at) == ("vegetarian", ["wheelchair"], NOW)


def test_without_needs_no_row_about_needs_is_written(client, edition):
    send(client, needs_consent="on")

    assert not Needs.objects.exists()


@pytest.mark.parametrize(
    "field", ["given_name", "family_name", "job_title", "organisation", "name_zh", "phone", "email"]
)
@pytest.mark.parametrize("nasty", ["x" * 5000, "<script>alert(1)</script>", "a\x00b", "\ud83d\ude00" * 40])
def test_no_answer_breaks_the_form(client, edition, field, nasty):
    response = send(client, **{field: nasty.encode("utf-16", "surrogatepass").decode("utf-16")})

    assert response.status_code in (200, 302)
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "nasty",
    [
        {"organisation_kind": "emperor"},
        {"language": "tlh"},
        {"chinese_partner": "nobody"},
        {"sessions": ["nothing"]},
        {"together": "maybe"},
        {"form_key": "forged"},
        {"honorific": "dr"},
        {"organisation_pick": "ghost"},
    ],
)
def test_forged_choices_are_answered_in_words(client, edition, nasty):
    response = client.post("/fr/inscription/", {**ANSWERS, **nasty})

    assert response.status_code in (200, 302)


def test_a_robot_is_stopped_and_a_person_loses_nothing(client, edition, settings):
    settings.ABUSE_PROTECTION = True

    trapped = send(client, website="https://example.org")
    hasty = send(client)
    keyless = client.post("/fr/inscription/", ANSWERS)

    for response in (trapped, hasty, keyless):
        assert response.status_code == 200
        assert "d’Essai-Œuvrée" in response.text
    assert not Booking.objects.exists()
    key = re.search(r'name="form_key" value="([^"]+)"', keyless.text)[1]
    with time_machine.travel(NOW.replace(minute=5), tick=False):
        assert client.post("/fr/inscription/", {**ANSWERS, "form_key": key}).status_code == 302


def test_too_many_forms_from_one_address_are_answered_429_and_nothing_typed_is_lost(
    client, edition, settings
):
    settings.ABUSE_PROTECTION = True
    settings.ABUSE_MINIMUM_SECONDS = 0
    settings.ABUSE_POSTS_PER_HOUR = 2

    codes = [send(client, email=f"zoe{n}@example.org").status_code for n in range(2)]
    last = send(client, email="zoe9@example.org")

    assert (codes, last.status_code) == ([302, 302], 429)
    assert "zoe9@example.org" in last.text


@pytest.mark.parametrize("at", [OPENS.replace(year=2017), CLOSES])
def test_outside_the_period_the_page_says_when(client, edition, at):
    with time_machine.travel(at, tick=False):
        memory.forget()
        page = client.get("/fr/inscription/")

    assert page.status_code == 200
    assert "<form" not in page.text
    assert "2018" in page.text


def test_without_an_edition_the_site_says_so(client, db):
    for path in (
        "/fr/",
        "/fr/inscription/",
        "/zh-hans/inscription/lettre-invitation/",
        "/fr/inscription/nouveau-lien/",
    ):
        assert client.get(path).status_code == 200


def test_the_counter_is_honest_about_held_places_and_those_who_wait(client, edition):
    for _n in range(6):
        a_registration(edition)
    services.confirm([edition.registrations.first()], at=NOW)

    numbers = client.get(reverse("registration:places")).json()

    assert numbers == {
        "capacity": 5, "left": 0, "seated": 5, "confirmed": 1, "held": 4, "offered": 0, "waiting": 1,
    }  # fmt: skip


def test_a_request_for_an_invitation_letter_is_counted_for_the_apcae(client, edition):
    """S-072."""
    path = reverse("registration:invitation_letter")

    page = client.get(path).text
    client.post(path, {"organisation_name": "Nîmes", "partner_name": "成都市", "people": "4"})
    empty = client.post(path, {"organisation_name": "Nîmes", "people": "4"})

    assert 'lang="zh-Hans"' in page
    assert "全国友协" in page
    assert [(r.partner_name, r.people) for r in InvitationLetterRequest.objects.all()] == [("成都市", 4)]
    assert 'href="#id_partner"' in empty.text


def test_the_csrf_token_of_the_cached_form_works(edition):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.get("/fr/inscription/")
    html = client.get("/fr/inscription/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]

    assert client.post("/fr/inscription/", {**ANSWERS, "csrfmiddlewaretoken": token}).status_code == 302
    assert client.post("/fr/inscription/", ANSWERS).status_code == 403


def test_suggestions_come_while_typing_and_never_a_chinese_or_a_former_body(client, edition):
    old = an_organisation("Région Midi-Pyrénées", kind="region")
    an_organisation("Région Occitanie", kind="region", predecessor=old)
    an_organisation("Pyrénées (Chine)", side="CN", kind="city")

    names = [o["name"] for o in client.get("/fr/inscription/organismes/?q=pyren").json()["organisations"]]

    assert names == []
    assert [o["name"] for o in client.get("/fr/inscription/organismes/?q=occi").json()["organisations"]] == [
        "Région Occitanie"
    ]

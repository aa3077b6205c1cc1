"""What organisers do to several people at once: asked first, done one by one, told one by one."""

import uuid

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.translation import gettext

from assises import accounts
from assises.models import JournalEntry, OutgoingEmail
from registration import links, services
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition

pytestmark = pytest.mark.django_db

LIST = "/admin/registration/registration/"


def act(client, action, *registrations, **data):
    return client.post(LIST, {"action": action, ACTION_CHECKBOX_NAME: [r.pk for r in registrations], **data})


def outcome(response):
    return {r.registration.full_name: r.is_done for r in response.context["results"]}


def test_nothing_is_done_before_it_was_asked(organiser, edition):
    person = a_registration(edition)

    response = act(organiser, "confirm", person)

    assert response.status_code == 200
    person.refresh_from_db()
    assert person.status == "held"


def test_confirming_several_tells_who_was_and_who_could_not_be(organiser):
    edition = an_edition(elected=1)
    held, waiting = a_registration(edition), a_registration(edition)

    response = act(organiser, "confirm", held, waiting, apply="1")

    assert outcome(response) == {held.full_name: True, waiting.full_name: False}
    assert waiting.full_name in response.text
    held.refresh_from_db()
    assert held.status == "confirmed"


@pytest.mark.parametrize("action", ["refuse", "cancel"])
def test_without_a_reason_nothing_happens(organiser, edition, action):
    person = a_registration(edition)

    response = act(organiser, action, person, apply="1", reason="  ")

    assert "reason" in response.context["form"].errors
    person.refresh_from_db()
    assert person.status == "held"


def test_the_person_reads_the_reason_of_a_refusal(organiser, edition):
    person = a_registration(edition)

    act(organiser, "refuse", person, apply="1", reason="Réservé aux élus")

    person.refresh_from_db()
    assert (person.status, person.refusal_reason, person.place) == ("refused", "Réservé aux élus", None)
    assert "Réservé aux élus" in OutgoingEmail.objects.get(event="registration/refused").text
    assert JournalEntry.objects.get(action="refused").actor is not None


def test_a_refusal_of_one_does_not_stop_the_others(organiser, edition):
    gone, here = a_registration(edition), a_registration(edition)
    services.cancel(gone, at=NOW)

    response = act(organiser, "cancel", gone, here, apply="1", reason="à leur demande")

    assert outcome(response) == {gone.full_name: False, here.full_name: True}


def test_a_cancelled_place_passes_on_and_the_page_shows_how_all_stand_now(organiser):
    edition = an_edition(elected=1)
    first, second = a_registration(edition), a_registration(edition)

    response = act(organiser, "cancel", first, apply="1", reason="empêchée")

    assert outcome(response) == {first.full_name: True}
    second.refresh_from_db()
    assert second.status == "offered"


def test_moving_to_a_full_category_is_refused_and_says_why(organiser):
    edition = an_edition(elected=2, press=1)
    elected = a_registration(edition, category="elected")
    a_registration(edition, category="press")
    press = edition.categories.get(code="press")

    response = act(organiser, "move", elected, apply="1", category=press.pk)

    assert outcome(response) == {elected.full_name: False}
    assert "press" in response.context["results"][0].sentence


def test_each_reads_the_letter_in_the_own_language_and_gets_it_once(organiser, edition):
    french, chinese = (
        a_registration(edition),
        a_booking(edition, a_person(language="zh-hans")).registrations.get(),
    )
    key = uuid.uuid4()
    text = {
        "subject_fr": "Navettes", "text_fr": "Rendez-vous à 8 h.",
        "subject_zh": "班车", "text_zh": "八点见。", "key": str(key),
    }  # fmt: skip

    preview = act(organiser, "write", french, chinese, preview="1", **text)
    assert not OutgoingEmail.objects.filter(event="registration/from_organisers").exists()
    for _unused in range(2):
        act(organiser, "write", french, chinese, send="1", **text)

    assert preview.context["is_preview"]
    letters = OutgoingEmail.objects.filter(event="registration/from_organisers").order_by("pk")
    assert [(x.to_email, x.subject) for x in letters] == [(french.email, "Navettes"), (chinese.email, "班车")]
    assert "八点见。" in letters[1].text
    assert "八点见。" in letters[1].html


def test_a_letter_to_many_waits_for_approval_and_the_page_says_so(organiser, edition, settings):
    settings.MASS_LETTERS = 1
    people = [a_registration(edition) for _unused in range(2)]
    text = {"subject_fr": "Navettes", "text_fr": "Rendez-vous à 8 h.", "key": str(uuid.uuid4())}

    page = act(organiser, "write", *people, send="1", **text)

    assert OutgoingEmail.objects.held().filter(event="registration/from_organisers").count() == 2
    said = {result.sentence for result in page.context["results"]}
    assert said == {gettext("the letter waits for approval, under “Mailings”; then it leaves, once")}


def test_who_has_no_text_in_the_own_language_gets_the_other_and_the_preview_says_so(organiser, edition):
    chinese = a_booking(edition, a_person(language="zh-hans")).registrations.get()
    text = {"subject_fr": "Navettes", "text_fr": "À 8 h.", "key": str(uuid.uuid4())}

    response = act(organiser, "write", chinese, preview="1", **text)

    assert [reader["is_other"] for reader in response.context["readers"]] == [True]


def test_a_letter_without_a_text_is_not_sent_and_nothing_typed_is_lost(organiser, edition):
    person = a_registration(edition)

    response = act(organiser, "write", person, send="1", subject_fr="Navettes", key=str(uuid.uuid4()))

    assert "Navettes" in response.text
    assert "text_fr" in response.context["form"].errors


@pytest.mark.parametrize("role", [accounts.DESK, accounts.APCAE])
def test_other_roles_do_nothing_here(as_role, edition, role):
    person = a_registration(edition)

    response = act(as_role(role), "confirm", person, apply="1")

    assert response.status_code == 403
    person.refresh_from_db()
    assert person.status == "held"


def test_a_letter_of_the_organisers_leads_to_the_own_page(organiser, edition):
    person = a_registration(edition)
    text = {"subject_fr": "Navettes", "text_fr": "À 8 h <devant> l'Hôtel.", "key": str(uuid.uuid4())}

    act(organiser, "write", person, send="1", **text)

    letter = OutgoingEmail.objects.get(event="registration/from_organisers")
    assert links.own_page(links.letter_token(person)) in letter.text
    assert "<devant>" in letter.text
    assert "&lt;devant&gt;" in letter.html

"""The call, the page of a contribution, the page of its speaker, as a browser sees them."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assises import accounts, memory
from assises.models import JournalEntry, OutgoingEmail, Partnership
from program import links, services
from program.models import Contribution, Speaker
from tests.contribution_factories import (
    CALL_CLOSES,
    CALL_OPENS,
    a_practice,
    a_proposed,
    an_accepted,
    open_call,
    some_speaker,
    the_speaker,
)
from tests.factories import NOW, an_organisation

pytestmark = pytest.mark.django_db

PAGE = "/fr/programme/contributions/"
ANSWERS = {
    "organisation": "Ville d’essai",
    "side": "FR",
    "given_name": "Zoë",
    "family_name": "d’Essai-Œuvrée",
    "email": "zoe@example.org",
    "language": "fr",
    "theme": "tourism",
    "title": "Une forêt comestible",
    "summary": "Un jardin partagé.",
    "minutes": "15",
    "exemplary": "Les enfants récoltent.",
    "existing": "Depuis 2015.",
    "concrete": "Deux tonnes.",
    "reproducible": "Un guide.",
    "counterpart_is": "looking",
    "speaker_is": "me",
    "speaker_function": "Adjointe au maire",
}


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def theme(edition):
    return open_call(edition)


def send(client, *, page=PAGE, **answers):
    """Open the form, fill it in, send it."""
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(page).text)[1]
    return client.post(page, {"form_key": key, **ANSWERS, **answers})


def path_of(token, language="fr"):
    with translation.override(language):
        return links.own_page(token)


def letter_page(row, language="fr"):
    return path_of(links.proposer_token(row), language)


def speaker_page(row, language="fr"):
    with translation.override(language):
        return links.speaker_page(links.speaker_token(row, the_speaker(row)))


# --- The call ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize(
    ("at", "state", "has_form"),
    [
        (CALL_OPENS - dt.timedelta(days=1), "call-not_yet", False),
        (NOW, "call-open", True),
        (CALL_CLOSES, "call-closed", False),
    ],
)
def test_the_page_says_whether_the_call_is_open(client, language, at, state, has_form):
    with time_machine.travel(at, tick=False):
        page = client.get(f"/{language}/programme/contributions/").text

    assert f'data-assises-state="{state}"' in page
    assert ('name="form_key"' in page) is has_form


def test_without_dates_it_says_that_they_will_come(client, edition):
    edition.milestones.filter(key__startswith="contributions").delete()
    memory.forget()

    assert 'data-assises-state="call-unannounced"' in client.get(PAGE).text


def test_the_empty_form_takes_no_query_once_the_edition_is_known(client, django_assert_num_queries):
    client.get(PAGE)

    with django_assert_num_queries(0):
        client.get(PAGE)


def test_an_authority_proposes_and_sees_its_receipt(client):
    response = send(client)

    page = client.get(response["Location"])
    assert 'data-assises-state="proposed"' in page.text
    assert "zoe@example.org" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    row = Contribution.objects.get()
    assert (row.organisation_name, row.side, row.original) == ("Ville d’essai", "FR", "fr")
    assert (the_speaker(row).full_name, the_speaker(row).email) == ("Zoë d’Essai-Œuvrée", "zoe@example.org")


def test_a_chinese_city_proposes_in_chinese(client):
    chengdu = an_organisation("Chengdu", name_zh_hans="成都市", side="CN", kind="city")
    own = {"family_name": "李", "given_name": "示例", "speaker_function": "处长", "title": "以茶为线"}

    response = send(client, page="/zh-hans/programme/contributions/", organisation="成都市", side="FR", **own)

    row = Contribution.objects.get()
    assert response["Location"].startswith("/zh-hans/programme/contributions/s")
    assert (row.organisation, row.side, row.original, row.title_zh_hans) == (
        chengdu,
        "CN",
        "zh-hans",
        "以茶为线",
    )
    assert the_speaker(row).full_name == "Li Shili"


def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(client):
    response = send(client, theme="", email="zoe@", minutes="90", title="Forêt & <ville>", existing="x" * 700)

    page = response.text
    for name in ("theme_0", "email", "minutes", "title", "existing"):
        assert f'href="#id_{name}"' in page
    assert "Forêt &amp; &lt;ville&gt;" in page
    assert "x" * 700 in page
    assert not Contribution.objects.exists()


def test_line_ends_count_as_one_character(client):
    send(client, existing="\r\n".join(["a" * 99] * 6))

    assert len(Contribution.objects.get().existing) == 599


def test_where_several_authorities_may_be_meant_the_form_asks_back(client):
    metropole = an_organisation("Brest Métropole", kind="metropole")
    an_organisation("Département de Brest-et-Loire", kind="departement")

    asked = send(client, organisation="brest")
    answered = send(client, organisation="brest", organisation_pick=metropole.code)

    assert 'name="organisation_pick"' in asked.text
    assert answered.status_code == 302
    assert Contribution.objects.get().organisation == metropole


@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [("Chengdu", True), ("成都", True), ("Nantes", False), ("Atlantide", False), ("", False)],
)
def test_a_counterpart_is_one_of_the_other_side_that_we_know(client, typed, is_taken):
    an_organisation("Chengdu", name_zh_hans="成都", side="CN", kind="city")
    an_organisation("Nantes")

    response = send(client, counterpart_is="known", counterpart=typed)

    assert (response.status_code == 302) is is_taken
    if not is_taken:
        assert 'href="#id_counterpart"' in response.text


def test_somebody_else_who_speaks_is_named_with_an_address(client):
    missing = send(client, speaker_is="other", speaker_given_name="Ali")
    named = send(
        client,
        speaker_is="other",
        speaker_given_name="Ali",
        speaker_family_name="Modèle",
        speaker_email="ali@example.org",
        speaker_language="zh-hans",
    )

    assert 'href="#id_speaker_family_name"' in missing.text
    assert 'href="#id_speaker_email"' in missing.text
    assert named.status_code == 302
    speaker = the_speaker(Contribution.objects.get())
    assert (speaker.full_name, speaker.email, speaker.language) == (
        "Ali Modèle",
        "ali@example.org",
        "zh-hans",
    )


def test_names_are_asked_for_in_the_scripts_that_the_programme_prints(client):
    an_organisation("Chengdu", side="CN", kind="city")

    chinese = send(client, organisation="Chengdu", family_name="Li", given_name="Shili")
    french = send(client, family_name="李", given_name="示例")

    assert 'href="#id_speaker_name_zh"' in chinese.text
    assert 'href="#id_family_name"' in french.text


def test_a_form_sent_after_the_closing_says_the_date_and_loses_nothing(client):
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(PAGE).text)[1]
    with time_machine.travel(CALL_CLOSES, tick=False):
        response = client.post(PAGE, {"form_key": key, **ANSWERS})

    assert "26\u00a0octobre 2018" in response.text
    assert "Une forêt comestible" in response.text
    assert not Contribution.objects.exists()


def test_robots_are_told_how_to_go_on(client, settings):
    settings.ABUSE_PROTECTION = True

    trapped = send(client, website="spam")
    too_fast = send(client)
    without_key = client.post(PAGE, ANSWERS)

    assert [r.status_code for r in (trapped, too_fast, without_key)] == [200, 200, 200]
    assert not Contribution.objects.exists()


def test_too_many_at_once_wait(client, settings):
    settings.ABUSE_PROTECTION, settings.ABUSE_POSTS_PER_HOUR, settings.ABUSE_MINIMUM_SECONDS = True, 1, -1
    send(client)

    response = send(client)

    assert response.status_code == 429
    assert "Une forêt comestible" in response.text


@pytest.mark.parametrize(
    "answers",
    [
        {"title": "a\x00b"},
        {"summary": "a\x00b"},
        {"organisation": "\x00"},
        {"organisation_pick": "\x00"},
        {"theme": "nowhere"},
        {"minutes": "9" * 40},
        {"counterpart_is": "known", "counterpart": "a\x00", "counterpart_pick": "\x00"},
        {"speaker_name_zh": "<b>"},
        {"speaker_is": "nobody"},
        {"side": "XX"},
    ],
)
def test_nonsense_is_answered_in_words(client, answers):
    response = send(client, **answers)

    assert response.status_code == 200
    assert "error-summary" in response.text
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(PAGE).status_code == 405


# --- Counterparts --------------------------------------------------------------------------------------


def test_counterparts_are_suggested_by_partnership_and_by_theme(client, edition):
    montpellier = an_organisation("Montpellier")
    chengdu = an_organisation("Chengdu", side="CN", kind="city")
    Partnership.objects.create(french=montpellier, chinese=chengdu)
    named = some_speaker(family_name="李", given_name="示例")
    looking = a_proposed(
        edition,
        side="CN",
        organisation_name="武汉市",
        practice=a_practice(edition, title="L’eau", speaker=named),
    )
    gone = a_proposed(edition, side="CN", practice=a_practice(edition, title="Perdu", speaker=named))
    services.withdraw(gone, at=NOW)
    own = a_proposed(edition, organisation=montpellier, organisation_name="Montpellier")

    page = client.get(letter_page(own)).text

    assert "Chengdu" in page
    assert "L’eau" in page
    assert "Perdu" not in page
    assert looking.email not in page
    assert the_speaker(looking).name_zh not in page


# --- Who may read, who may act -------------------------------------------------------------------------


def test_the_link_on_the_screen_shows_and_the_link_in_the_letter_acts(client, edition):
    row = a_proposed(edition)
    screen, letter = path_of(links.screen_token(row)), letter_page(row)

    assert "modifier/" not in client.get(screen).text
    assert "modifier/" in client.get(letter).text
    for action in ("modifier/", "retirer/"):
        assert client.get(screen + action)["Location"] == screen
        assert client.post(screen + action)["Location"] == screen
        assert client.get(letter + action).status_code == 200
    row.refresh_from_db()
    assert row.state == "proposed"


@pytest.mark.parametrize("path", ["", "modifier/", "retirer/"])
def test_strangers_find_nothing(client, edition, path):
    row = a_proposed(edition)
    for token in ("x", "s1-00000000.abc", links.speaker_token(row, the_speaker(row)), "s" * 400):
        assert client.get(f"{PAGE}{token}/{path}").status_code == 404
    assert client.get(f"{PAGE}intervenant/{links.proposer_token(row)}/").status_code == 404


def test_another_contribution_written_in_the_same_form_is_asked_about_and_not_lost(client, edition):
    """Somebody has two practices to tell: sends one, goes back, and writes the other over it."""
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(PAGE).text)[1]
    client.post(PAGE, {"form_key": key, **ANSWERS})
    other = {**ANSWERS, "title": "Un marché couvert"}

    asked = client.post(PAGE, {"form_key": key, **other})

    assert asked.status_code == 200
    assert "Une forêt comestible" in asked.text
    assert 'value="Un marché couvert"' in asked.text
    assert Contribution.objects.count() == 1
    again = re.search(r'name="form_key" value="([^"]+)"', asked.text)[1]
    client.post(PAGE, {"form_key": again, **other})
    client.post(PAGE, {"form_key": again, **other})
    assert sorted(Contribution.objects.values_list("title_fr", flat=True)) == [
        "Un marché couvert",
        "Une forêt comestible",
    ]


def test_who_has_lost_the_link_has_it_sent_again(client, edition):
    row = a_proposed(edition, email="zoe@example.org")
    asked = an_accepted(edition)
    speaker = the_speaker(asked)

    for address in ("Zoe@example.org", speaker.email, "nobody@example.org", "zoe@example.org"):
        answer = client.post(reverse("registration:new_link"), {"email": address}, follow=True)
        assert address in answer.text

    links_sent = OutgoingEmail.objects.filter(event="program/contribution_link", to_email="zoe@example.org")
    assert letter_page(row) in links_sent.get().text
    again = OutgoingEmail.objects.filter(event="program/please_confirm", to_email=speaker.email)
    assert [speaker_page(asked) in letter.text for letter in again] == [True, True]
    assert not OutgoingEmail.objects.filter(to_email="nobody@example.org").exists()


def test_an_organiser_enters_what_came_by_letter_after_the_call_has_closed(client, as_role, edition):
    with time_machine.travel(CALL_CLOSES + dt.timedelta(days=3), tick=False):
        organiser, reader = as_role(accounts.PROGRAMME), as_role(accounts.DESK)
        assert 'name="title"' not in client.get(PAGE).text
        assert 'name="title"' not in reader.get(PAGE).text
        answer = send(organiser)

        row = Contribution.objects.get()
        assert answer.url == reverse("admin:program_contribution_change", args=[row.pk])
        assert organiser.get(answer.url).status_code == 200
        assert JournalEntry.objects.get(action="contribution_proposed").actor is not None
        assert OutgoingEmail.objects.get(event="program/contribution_received").to_email == row.email
        assert reverse("contributions:call") in organiser.get("/admin/program/contribution/").text


def test_links_die_when_the_address_changes(client, edition):
    row = an_accepted(edition)
    old, old_speaker = letter_page(row), speaker_page(row)

    services.send_link(row, email="neuve@example.org", at=NOW, by=None)
    Speaker.objects.update(email="autre@example.org")

    assert client.get(old).status_code == 404
    assert client.get(old_speaker).status_code == 404
    row.refresh_from_db()
    assert client.get(letter_page(row)).status_code == 200


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize(
    "state", ["proposed", "changes_asked", "accepted", "confirmed", "declined", "withdrawn"]
)
def test_the_own_page_says_where_it_stands(client, edition, state, language):
    row = an_accepted(edition)
    Contribution.objects.filter(pk=row.pk).update(state=state, message="Le budget ?")

    page = client.get(letter_page(row, language)).text

    assert f'data-assises-state="{state}"' in page
    assert ("Le budget ?" in page) is (state in ("changes_asked", "declined"))
    assert ("modifier/" in page) is (state in ("proposed", "changes_asked"))
    assert ("retirer/" in page) is (state not in ("declined", "withdrawn"))


def test_it_is_revised_by_the_link_and_both_versions_are_shown_where_two_were_at_it(client, edition):
    row = a_proposed(edition)
    page = letter_page(row) + "modifier/"
    answers = {**ANSWERS, "speaker_is": "other", "speaker_given_name": "Oriane", "speaker_language": "fr"}
    answers |= {"speaker_family_name": "Parcours", "speaker_email": "o@example.org", "version": "1"}

    first = client.post(page, {**answers, "title": "La première"})
    second = client.post(page, {**answers, "title": "La seconde"})

    assert first.status_code == 302
    assert "La première" in second.text
    assert 'value="La seconde"' in second.text
    assert 'name="version" value="2"' in second.text

    third = client.post(page, {**answers, "title": "La seconde", "version": "2"})

    assert third.status_code == 302
    row.refresh_from_db()
    assert (row.title_fr, row.version) == ("La seconde", 3)


def test_the_form_of_a_revision_holds_what_was_proposed(client, edition):
    row = a_proposed(edition)

    page = client.get(letter_page(row) + "modifier/").text

    for value in (
        row.title_fr,
        row.summary_fr,
        row.concrete,
        the_speaker(row).email,
        the_speaker(row).function_fr,
    ):
        assert value.replace("’", "’") in page


def test_it_is_withdrawn_after_one_question(client, edition):
    row = a_proposed(edition)

    response = client.post(letter_page(row) + "retirer/", follow=True)

    assert 'data-assises-state="withdrawn"' in response.text


# --- The speaker ---------------------------------------------------------------------------------------


def test_to_look_confirms_nothing_the_button_does(client, edition):
    row = an_accepted(edition)
    page = speaker_page(row)

    assert 'data-assises-state="asked"' in client.get(page).text
    row.refresh_from_db()
    assert row.state == "accepted"

    confirmed = client.post(page + "confirmer/", follow=True)

    assert 'data-assises-state="confirmed"' in confirmed.text
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_a_speaker_says_no_and_may_think_again(client, edition):
    row = an_accepted(edition)
    page = speaker_page(row)

    declined = client.post(page + "decliner/", follow=True)

    assert 'data-assises-state="declined"' in declined.text
    assert "confirmer/" in declined.text
    row.refresh_from_db()
    assert row.state == "accepted"


def test_what_is_not_accepted_asks_nobody(client, edition):
    row = a_proposed(edition)
    page = speaker_page(row)

    assert "confirmer/" not in client.get(page).text
    assert client.post(page + "confirmer/", follow=True).status_code == 200
    assert client.get(page + "confirmer/").status_code == 405
    row.refresh_from_db()
    assert row.state == "proposed"


# --- Queries -------------------------------------------------------------------------------------------


def statements(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_own_page_takes_as_many_statements_with_one_suggestion_as_with_three(client, edition):
    named = some_speaker(family_name="李", given_name="示例")
    own = a_proposed(edition)
    client.get(letter_page(own))
    counts = []
    for more in (1, 2):
        for _unused in range(more):
            a_proposed(edition, side="CN", practice=a_practice(edition, speaker=named))
        counts.append(statements(client, letter_page(own)))

    assert counts[0] == counts[1] <= 3


def test_every_letter_is_written_in_both_languages(edition):
    for language in ("fr", "zh-hans"):
        row = an_accepted(edition, language=language)
        Speaker.objects.filter(pk=the_speaker(row).pk).update(language=language)
        services.decline_to_speak(row, speaker=the_speaker(row), at=NOW)
        services.confirm(row, speaker=the_speaker(row), at=NOW)
        services.send_link(row, email=row.email, at=NOW, by=None)
        services.withdraw(row, at=NOW)
        other = a_proposed(edition, language=language)
        services.ask_for_changes(other, message="Le budget ?", at=NOW, by=None)
        services.decline(other, reason="Hors sujet.", at=NOW, by=None)

    written = set(OutgoingEmail.objects.values_list("event", "language"))
    assert len({event for event, _language in written}) == 11
    for letter in OutgoingEmail.objects.all():
        assert "{" not in letter.text + letter.subject
        assert letter.subject.strip()

"""Reminders can be stopped: by a page, and by the one click of a mail program; other letters still come."""

import re

import pytest
from django.core import mail
from django.test import Client

from assises.mail.tasks import deliver_pending
from assises.models import OutgoingEmail, Reminded, Silenced
from assises.reminding.audiences import recipients
from assises.reminding.sending import send_due
from tests.factories import NOW, a_registration
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def reminded(edition):
    """Somebody who has just been reminded; their letter as it left."""
    row = a_registration(edition)
    OutgoingEmail.objects.all().delete()
    a_reminder(a_milestone(edition, NOW))
    send_due(at=NOW)
    deliver_pending()
    return row, mail.outbox[-1]


def one_click(letter) -> str:
    return re.fullmatch(r"<https?://[^/]+(/.*)>", letter.extra_headers["List-Unsubscribe"])[1]


def page(letter) -> str:
    return re.search(r"https?://[^/\s]+(/fr/rappels/arret/\S+/)", letter.body)[1]


def test_a_reminder_says_how_it_is_stopped_and_names_no_address(reminded):
    row, letter = reminded

    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert row.email not in one_click(letter) + page(letter)
    assert page(letter) in letter.alternatives[0][0]


def test_no_other_letter_can_be_stopped(edition):
    a_registration(edition)
    deliver_pending()

    assert mail.outbox
    assert not any("List-Unsubscribe" in letter.extra_headers for letter in mail.outbox)


def test_one_click_of_a_mail_program_needs_no_page(reminded, edition):
    row, letter = reminded
    program = Client(enforce_csrf_checks=True)

    assert program.post(one_click(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post(one_click(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert Silenced.objects.count() == 1
    assert row.email not in {who.email for who in recipients("registration.seated", edition, NOW, None)}


@pytest.mark.parametrize(("method", "data", "status"), [("get", {}, 405), ("post", {}, 400), ("post", {"List-Unsubscribe": "x"}, 400)])  # fmt: skip
def test_nothing_else_is_a_click(reminded, client, method, data, status):
    assert getattr(client, method)(one_click(reminded[1]), data).status_code == status
    assert not Silenced.objects.exists()


@pytest.mark.parametrize("token", ["x", "a.b", "é", "%00"])
def test_an_address_that_was_not_signed_stops_nobody(edition, client, token):
    assert client.get(f"/fr/rappels/arret/{token}/").status_code == 404
    # What is not found is looked for in the language of the reader: the answer leads there.
    answer = client.post(f"/rappels/arret/{token}", {"List-Unsubscribe": "One-Click"}, follow=True)
    assert answer.status_code == 404
    assert not Silenced.objects.exists()


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_looking_changes_nothing_and_one_may_change_ones_mind(reminded, client, language):
    path = page(reminded[1]).replace("/fr/", f"/{language}/")
    assert client.get(path).status_code == 200
    assert not Silenced.objects.exists()

    client.post(path)
    assert client.get(path).context["is_silenced"] is True
    client.post(path, {"again": "1"})

    assert not Silenced.objects.exists()


def test_whoever_stops_during_the_night_is_not_written_to_in_the_morning(reminded, edition, client):
    evening = NOW.replace(hour=20)
    a_reminder(a_milestone(edition, evening))
    OutgoingEmail.objects.all().delete()
    send_due(at=evening)
    assert Reminded.objects.filter(written_at=None).exists()

    client.post(page(reminded[1]))
    send_due(at=evening.replace(day=16, hour=8))

    assert not Reminded.objects.filter(written_at=None).exists()
    assert not OutgoingEmail.objects.exists()


def test_capitals_do_not_matter(edition):
    from assises.silence import mark_of, silence, silenced

    silence(mark_of("Maud.Relais@Example.org"), at=NOW)

    assert silenced(["maud.relais@example.org", "x@example.org"]) == {"maud.relais@example.org"}

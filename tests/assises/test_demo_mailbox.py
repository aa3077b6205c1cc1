"""The mailbox of the demonstration: every letter, readable where it would have been sent from."""

import datetime as dt
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.urls import reverse

from assises.models import OutgoingEmail
from tests.factories import NOW, a_booking, a_person

pytestmark = pytest.mark.django_db


def a_letter(n: int = 1, **fields: object) -> OutgoingEmail:
    link = f"{project.BASE_URL}/fr/inscription/secret/"
    defaults = {
        "key": f"letter:{n}",
        "event": "registration/confirmed",
        "to_name": f"Camille {n}",
        "to_email": f"camille{n}@example.org",
        "language": "fr",
        "subject": f"Objet {n} & suite",
        "text": f"Bonjour <b>Camille</b>,\n\nVotre page : {link}\n",
        "html": f'<!doctype html><html lang="fr"><head><title>x</title></head><body><a href="{link}">Page</a></body></html>',
        "created_at": NOW,
        "next_attempt_at": NOW,
    }
    return OutgoingEmail.objects.create(**{**defaults, **fields})


def mailbox(client, **query: str) -> str:
    return client.get(reverse("demo_mailbox"), query).content.decode()


def test_an_empty_mailbox_says_how_to_fill_it(client):
    assert reverse("registration:register") in mailbox(client)


def test_the_latest_letter_comes_first(client):
    a_letter(1)
    a_letter(2)

    page = mailbox(client)

    assert 0 < page.index("Objet 2 &amp; suite") < page.index("Objet 1 &amp; suite")


def test_letters_are_found_by_address_or_name(client):
    a_letter(1)
    a_letter(2, to_name="王芳", to_email="fang@example.cn")

    assert "Objet 2" in mailbox(client, q="FANG@")
    assert "Objet 1" not in mailbox(client, q="FANG@")
    assert "Objet 2" in mailbox(client, q="王")
    assert "Objet" not in mailbox(client, q="nobody")


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "state-held"),
        ({"sent_at": NOW}, "state-confirmed"),
        ({"attempts": 1, "last_error": "no"}, "state-failed"),
        ({"attempts": 1, "last_error": "550 unknown", "bounced_at": NOW}, "state-refused"),
        ({"cancelled_at": NOW}, "state-cancelled"),
    ],
)
def test_it_shows_whether_a_letter_left(client, fields, state):
    a_letter(**fields)

    assert f'class="state {state}"' in mailbox(client)


@pytest.mark.parametrize("count", [1, 25])
def test_a_full_page_needs_no_more_queries_than_one_letter(client, django_assert_num_queries, count):
    mailbox(client)
    for n in range(count):
        a_letter(n)

    with django_assert_num_queries(2):
        mailbox(client)


def test_many_letters_are_on_several_pages(client):
    for n in range(30):
        a_letter(n, created_at=NOW + dt.timedelta(minutes=n))

    assert "Objet 4 " in mailbox(client, page="2")
    assert "Objet 29 " not in mailbox(client, page="2")


def test_the_links_of_a_letter_lead_to_where_the_reader_came_from(client):
    letter = a_letter()

    plain = client.get(reverse("demo_letter", args=[letter.pk]), headers={"host": "127.0.0.1:9123"})
    html = client.get(reverse("demo_letter_html", args=[letter.pk]), headers={"host": "127.0.0.1:9123"})

    there = "http://127.0.0.1:9123/fr/inscription/secret/"
    assert f'<a href="{there}" rel="nofollow">' in plain.content.decode()
    assert f'<a href="{there}">' in html.content.decode()


def test_the_plain_part_is_shown_as_text(client):
    letter = a_letter()

    page = client.get(reverse("demo_letter", args=[letter.pk])).content.decode()

    assert "Bonjour &lt;b&gt;Camille&lt;/b&gt;," in page


def test_the_html_part_has_its_own_strict_policy(client):
    letter = a_letter()

    response = client.get(reverse("demo_letter_html", args=[letter.pk]))

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_rest_of_the_mailbox_keeps_the_policy_of_the_site(client):
    letter = a_letter()

    policy = client.get(reverse("demo_letter", args=[letter.pk])).headers["Content-Security-Policy"]

    assert "style-src 'self'" in policy
    assert "frame-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_real_letters_can_be_read(client, edition):
    a_booking(edition, a_person(is_contact=True, language="fr"), a_person(language="zh-hans"))

    for letter in OutgoingEmail.objects.all():
        for name in ("demo_letter", "demo_letter_html"):
            assert client.get(reverse(name, args=[letter.pk])).status_code == 200


def test_a_letter_that_is_not_there_is_not_found(client):
    assert client.get(reverse("demo_letter", args=[123456])).status_code == 404


def test_outside_the_demonstration_there_is_no_mailbox():
    question = (
        "import django; django.setup(); from django.urls import reverse, NoReverseMatch\n"
        "try: print(reverse('demo_mailbox'))\nexcept NoReverseMatch: print('none')\n"
        "try: print(reverse('demo_codes'))\nexcept NoReverseMatch: print('none')"
    )
    environment = {
        "ASSISES_DEMO": "none",
        "SECRET_KEY": "for this test",
        "ASSISES_BASE_URL": "https://assises.example.org",
        "DJANGO_SETTINGS_MODULE": "assises.settings",
        "PATH": "/usr/bin:/bin",
    }

    answer = subprocess.run(
        [sys.executable, "-c", question],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "none\nnone"

"""Organisers read letters, and do not act for their readers."""

import pytest

from assises import accounts
from assises.mail.hiding import without_links
from assises.models import OutgoingEmail
from assises.signed_links import Tokens
from tests.factories import NOW, a_member_of_staff

TOKEN = Tokens("tests.hiding", {"e": "editor"}).write("editor", 12, "3f9a01bc")


@pytest.mark.parametrize(
    "letter",
    [
        f"https://assises.example/fr/prix/candidature/{TOKEN}/",
        f"https://assises.example/fr/prix/candidature/{TOKEN}",
        f'<a href="https://assises.example/fr/compte/invitation/{TOKEN}/?next=/admin/">',
    ],
)
def test_a_token_is_not_shown(letter):
    shown = without_links(letter)
    assert TOKEN not in shown
    assert shown.startswith(letter.split(TOKEN)[0])


def test_addresses_without_a_token_stay():
    letter = "https://assises.example/fr/programme/2018.10.15/ et https://example.org/e12.html"
    assert without_links(letter) == letter


@pytest.mark.django_db
def test_an_organiser_does_not_take_over_the_account_of_a_juror(as_role, edition):
    juror = a_member_of_staff(is_superuser=False)
    accounts.invite(juror, at=NOW, by=a_member_of_staff())
    letter = OutgoingEmail.objects.get(to_email=juror.email)
    token = next(part for part in letter.text.split("/") if part.count(".") == 1 and len(part) > 30)
    organiser = as_role(accounts.ORGANISERS)
    for path in ("change/", "html/"):
        page = organiser.get(f"/admin/assises/outgoingemail/{letter.pk}/{path}")
        assert page.status_code == 200
        assert token not in page.text

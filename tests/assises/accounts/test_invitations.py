"""By a letter to an account: a password that nobody else knows."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from assises import accounts, clock, journal
from assises.exceptions import Refusal
from assises.models import OutgoingEmail, User
from tests.account_factories import a_second_factor, code, logged_in
from tests.factories import NOW, a_member_of_staff

pytestmark = pytest.mark.django_db

NEW = {"new_password1": "un mot de passe long", "new_password2": "un mot de passe long"}


@pytest.fixture
def juror():
    user = User.objects.create_user("juree@example.org", None, first_name="Zoé", language="fr", is_staff=True)
    assert not user.has_usable_password()
    return user


@pytest.fixture
def hour(monkeypatch):
    """``hour(days=14)``: the clock of the pages that many days after NOW."""

    def at(**later):
        moment = NOW + dt.timedelta(**later)
        monkeypatch.setattr(clock, "now", lambda: moment)

    at()
    return at


def link():
    return re.search(r"https?://[^/\s]+(/\S+/invitation/\S+)", OutgoingEmail.objects.latest("id").text)[1]


def test_an_invitation_leads_to_a_password_and_into_the_page(client, juror, hour):
    administrator = a_member_of_staff()

    accounts.invite(juror, at=NOW, by=administrator, leads_to="/fr/prix/")
    page = client.get(link())
    answer = client.post(link(), NEW)

    assert page.status_code == 200
    assert answer.url == "/fr/prix/"
    assert client.get("/admin/").status_code == 200
    assert [(e.action, e.actor) for e in journal.of(juror)] == [
        ("account_joined", juror),
        ("account_invited", administrator),
    ]
    assert accounts.invitation_of(juror).accepted_at == NOW


@pytest.mark.parametrize(("language", "word"), [("fr", "compte"), ("zh-hans", "账")])
def test_the_letter_is_in_the_language_of_the_account(juror, language, word, hour):
    juror.language = language
    juror.save()

    accounts.invite(juror, at=NOW, by=None)

    letter = OutgoingEmail.objects.get()
    assert letter.language == language
    assert word in letter.subject
    assert f"/{language}/compte/invitation/" in letter.text
    assert link() in letter.html


def test_a_link_is_used_once(client, juror, hour):
    accounts.invite(juror, at=NOW, by=None)
    client.post(link(), NEW)

    again = Client().get(link())

    assert again.status_code == 410
    assert "déjà" in again.text


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_chooses_the_password(juror, hour):
    accounts.invite(juror, at=NOW, by=None)
    path, ready, answers = link(), threading.Barrier(3), []

    def use():
        ready.wait()
        answers.append(Client().post(path, NEW).status_code)
        connection.close()

    threads = [threading.Thread(target=use) for _unused in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 410, 410]


@pytest.mark.parametrize(("later", "status"), [({"days": 13, "hours": 23}, 200), ({"days": 14}, 410)])
def test_a_link_lives_fourteen_days(client, juror, hour, later, status):
    accounts.invite(juror, at=NOW, by=None)
    hour(**later)

    assert client.get(link()).status_code == status


def test_a_link_dies_with_the_address(client, juror, hour):
    accounts.invite(juror, at=NOW, by=None)
    juror.email = "autre@example.org"
    juror.save()

    assert client.get(link()).status_code == 410
    assert client.post(link(), NEW).status_code == 410
    juror.refresh_from_db()
    assert not juror.has_usable_password()


def test_a_link_dies_with_the_password(client, juror, hour):
    accounts.invite(juror, at=NOW, by=None)
    juror.set_password("chosen in another way")
    juror.save()

    assert client.get(link()).status_code == 410


@pytest.mark.parametrize("token", ["x", "i1-5-a.sig", "i999999999999999999999.x", "%00", "é"])
def test_a_made_up_link_is_told_so(client, token):
    assert client.get(f"/fr/compte/invitation/{token}/").status_code == 410


def test_a_link_of_another_part_of_the_software_opens_no_account(client, juror):
    from assises.signed_links import Tokens

    other = Tokens("registration.links", {"i": "invitation"}).write("invitation", juror.pk, "5bc4-00000000")

    assert client.get(f"/fr/compte/invitation/{other}/").status_code == 410


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("fr", "court", "trop court"),
        ("fr", "juree@example.org", "ressemble trop"),
        ("fr", "password1234", "beaucoup de gens"),
        ("zh-hans", "short", "太短"),
        ("zh-hans", "juree@example.org", "相近"),
        ("zh-hans", "password1234", "常用"),
    ],
)
def test_a_weak_password_is_refused_in_words(client, juror, hour, language, typed, said):
    juror.language = language
    juror.save()
    accounts.invite(juror, at=NOW, by=None)

    answer = client.post(link(), {"new_password1": typed, "new_password2": typed})

    assert answer.status_code == 200
    assert said in answer.text


def test_the_link_does_not_go_round_the_second_factor(client, juror, hour):
    a_second_factor(juror)
    accounts.invite(juror, at=NOW, by=None, leads_to="/fr/prix/")

    assert client.post(link(), NEW).url == "/fr/compte/connexion/code/"
    assert client.get("/admin/").status_code == 302
    assert client.post("/fr/compte/connexion/code/", {"code": code()}).url == "/fr/prix/"


def test_somebody_else_who_was_logged_in_here_is_so_no_more(juror, hour):
    client = logged_in(a_member_of_staff())
    accounts.invite(juror, at=NOW, by=None)

    client.post(link(), NEW)

    assert client.get("/fr/compte/").context["user"] == juror


def test_the_link_leads_to_no_other_host(client, juror, hour):
    accounts.invite(juror, at=NOW, by=None)

    assert client.post(f"{link()}?next=https://example.com/", NEW).url == "/admin/"


def test_a_closed_account_is_not_invited_and_its_link_is_dead(client, juror, hour):
    accounts.invite(juror, at=NOW, by=None)
    juror.is_active = False
    juror.save()

    assert client.get(link()).status_code == 410
    with pytest.raises(Refusal):
        accounts.invite(juror, at=NOW, by=None)


FORGOTTEN = "/fr/compte/mot-de-passe/oublie/"


def test_a_forgotten_password_is_replaced_by_letter_whoever_asks_and_nothing_is_told(client, hour):
    user = a_member_of_staff()

    known = client.post(FORGOTTEN, {"email": user.email.upper()})
    unknown = client.post(FORGOTTEN, {"email": "nobody@example.org"})

    shown = known.text.replace(user.email.replace("staff", "STAFF"), "")
    assert shown == unknown.text.replace("nobody@example.org", "")
    assert OutgoingEmail.objects.get().to_email == user.email
    assert client.post(link(), NEW).url == "/admin/"
    user.refresh_from_db()
    assert user.check_password(NEW["new_password1"])


def test_a_forgotten_password_may_be_asked_for_again_but_not_to_fill_a_mailbox(client, hour):
    user = a_member_of_staff()
    for minutes in (0, 1, 2, 6):
        hour(minutes=minutes)
        client.post(FORGOTTEN, {"email": user.email})

    assert OutgoingEmail.objects.count() == 2


def test_a_link_to_a_new_password_lives_one_day(client, hour):
    client.post(FORGOTTEN, {"email": a_member_of_staff().email})
    hour(days=1)

    assert client.get(link()).status_code == 410


def test_whoever_asks_for_many_letters_is_made_to_wait(client, settings, hour):
    settings.ABUSE_PROTECTION = True

    answers = {client.post(FORGOTTEN, {"email": f"n{n}@example.org"}).status_code for n in range(20)}

    assert answers == {200}
    assert client.post(FORGOTTEN, {"email": "n@example.org"}).status_code == 429


def test_an_administrator_makes_an_account_without_a_password_and_invites(hour):
    page = logged_in(a_member_of_staff(), factor=False)
    made = {"email": "nouvelle@example.org", "first_name": "Inès", "last_name": "Exemple", "side": "FR", "language": "fr", "is_staff": "on"}  # fmt: skip

    answer = page.post(reverse("admin:assises_user_add"), made, follow=True)
    user = User.objects.get(email="nouvelle@example.org")
    assert answer.status_code == 200
    assert not user.has_usable_password()
    page.post(reverse("admin:assises_user_decide", args=[user.pk, "invite"]))
    assert Client().post(link(), NEW).url == "/admin/"

    shown = page.get(reverse("admin:assises_user_change", args=[user.pk]))
    assert shown.context["invitation"].letter.to_email == user.email
    assert shown.context["invitation"].accepted_at == NOW


def test_inviting_is_for_administrators_by_a_form(somebody, juror):
    organiser, administrator = logged_in(somebody(accounts.ORGANISERS), factor=False), logged_in(a_member_of_staff(), factor=False)  # fmt: skip
    path = reverse("admin:assises_user_decide", args=[juror.pk, "invite"])

    assert organiser.post(path).status_code in (403, 404)
    administrator.get(path)
    assert (
        administrator.post(reverse("admin:assises_user_decide", args=[juror.pk, "nonsense"])).status_code
        == 404
    )
    assert OutgoingEmail.objects.count() == 0

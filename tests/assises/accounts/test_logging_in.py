"""One door: address and password, then the second factor of whoever has one."""

import threading

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from assises import accounts
from tests.account_factories import SECRET, a_second_factor, code, logged_in
from tests.factories import NOW, a_member_of_staff

pytestmark = pytest.mark.django_db

DOOR = "/fr/compte/connexion/"
CHALLENGE = "/fr/compte/connexion/code/"
PASSWORD = "a long password"


@pytest.fixture
def user():
    return a_member_of_staff(is_superuser=False)


@pytest.fixture
def protected(user):
    user.recovery = a_second_factor(user)
    return user


def log_in(client, user, password=PASSWORD, **query):
    return client.post(DOOR, {"login": user.email, "password": password}, query_params=query)


def is_inside(client):
    return client.get("/admin/").status_code == 200


def test_the_door_of_the_admin_leads_to_the_one_door(client):
    assert client.get("/admin/login/?next=/admin/prix/").url == f"{DOOR}?next=%2Fadmin%2Fprix%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).url == f"{DOOR}?next=%2Fadmin%2F"
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{DOOR}?next=%2Fadmin%2F"


def test_the_door_of_the_admin_does_not_turn_in_circles_for_who_may_not_enter(client):
    client.force_login(a_member_of_staff(is_staff=False, is_superuser=False))

    assert client.get("/admin/", follow=True).status_code == 403


def test_without_a_factor_the_password_is_enough_where_none_is_required(client, user):
    assert log_in(client, user).url == "/admin/"
    assert is_inside(client)


def test_with_a_factor_the_password_alone_opens_nothing(client, protected):
    assert log_in(client, protected, next="/admin/prix/").url == CHALLENGE
    assert not is_inside(client)

    assert client.post(CHALLENGE, {"code": code()}).url == "/admin/prix/"
    assert is_inside(client)


def test_a_code_is_good_once_by_whichever_browser(protected):
    first, second = Client(), Client()
    for browser in (first, second):
        log_in(browser, protected)

    assert first.post(CHALLENGE, {"code": code()}).status_code == 302
    again = second.post(CHALLENGE, {"code": code()})

    assert again.status_code == 200
    assert len(again.context["form"].errors["code"]) == 1
    assert not is_inside(second)


def test_a_code_is_good_once_also_when_the_cache_has_forgotten_it(protected, monkeypatch):
    monkeypatch.setattr("django.core.cache.cache.add", lambda *args, **kwargs: True)
    first, second = Client(), Client()
    for browser in (first, second):
        log_in(browser, protected)

    answers = [browser.post(CHALLENGE, {"code": code()}).status_code for browser in (first, second)]

    assert answers == [302, 200]


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_once_one_code_opens_one(protected, monkeypatch):
    monkeypatch.setattr("django.core.cache.cache.add", lambda *args, **kwargs: True)
    browsers = [Client() for _unused in range(4)]
    for browser in browsers:
        log_in(browser, protected)
    ready, answers, shown = threading.Barrier(4), [], code()

    def answer(browser):
        ready.wait()
        answers.append(browser.post(CHALLENGE, {"code": shown}).status_code)
        connection.close()

    threads = [threading.Thread(target=answer, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 200, 200, 302]


@pytest.mark.parametrize(("ahead", "status"), [(-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)])
def test_a_code_is_good_for_half_a_minute_and_its_neighbours(client, protected, ahead, status):
    log_in(client, protected)

    assert client.post(CHALLENGE, {"code": code(ahead=ahead)}).status_code == status


def test_codes_go_by_the_real_hour_not_by_that_of_the_demonstration(client, protected, settings):
    settings.CLOCK_OFFSET = NOW - NOW.replace(year=2026)
    log_in(client, protected)

    assert client.post(CHALLENGE, {"code": code()}).status_code == 302


def test_a_code_may_be_typed_with_spaces_and_in_wide_digits(client, protected):
    log_in(client, protected)
    wide = code().translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})

    assert client.post(CHALLENGE, {"code": f" {wide[:3]} {wide[3:]}"}).status_code == 302


@pytest.mark.parametrize("typed", ["", "x", "000", "²²²²²²", "一二三四五六", "1\x002345", "9" * 500])
def test_nonsense_instead_of_a_code_is_answered_in_words(client, protected, typed):
    log_in(client, protected)

    answer = client.post(CHALLENGE, {"code": typed})

    assert answer.status_code == 200
    assert len(answer.context["form"].errors["code"]) == 1


KEYS = ["", "x", "null", "[]", "7", '"a"', "{}", '{"a": 1}', '{"id": {}}', '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}', '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "YQ", "authenticatorData": "YQ", "signature": "YQ"}}', '{"id": "YQ", "rawId": 7, "type": "public-key", "response": []}', '{"response": {"clientDataJSON": null}, "rawId": "\\u0000"}']  # fmt: skip


@pytest.mark.parametrize("typed", KEYS)
def test_nonsense_instead_of_the_answer_of_a_key_opens_nothing(client, protected, typed):
    log_in(client, protected)

    assert client.post(CHALLENGE, {"credential": typed}).status_code == 200
    assert not is_inside(client)


@pytest.mark.parametrize("typed", KEYS)
def test_nonsense_does_not_confirm(protected, typed):
    client = logged_in(protected, factor=False)
    path = "/fr/compte/confirmer/cle/"
    Authenticator.objects.create(user=protected, type="webauthn", data={"name": "x", "credential": {}})

    answer = client.post(path, {"credential": typed})

    assert answer.url == path
    assert client.get("/fr/compte/").url.startswith("/fr/compte/confirmer/")


@pytest.mark.parametrize("typed", KEYS)
def test_nonsense_is_not_added_as_a_key(client, user, typed):
    log_in(client, user)

    assert client.post("/fr/compte/cle/", {"name": "x", "credential": typed}).status_code == 200
    assert not accounts.has_second_factor(user)


def test_a_recovery_code_opens_once(client, protected):
    first = protected.recovery[0]
    log_in(client, protected)
    assert client.post(CHALLENGE, {"code": first}).status_code == 302
    client.logout()
    log_in(client, protected)

    assert client.post(CHALLENGE, {"code": first}).status_code == 200
    assert client.post(CHALLENGE, {"code": protected.recovery[1]}).status_code == 302


def test_the_challenge_is_closed_to_who_has_given_no_password(client, protected):
    assert client.get(CHALLENGE).url == DOOR
    assert client.post(CHALLENGE, {"code": code()}).url == DOOR


def test_the_time_between_password_and_code_is_limited(client, protected):
    log_in(client, protected)

    with time_machine.travel(NOW.replace(year=2100)):
        assert client.post(CHALLENGE, {"code": code()}).url == DOOR


def test_whoever_tries_codes_is_made_to_wait_from_wherever(client, protected, settings):
    settings.ABUSE_PROTECTION = True
    log_in(client, protected)
    for n in range(10):
        answer = client.post(CHALLENGE, {"code": f"00000{n}"}, REMOTE_ADDR=f"192.0.2.{n}")
        assert answer.status_code == 200

    right = client.post(CHALLENGE, {"code": code()}, REMOTE_ADDR="192.0.2.99")

    assert right.status_code == 200
    assert "Trop de codes" in str(right.context["form"].errors["code"])


def test_codes_count_for_the_address_too(client, protected, settings):
    settings.ABUSE_PROTECTION = True
    settings.ABUSE_LOGINS_PER_HOUR = 2
    log_in(client, protected)

    answers = [client.post(CHALLENGE, {"code": "000000"}).status_code for _unused in range(3)]

    assert answers == [200, 200, 429]


def test_a_whole_jury_may_log_in_from_one_address(settings):
    settings.ABUSE_PROTECTION = True
    settings.ABUSE_LOGINS_PER_HOUR = 2

    answers = [log_in(Client(), a_member_of_staff()).status_code for _unused in range(5)]

    assert answers == [302] * 5


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com", "https:///x"],
)
def test_after_the_login_one_stays_on_this_host(client, protected, elsewhere, settings):
    settings.ALLOWED_HOSTS = ["testserver", "example.com"]

    assert log_in(client, protected, next=elsewhere).url == CHALLENGE
    assert client.post(CHALLENGE, {"code": code()}).url == "/admin/"


def test_a_session_from_before_the_login_is_worth_nothing_after_it(client, protected):
    log_in(client, protected)
    before = client.session.session_key
    client.post(CHALLENGE, {"code": code()})

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_secrets_are_not_readable_in_the_database(client, protected, settings):
    kept = Authenticator.objects.get(type="totp", user=protected)
    assert SECRET not in str(kept.data)

    # The secret of the site was changed, and the former one is still told.
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret of the site"
    log_in(client, protected)
    assert client.post(CHALLENGE, {"code": code()}).status_code == 302


def test_a_factor_whose_key_is_lost_is_told_in_words(client, protected, settings):
    settings.SECRET_KEY = "another secret of the site"
    log_in(client, protected)

    answer = client.post(CHALLENGE, {"code": code()})

    assert answer.status_code == 409
    assert "administrateur" in answer.text


def test_a_closed_account_does_not_log_in(client, user):
    user.is_active = False
    user.save()

    assert log_in(client, user).status_code == 200


@pytest.mark.parametrize(("language", "home"), [("fr", "/fr/"), ("zh-hans", "/zh-hans/")])
def test_who_has_no_back_office_lands_on_the_first_page_in_their_language(client, language, home):
    juror = a_member_of_staff(is_staff=False, is_superuser=False, language=language)

    assert log_in(client, juror).url == home


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_door_speaks_the_language_of_the_cookie(client, settings, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert client.get("/admin/login/").url.startswith(f"/{language}/compte/connexion/")


def test_nobody_signs_up():
    from django.urls import NoReverseMatch

    for name in ("account_signup", "account_email", "account_request_login_code", "mfa_login_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_logging_out_ends_the_session(client, protected):
    log_in(client, protected)
    client.post(CHALLENGE, {"code": code()})

    assert client.get("/fr/compte/deconnexion/").status_code == 200
    assert client.post("/fr/compte/deconnexion/").url == DOOR
    assert not is_inside(client)


def test_the_demonstration_tells_the_code_of_its_jury(client, capsys):
    from django.core.management import call_command

    accounts.ensure_demo_accounts()
    call_command("demo_codes")
    printed = capsys.readouterr().out
    shown = client.get("/fr/demonstration/codes/").text
    assert code() in shown
    assert code() in printed

    client.post(DOOR, {"login": "zhuxi@example.org", "password": accounts.DEMO_PASSWORD})
    assert client.post(CHALLENGE, {"code": code()}).url == "/admin/"

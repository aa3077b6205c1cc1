"""Who must have a second factor, and what opens only to who has used it in this session."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assises import accounts, journal
from assises.accounts import second_factor
from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from program import current
from tests.account_factories import a_second_factor, code, logged_in
from tests.factories import NOW, a_member_of_staff
from tests.program_factories import a_release

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
ENROL = "/fr/compte/application/"
CONFIRM = "/fr/compte/confirmer/code/"
ACCOUNT = "/fr/compte/"


@pytest.fixture
def user():
    return a_member_of_staff(is_superuser=False)


@pytest.fixture
def required(monkeypatch):
    """Everybody of these must have a second factor, as an app declares it."""
    whom = set()
    monkeypatch.setattr(second_factor, "_PREDICATES", [])
    accounts.requires_second_factor(lambda user: user.pk in whom)
    monkeypatch.setattr(second_factor, "_declared", lambda: second_factor._PREDICATES)
    return whom


def sheet(request):
    """As the pages of the jury ask, for whom a factor is not a choice."""
    return accounts.led_elsewhere(request, factor=True) or HttpResponse("the sheet of a juror")


def ask(rf, client, user, method="get"):
    """What the guarded page answers to this browser."""
    request = getattr(rf, method)("/fr/prix/jury/?page=2")
    request.user, request.session = user, client.session
    answer = sheet(request)
    return getattr(answer, "url", "open")


def enrol(client, **query):
    page = client.get(ENROL, query_params=query)
    secret = page.context["form"].secret
    return client.post(ENROL, {"code": code(secret)}, query_params=query)


def test_a_guarded_page_leads_to_enrolment_to_the_challenge_or_opens(rf, user):
    without = logged_in(user, factor=False)
    assert ask(rf, without, user) == f"{ENROL}?next=/fr/prix/jury/%3Fpage%3D2"

    a_second_factor(user)

    assert ask(rf, without, user) == f"{CONFIRM}?next=/fr/prix/jury/%3Fpage%3D2"
    assert ask(rf, logged_in(user), user) == "open"


def test_what_was_sent_is_not_sent_again_after_the_challenge(rf, user):
    assert ask(rf, logged_in(user, factor=False), user, "post") == ENROL


def test_a_session_that_began_without_the_factor_opens_once_a_code_was_given(rf, user):
    client = logged_in(user, factor=False)
    a_second_factor(user)

    answer = client.post(CONFIRM, {"code": code()}, query_params={"next": "/fr/prix/"})

    assert answer.url == "/fr/prix/"
    assert ask(rf, client, user) == "open"


def test_the_factor_used_by_somebody_else_in_this_browser_does_not_count(rf, user):
    client = logged_in(a_member_of_staff())
    a_second_factor(user)
    client.force_login(user)

    assert ask(rf, client, user).startswith(CONFIRM)


def test_the_factor_used_elsewhere_does_not_count(rf, user):
    logged_in(user)

    assert ask(rf, logged_in(user, factor=False), user).startswith(CONFIRM)


def test_enrolling_counts_as_use_and_shows_recovery_codes_once(rf, client, user):
    client.post("/fr/compte/connexion/", {"login": user.email, "password": PASSWORD})

    answer = enrol(client, next="/fr/prix/")
    assert answer.url == "/fr/compte/codes-de-secours/?next=%2Ffr%2Fprix%2F"
    first, second = client.get(answer.url), client.get(answer.url)

    assert ask(rf, client, user) == "open"
    codes = first.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in first.text for code in codes)
    assert codes[0] in first.context["download"]
    assert first.context["onward"] == "/fr/prix/"
    assert not any(code in second.text for code in codes)


def test_the_key_stays_the_same_when_the_page_is_asked_for_again(client, user):
    client.post("/fr/compte/connexion/", {"login": user.email, "password": PASSWORD})

    secrets = [client.get(ENROL).context["form"].secret for _unused in range(2)]
    wrong = client.post(ENROL, {"code": "000000"})

    assert secrets[0] == secrets[1] == wrong.context["form"].secret
    assert secrets[0] not in str(dict(client.session))


def test_the_code_that_enrols_does_not_log_in_too(client, user):
    client.post("/fr/compte/connexion/", {"login": user.email, "password": PASSWORD})
    page = client.get(ENROL)
    typed = code(page.context["form"].secret)
    client.post(ENROL, {"code": typed})
    client.post("/fr/compte/deconnexion/")
    client.post("/fr/compte/connexion/", {"login": user.email, "password": PASSWORD})

    assert client.post("/fr/compte/connexion/code/", {"code": typed}).status_code == 200


def test_whoever_must_have_a_factor_enrols_before_anything_else(client, user, required, rf):
    required.add(user.pk)

    answer = client.post(
        "/fr/compte/connexion/?next=/fr/programme/", {"login": user.email, "password": PASSWORD}
    )
    assert answer.url == f"{ENROL}?next=%2Ffr%2Fprogramme%2F"
    for path in ("/admin/", "/admin/password_change/", "/fr/accueil/", "/fr/programme/en-cours/"):
        assert client.get(path).url == f"{ENROL}?next={path}"
    phone = client.get("/fr/accueil/", headers={"Accept": "application/json"})
    assert (phone.status_code, phone.json()["refused"]) == (401, "login")
    assert client.get("/fr/compte/deconnexion/").status_code == 200

    enrol(client)

    assert client.get("/admin/").status_code == 200


def test_what_is_not_published_is_not_shown_before_the_factor_either(edition, required, somebody):
    user = somebody(accounts.PROGRAMME)
    release = a_release(edition)
    path = reverse("program:version", args=[current.reference_of(release)])
    client = logged_in(user, factor=False)
    assert client.get(path).status_code == 200

    required.add(user.pk)

    assert client.get(path).status_code == 404


def test_a_session_older_than_the_requirement_does_not_pass(user, required):
    client = logged_in(user, factor=False)
    assert client.get("/admin/").status_code == 200

    required.add(user.pk)

    assert client.get("/admin/").url.startswith(ENROL)


def test_administrators_must_have_one_outside_the_demonstration(settings):
    administrator, other = a_member_of_staff(), a_member_of_staff(is_superuser=False)
    assert not accounts.must_have_second_factor(administrator)

    settings.SECOND_FACTOR_FOR_STAFF = True

    assert accounts.must_have_second_factor(administrator)
    assert not accounts.must_have_second_factor(other)


def test_enrolling_later_asks_for_the_password_again(user):
    client = logged_in(user, factor=False)

    asked = client.get(ENROL)
    assert asked.url.startswith("/fr/compte/confirmer/?next=")
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    assert client.post(asked.url, {"password": PASSWORD}).url == ENROL
    assert client.get(ENROL).status_code == 200


PAGES = ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_index", "account_change_password"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_password_alone_does_not_touch_the_account_of_who_has_a_factor(user, name):
    client = logged_in(user, factor=False)
    a_second_factor(user)

    assert client.get(reverse(name)).url.startswith(CONFIRM)
    assert client.post(reverse(name)).url.startswith(CONFIRM)
    assert client.post("/fr/compte/confirmer/", {"password": PASSWORD}).url.startswith(CONFIRM)
    assert accounts.has_second_factor(user)


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_account_are_closed_to_strangers(client, name):
    assert client.get(reverse(name)).url.startswith("/fr/compte/connexion/?next=")


def test_removing_the_app_asks_for_a_code_again_and_takes_the_recovery_codes(user):
    client = logged_in(user)
    path = reverse("mfa_deactivate_totp")

    asked = client.get(path)
    assert asked.url.startswith(CONFIRM)
    client.post(asked.url, {"code": code()})
    assert client.get(path).status_code == 200
    assert client.post(path).url == ACCOUNT

    assert not Authenticator.objects.filter(user=user).exists()
    assert [e.action for e in journal.of(user)] == ["second_factor_removed"]


def test_new_recovery_codes_take_the_place_of_the_old_ones(user, rf):
    old = a_second_factor(user)
    client = logged_in(user)
    path = reverse("mfa_generate_recovery_codes")
    client.post(client.get(path).url, {"code": code()})

    new = client.get(client.post(path).url).context["unused_codes"]

    assert set(new).isdisjoint(old)
    assert ask(rf, client, user) == "open"


def test_an_administrator_resets_the_factor_of_who_has_lost_a_telephone(rf):
    user = a_member_of_staff(is_superuser=False, language="zh-hans")
    hers = logged_in(user)
    administrator = a_member_of_staff()
    page = logged_in(administrator, factor=False)

    shown = page.get(reverse("admin:assises_user_change", args=[user.pk]))
    answer = page.post(reverse("admin:assises_user_decide", args=[user.pk, "reset"]), follow=True)

    assert "DEMO" not in shown.text
    assert answer.status_code == 200
    assert not accounts.has_second_factor(user)
    assert [(e.action, e.actor) for e in journal.of(user)] == [("second_factor_reset", administrator)]
    letter = OutgoingEmail.objects.get()
    assert (letter.to_email, letter.language) == (user.email, "zh-hans")
    # Whoever has found the telephone with an open session does not stay in, nor after she has a new one.
    assert ask(rf, hers, user).startswith("/zh-hans/compte/application/")
    a_second_factor(user)
    assert ask(rf, hers, user).startswith("/zh-hans/compte/confirmer/code/")


def test_nobody_resets_the_own_factor_or_one_that_is_not_there(user):
    administrator = a_member_of_staff()
    a_second_factor(administrator)

    with pytest.raises(Refusal):
        accounts.reset_second_factor(administrator, at=NOW, by=administrator)
    with pytest.raises(Refusal):
        accounts.reset_second_factor(user, at=NOW, by=administrator)
    assert OutgoingEmail.objects.count() == 0


def test_the_only_administrator_is_helped_on_the_machine(capsys):
    administrator = a_member_of_staff()
    a_second_factor(administrator)

    call_command("reset_second_factor", administrator.email)

    assert not accounts.has_second_factor(administrator)
    for email in (administrator.email, "nobody@example.org"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email)


def test_only_administrators_reset(somebody, user):
    a_second_factor(user)
    organiser = logged_in(somebody(accounts.ORGANISERS), factor=False)

    answer = organiser.post(reverse("admin:assises_user_decide", args=[user.pk, "reset"]))

    assert answer.status_code in (403, 404)
    assert accounts.has_second_factor(user)


def test_a_page_behind_the_factor_costs_one_query_more(rf, user, django_assert_num_queries):
    client = logged_in(user)
    request = rf.get("/fr/prix/jury/")
    request.user, request.session = user, client.session
    _ = request.session.keys()

    with django_assert_num_queries(1):
        sheet(request)


def test_the_back_office_costs_nothing_more_for_who_need_no_factor(client, user, edition):
    client.force_login(user)

    with CaptureQueriesContext(connection) as asked:
        client.get("/admin/")

    assert not [query for query in asked.captured_queries if "mfa_authenticator" in query["sql"]]


def test_outside_the_demonstration_there_is_no_page_and_no_command_of_codes(settings):
    settings.DEMO = "none"

    with pytest.raises(CommandError):
        call_command("demo_codes")
    with pytest.raises(CommandError):
        call_command("demo_accounts")
    with pytest.raises(Refusal):
        accounts.ensure_demo_accounts()
    assert not Authenticator.objects.exists()


def test_passwords_changed_end_the_sessions_elsewhere(user):
    here, elsewhere = logged_in(user, factor=False), logged_in(user, factor=False)
    path = reverse("account_change_password")
    new = {"new_password1": "another long one", "new_password2": "another long one"}

    assert here.post(path, {"old_password": "wrong"} | new).status_code == 200
    assert here.post(path, {"old_password": PASSWORD} | new).url == ACCOUNT

    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302

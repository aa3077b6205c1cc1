"""A juror comes in by invitation, in Chinese or French: password, app for codes, recovery codes; out, and in again; a key."""

import re

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.accounts import second_factor
from assises.models import OutgoingEmail, User
from tests.account_factories import a_second_factor, code
from tests.factories import NOW, a_member_of_staff
from tests.journeys.conftest import log_in

PASSWORD = "fleur de thé vert"


@pytest.fixture
def required(monkeypatch):
    """Everybody must have a second factor."""
    monkeypatch.setattr(second_factor, "_declared", lambda: [lambda user: True])


def link():
    return re.search(r"https?://[^/\s]+(/\S+/invitation/\S+)", OutgoingEmail.objects.latest("id").text)[1]


def send(page):
    page.locator("main .btn-primary").first.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize(("language", "width"), [("zh-hans", 320), ("fr", 1440)])
def test_a_juror_comes_in_by_invitation(
    edition, required, open_page, axe, picture, language, width, javascript
):
    juror = User.objects.create_user(
        "pingwei@example.org", last_name="吴", first_name="示审", language=language
    )
    accounts.invite(juror, at=NOW, by=None, leads_to=f"/{language}/prix/")

    def look(page, name):
        if javascript:
            axe(page)
            picture(page, f"accounts-{name}-{language}-{width}")
        assert page.locator("h1").count() == 1

    page = open_page(link(), width=width, javascript=javascript)
    expect(page.locator("html")).to_have_attribute("lang", "fr" if language == "fr" else "zh-Hans")
    look(page, "password")
    page.locator("[name=new_password1]").fill("court")
    page.locator("[name=new_password2]").fill("court")
    send(page)
    expect(page.locator(".invalid-feedback")).to_have_count(1)
    look(page, "password-weak")
    page.locator("[name=new_password1]").fill(PASSWORD)
    page.locator("[name=new_password2]").fill(PASSWORD)
    send(page)

    # A second factor is required: first a wrong code, then the right one.
    page.wait_for_url("**/compte/application/**")
    look(page, "enrol")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("[name=code]").fill("000000")
    send(page)
    expect(page.locator(".invalid-feedback")).to_be_visible()
    assert page.locator(".secret").inner_text().replace(" ", "") == secret
    look(page, "enrol-wrong")
    page.locator("[name=code]").fill(code(secret))
    send(page)

    page.wait_for_url("**/codes-de-secours/**")
    expect(page.locator(".codes li")).to_have_count(10)
    look(page, "codes")
    with page.expect_download() as kept:
        page.locator("a[download]").click()
    assert page.locator(".codes li").first.inner_text() in kept.value.path().read_text()
    send(page)
    page.wait_for_url(f"**/{language}/prix/")

    page.goto(f"/{language}/compte/")
    look(page, "account")
    page.locator("form .btn-secondary").last.click()
    page.wait_for_url("**/compte/connexion/**")
    look(page, "login")
    log_in(page, juror.email, PASSWORD)
    page.wait_for_url("**/connexion/code/")
    look(page, "challenge")
    page.locator("[name=code]").fill(code(secret, ahead=1))
    page.locator("[name=code]").press("Enter")
    page.wait_for_url(f"**/{language}/")


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1440])
def test_every_page_of_an_account_is_accessible(edition, open_page, axe, picture, language, width):
    user = a_member_of_staff(language=language)
    a_second_factor(user)
    page = open_page(f"/{language}/compte/connexion/", width=width)
    page.locator("[name=login]").fill("nonsense")
    send(page)
    axe(page)
    picture(page, f"accounts-login-wrong-{language}-{width}")
    for path in ("mot-de-passe/oublie/", "invitation/x/", "deconnexion/"):
        page.goto(f"/{language}/compte/{path}")
        axe(page)
        picture(page, f"accounts-{path.split('/')[0]}-{language}-{width}")
    page.goto(f"/{language}/compte/mot-de-passe/oublie/")
    page.locator("[name=email]").fill(user.email)
    send(page)
    axe(page)
    page.goto(f"/{language}/demonstration/codes/")
    axe(page)
    picture(page, f"accounts-demo-{language}-{width}")

    page.goto(f"/{language}/compte/connexion/")
    log_in(page, user.email)
    page.wait_for_url("**/connexion/code/")
    page.locator("[name=code]").fill(code())
    page.locator("[name=code]").press("Enter")
    page.wait_for_url("**/admin/")
    page.goto(f"/admin/assises/user/{user.pk}/change/")
    axe(page)
    picture(page, f"accounts-user-{language}-{width}")
    page.goto(f"/{language}/compte/application/retirer/")
    axe(page)
    page.locator("[name=code]").fill(code(ahead=1))
    send(page)
    page.wait_for_url("**/retirer/")
    for path in ("application/retirer/", "mot-de-passe/", "codes-de-secours/", "codes-de-secours/nouveaux/", "cle/", "deconnexion/"):  # fmt: skip
        page.goto(f"/{language}/compte/{path}")
        axe(page)
        assert page.locator("h1").count() == 1
        picture(page, f"accounts-{path.replace('/', '-')}{language}-{width}")


def test_a_key_opens_the_account(edition, open_page, axe):
    user = a_member_of_staff(language="fr")
    page = open_page("/fr/compte/connexion/?next=/fr/compte/cle/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    log_in(page, user.email)
    page.wait_for_url("**/compte/cle/")
    page.locator("[name=name]").fill("Clé bleue")
    page.locator("[data-assises-key]").click()
    page.wait_for_url("**/codes-de-secours/**")
    assert accounts.has_second_factor(user)

    page.goto("/fr/compte/")
    expect(page.locator(".factors")).to_contain_text("Clé bleue")
    page.locator("form .btn-secondary").last.click()
    log_in(page, user.email)
    page.wait_for_url("**/connexion/code/")
    axe(page)
    page.locator("[data-assises-key]").click()
    page.wait_for_url("**/admin/")

    # Before it is taken away, it is asked once more.
    page.goto("/fr/compte/")
    page.locator(".factors a").first.click()
    page.locator("main a[href*='confirmer/cle']").click()
    axe(page)
    page.locator("[data-assises-key]").click()
    page.wait_for_url("**/retirer/")
    axe(page)
    page.locator(".btn-danger").click()
    page.wait_for_url("**/fr/compte/")
    assert not accounts.has_second_factor(user)

"""A town hall registers, in a browser, in both languages, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from assises.models import OutgoingEmail
from registration import services
from registration.models import Registration
from tests.factories import NOW, a_registration
from tests.journeys.conftest import link_in, state

WORDS = {
    "fr": {"path": "/fr/inscription/", "other": "简体中文"},
    "zh-hans": {"path": "/zh-hans/inscription/", "other": "Français"},
}


def fill(page, **answers):
    given = {
        "organisation": "Montpellier",
        "given_name": "Zoë",
        "family_name": "d’Essai",
        "job_title": "Maire",
        "email": "zoe@example.org",
        **answers,
    }
    for name, value in given.items():
        page.locator(f"[name='{name}']").fill(value)


def submit(page):
    page.locator("form[data-assises-form] button[type=submit]").click()


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("width", [320, 1440])
def test_a_delegation_registers_with_errors_confirms_and_cancels(
    open_page, axe, picture, edition, language, width
):
    page = open_page(WORDS[language]["path"], width=width)
    axe(page)
    picture(page, f"form-{language}-{width}")

    # Sent empty: what is missing is listed, linked, and has the focus.
    submit(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert summary.locator("a").count() >= 5
    axe(page)
    picture(page, f"errors-{language}-{width}")
    summary.locator("a").first.click()
    expect(page.locator("#id_organisation")).to_be_focused()

    # Filled in, with a colleague whose address is wrong: nothing typed is lost.
    fill(page)
    page.locator("[data-assises-colleague] summary").first.click()
    fill_colleague = {"given_name": "Ali", "family_name": "Modèle", "job_title": "Directeur", "email": "ali@"}
    for name, value in fill_colleague.items():
        page.locator(f"[name='colleague-1-{name}']").fill(value)
    submit(page)
    expect(page.locator(".error-summary a")).to_have_count(1)
    assert page.locator("[name=family_name]").input_value() == "d’Essai"
    assert page.locator("[name=colleague-1-family_name]").input_value() == "Modèle"
    page.locator("[name=colleague-1-email]").fill("ali@example.org")
    submit(page)

    # The page of the request: held, until the link in the letter was followed and the button pressed.
    page.wait_for_url(re.compile(r"/inscription/s\d"))
    assert state(page) == "held"
    axe(page)
    picture(page, f"held-{language}-{width}")
    letter = OutgoingEmail.objects.get(event="registration/confirm_address")
    assert letter.language == language
    page.goto(link_in(letter.text))
    axe(page)
    page.locator("form[action$='/confirmer/'] button").click()
    assert state(page) == "confirmed"
    assert set(Registration.objects.values_list("status", flat=True)) == {"confirmed"}
    axe(page)
    picture(page, f"confirmed-{language}-{width}")

    # Change, then cancel.
    own = page.url
    page.locator("a[href$='/modifier/']").click()
    axe(page)
    page.locator("[name=job_title]").fill("Première adjointe")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(own)
    assert "Première adjointe" in page.content()
    page.locator("a[href$='/annuler/']").click()
    axe(page)
    page.locator("main form button.btn-danger").click()
    page.wait_for_url(own)
    assert state(page) == "cancelled"
    axe(page)


@pytest.mark.parametrize("language", WORDS)
def test_the_waiting_list_and_the_offer(open_page, axe, picture, edition, language):
    seated = [a_registration(edition) for _n in range(5)]
    page = open_page(WORDS[language]["path"], width=390)
    fill(page, organisation="Une ville d’essai")
    submit(page)
    page.wait_for_url(re.compile(r"/inscription/s\d"))
    assert state(page) == "waiting"
    expect(page.locator(".rank strong")).to_have_text("1")
    axe(page)
    picture(page, f"waiting-{language}")

    services.cancel(seated[0], at=NOW)
    page.goto(link_in(OutgoingEmail.objects.get(event="registration/offered").text))
    assert state(page) == "offered"
    axe(page)
    picture(page, f"offered-{language}")
    page.locator("form[action$='/confirmer/'] button").click()

    assert state(page) == "confirmed"


@pytest.mark.parametrize("language", WORDS)
def test_all_of_it_works_without_javascript(open_page, edition, language):
    page = open_page(WORDS[language]["path"], javascript=False)
    fill(page, organisation="montpellier")
    page.locator("[data-assises-colleague] summary").first.click()
    for name, value in {
        "given_name": "Ali",
        "family_name": "M",
        "job_title": "D",
        "email": "ali@example.org",
    }.items():
        page.locator(f"[name='colleague-1-{name}']").fill(value)
    submit(page)
    assert state(page) == "held"

    page.goto(link_in(OutgoingEmail.objects.get(event="registration/confirm_address").text))
    page.locator("form[action$='/confirmer/'] button").click()

    assert state(page) == "confirmed"
    assert Registration.objects.filter(booking__organisation__name_fr="Montpellier").count() == 2


def test_an_authority_is_found_by_typing_and_chosen_by_keyboard(open_page, axe, edition):
    page = open_page("/fr/inscription/")
    field = page.locator("#id_organisation")
    field.press_sequentially("montpel", delay=10)
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)
    axe(page)

    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")

    assert field.input_value() == "Montpellier Méditerranée Métropole"
    expect(page.locator("[role=listbox]")).to_be_hidden()
    field.fill("213401722")
    expect(options).to_have_count(1)


def test_the_badge_is_shown_while_one_types_in_both_scripts(open_page, edition):
    page = open_page("/fr/inscription/")
    fill(page)
    page.locator("details:has([name=name_zh]) summary").click()
    page.locator("[name=name_zh]").fill("李示例")

    badge = page.locator("[data-assises-badge]").first
    expect(badge).to_contain_text("Zoë")
    expect(badge).to_contain_text("李示例")


def test_the_language_is_changed_on_every_page_and_back(open_page, edition):
    page = open_page("/fr/inscription/lettre-invitation/")
    page.get_by_role("link", name="简体中文").click()
    assert "/zh-hans/inscription/lettre-invitation/" in page.url
    assert page.locator("html").get_attribute("lang") == "zh-Hans"

    page.get_by_role("link", name="Français").click()
    assert "/fr/inscription/lettre-invitation/" in page.url


def test_the_back_button_loses_nothing_and_makes_one_registration(open_page, edition):
    page = open_page("/fr/inscription/")
    fill(page)
    submit(page)
    assert state(page) == "held"
    page.go_back()
    assert page.locator("[name=organisation]").input_value() == "Montpellier"
    submit(page)

    assert state(page) == "held"
    assert Registration.objects.live().count() == 1


PAGES = [
    "", "inscription/", "inscription/lettre-invitation/", "inscription/nouveau-lien/", "inscription/delegation-chinoise/",
    "accessibilite/", "mentions-legales/", "donnees-personnelles/", "plan-du-site/", "prix/", "prix/reglement/", "aide/", "demonstration/courrier/",
    "demonstration/codes/", "compte/connexion/", "compte/mot-de-passe/oublie/",
    "nulle-part/",
]  # fmt: skip


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_in_both_languages_and_schemes(
    open_page, axe, picture, edition, language, width, scheme
):
    for path in PAGES:
        page = open_page(f"/{language}/{path}", width=width, color_scheme=scheme)
        axe(page)
        assert page.locator("h1").count() == 1
        if scheme == "light":
            picture(page, f"page-{path.strip('/').replace('/', '-') or 'home'}-{language}-{width}")
        page.context.close()


def test_a_page_can_be_read_at_twice_the_size_and_with_wide_spacing(open_page, axe, edition):
    """WCAG 1.4.4, 1.4.10 and 1.4.12."""
    page = open_page("/fr/inscription/", width=640, device_scale_factor=2)
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    axe(page)


def test_the_first_visit_of_the_form_weighs_at_most_100_kilobytes(open_page, edition, site, browser):
    context = browser.new_context(base_url=site)
    page = context.new_page()
    weights = []
    page.on("response", lambda response: weights.append((response.url, len(response.body()))))
    page.goto("/fr/inscription/", wait_until="networkidle")
    context.close()

    assert sum(weight for _url, weight in weights) <= 100_000, weights

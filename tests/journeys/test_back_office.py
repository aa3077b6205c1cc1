"""The Région's staff at work: find somebody, refuse with a reason, register by hand, see who waits and why."""

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.models import OutgoingEmail
from registration.models import Registration
from tests.factories import a_booking, a_member_of_staff, a_person, a_registration
from tests.journeys.conftest import log_in


@pytest.fixture
def people(edition):
    """Five with a place, two who wait; one of them has a Chinese name and an accent."""
    accounts.ensure_groups()
    for _n in range(5):
        a_registration(edition)
    a_booking(edition, a_person(is_contact=True, given_name="Zoë", family_name="d’Œuvrée", name_zh="李示例"))
    a_registration(edition)
    return edition


def sign_in(open_page, language, **options):
    staff = a_member_of_staff(language=language)
    page = open_page("/admin/login/", **options)
    log_in(page, staff.email)
    expect(page.locator("#user-tools")).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_the_back_office_are_accessible(open_page, axe, picture, people, language, width):
    page = sign_in(open_page, language, width=width)
    axe(page)
    for path in (
        "registration/registration/", "inscrire/", "liste-attente/", "places/", "chiffres/", "importer/", "exporter/",
        "assises/outgoingemail/", "assises/journalentry/", "assises/edition/", "assises/organisation/",
    ):  # fmt: skip
        page.goto(f"/admin/{path}")
        axe(page)
        assert page.locator("h1").count() == 1
        if path == "registration/registration/" and width == 1440:
            picture(page, f"back-office-{language}")


@pytest.mark.parametrize("typed", ["oeuvree", "李示例", "lishili"])
def test_somebody_is_found_with_accents_in_chinese_and_in_pinyin(open_page, people, typed):
    page = sign_in(open_page, "fr")
    page.goto("/admin/registration/registration/")
    page.locator("#searchbar").fill(typed)
    page.locator("#searchbar").press("Enter")

    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text("李示例")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_people_are_refused_with_a_reason_and_the_places_pass_on(open_page, axe, people, javascript):
    page = sign_in(open_page, "fr", javascript=javascript)
    page.goto("/admin/registration/registration/?state=held")
    seated = list(Registration.objects.filter(status="held").order_by("pk")[:2])
    for registration in seated:
        page.locator(f"input[name=_selected_action][value='{registration.pk}']").check()
    page.locator("select[name=action]").select_option("refuse")
    page.locator("button[name=index]").first.click()

    # Asked for a reason; without one it is said so, and nothing is done.
    button = page.locator("main form button[type=submit], #content form [type=submit]").last
    button.click()
    assert Registration.objects.filter(status="refused").count() == 0
    if javascript:
        axe(page)
    page.locator("textarea[name=reason]").fill("Inscription faite deux fois")
    page.locator("main form button[type=submit], #content form [type=submit]").last.click()

    page.wait_for_load_state()
    assert Registration.objects.filter(status="refused").count() == 2
    assert Registration.objects.filter(status="offered").count() == 2
    assert (
        OutgoingEmail.objects.filter(event="registration/refused", text__contains="faite deux fois").count()
        == 2
    )

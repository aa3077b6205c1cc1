"""A release: prepared by the organisers, approved by the French and by the Chinese side, published; a letter leaves."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.enums import Side
from assises.models import OutgoingEmail
from program.models import ProgrammeRelease, Session
from registration.models import SessionChoice
from tests.factories import NOW, a_booking, a_person
from tests.journeys.conftest import log_in
from tests.program_factories import a_lead, a_part, a_published_release, a_room, a_session, a_speaker, a_theme


@pytest.fixture
def workshop(edition):
    """A workshop that lacks its Chinese half; two people go there; since they read about it, it has moved."""
    rooms = [a_room(edition, name_fr=f"Salle {x}", name_zh_hans=f"{x}厅") for x in "AB"]
    workshop = a_session(
        edition, kind="parallel", theme=a_theme(edition), title_fr="Atelier : ville durable",
        title_zh_hans="分论坛：可持续城市", room=rooms[0],
    )  # fmt: skip
    a_lead(workshop, Side.FRENCH)
    a_part(workshop, speaker=a_speaker(edition, email="", state="asked"))
    a_session(
        edition, title_fr="Dîner de gala", title_zh_hans="欢迎晚宴", starts_at=dt.time(19), ends_at=None
    )
    a_published_release(edition)
    for language in ("fr", "zh-hans"):
        registration = a_booking(edition, a_person(is_contact=True, language=language)).registrations.get()
        SessionChoice.objects.create(registration=registration, session=workshop, chosen_at=NOW)
    Session.objects.filter(pk=workshop.pk).update(
        starts_at=dt.time(14), ends_at=dt.time(16, 30), room=rooms[1]
    )
    OutgoingEmail.objects.all().delete()
    return workshop


@pytest.fixture
def sign_in(open_page, somebody):
    def sign_in(*roles, path, language="fr", **options):
        user = somebody(*roles, language=language)
        page = open_page(f"/admin/login/?next={path}", **options)
        log_in(page, user.email)
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    return sign_in


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, True), (1280, False)])
def test_a_draft_is_prepared_approved_by_both_sides_and_published(
    sign_in, axe, picture, workshop, language, width, javascript
):
    def look(page, name):
        if javascript:
            axe(page)
            picture(page, f"releases-{name}-{language}-{width}")
        assert page.locator("h1").count() == 1

    options = {"width": width, "javascript": javascript}
    organiser = sign_in(accounts.PROGRAMME, path="/admin/", language=language, **options)
    look(organiser, "first-page")
    organiser.goto("/admin/programme/versions/")
    look(organiser, "list")
    organiser.locator("a[href$='/preparer/']").click()
    look(organiser, "prepare")

    # A preliminary programme is refused while the pair is incomplete; a draft is possible.
    organiser.locator("[name=kind][value=preliminary]").check()
    organiser.locator("[name=purpose_fr]").fill("Projet joint à la demande d’autorisation.")
    organiser.locator("[name=purpose_zh]").fill("供办理出访审批用的日程草案。")
    freeze = organiser.locator(".house-form [type=submit]")
    freeze.click()
    expect(organiser.locator(".error-summary")).to_be_visible()
    look(organiser, "refused")
    organiser.locator("[name=kind][value=travel_draft]").check()
    organiser.locator("[name=is_public]").check()
    freeze.click()
    organiser.wait_for_url("**/versions/2/")
    look(organiser, "prepared")

    path = "/admin/programme/versions/2/"
    french = sign_in(accounts.FRENCH_APPROVAL, path=path, **options)
    french.locator("button[name=approve]").click()
    expect(french.locator("button[name=approve]")).to_have_count(0)
    chinese = sign_in(accounts.APCAE, accounts.CHINESE_APPROVAL, path=path, language="zh-hans", **options)
    expect(chinese.locator("html")).to_have_attribute("lang", "zh-hans")
    look(chinese, "to-approve")
    chinese.locator("button[name=approve]").click()
    expect(chinese.locator("button[name=approve]")).to_have_count(0)
    # Those who approve do not publish.
    expect(chinese.locator("button[name=publish]")).to_have_count(0)

    organiser.reload()
    look(organiser, "approved")
    organiser.locator("button[name=publish]").click()
    expect(organiser.locator(".messagelist .success")).to_be_visible()
    look(organiser, "published")

    assert ProgrammeRelease.objects.public().first().number == 2
    letters = OutgoingEmail.objects.filter(event="program/moved")
    assert sorted(letter.language for letter in letters) == ["fr", "zh-hans"]
    assert "14:00—16:30" in next(x.text for x in letters if x.language == "zh-hans")


def test_what_somebody_changes_meanwhile_is_not_frozen_unseen(sign_in, workshop):
    page = sign_in(accounts.PROGRAMME, path="/admin/programme/versions/preparer/")
    Session.objects.filter(pk=workshop.pk).update(title_fr="Un autre titre")
    page.locator("[name=purpose_fr]").fill("Essai")
    page.locator("[name=purpose_zh]").fill("试验")
    page.locator(".house-form [type=submit]").click()

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#content")).to_contain_text("Un autre titre")
    assert ProgrammeRelease.objects.count() == 1
    page.locator(".house-form [type=submit]").click()
    page.wait_for_url("**/versions/2/")

"""Minutes of conclusions, from the register to the freeze: written, sent, commented on, worded anew, accepted by both sides."""

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.enums import Side
from assises.models import Minutes, OutgoingEmail
from tests.journeys.conftest import log_in
from tests.minutes_factories import a_meeting, a_speaker_for, an_item


@pytest.fixture
def meeting(edition):
    meeting = a_meeting(
        edition, code="2018-03-26", title_fr="Comité de pilotage", title_zh_hans="指导委员会会议"
    )
    an_item(meeting, text_fr="Le lieu du dîner de gala reste à définir.", text_zh_hans="欢迎晚宴的地点待定。")
    an_item(
        meeting, kind="request", status="requested", owner_side="CN",
        text_fr="La partie chinoise demande un stand de 30 m².", text_zh_hans="中方请求提供30平方米的展位。",
    )  # fmt: skip
    return meeting


@pytest.fixture
def sign_in(open_page):
    def sign_in(user, path, **options):
        page = open_page(f"/admin/login/?next={path}", **options)
        log_in(page, user.email)
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    return sign_in


def line(page, order):
    return page.locator(".minutes-line").nth(order - 1)


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, True), (1280, False)])
def test_minutes_are_validated_from_both_sides(sign_in, somebody, axe, picture, meeting, width, javascript):
    def look(page, name):
        if javascript:
            axe(page)
            picture(page, f"minutes-{name}-{width}")
        assert page.locator("h1").count() == 1

    options = {"width": width, "javascript": javascript}
    people = {side: a_speaker_for(side) for side in Side}
    organiser = sign_in(somebody(accounts.ORGANISERS), "/admin/reunions/", **options)
    look(organiser, "meetings")
    organiser.locator("a[href='/admin/reunions/2018-03-26/']").click()
    look(organiser, "meeting")
    organiser.locator("button[name=write]").click()
    organiser.wait_for_url("**/releve/1/")
    look(organiser, "draft")
    organiser.locator("button[name=send]").click()
    expect(organiser.locator(".messagelist .success")).to_be_visible()
    look(organiser, "sent")
    letters = OutgoingEmail.objects.filter(event="assises/minutes_sent")
    assert sorted(letter.language for letter in letters) == ["fr", "zh-hans"]

    # Each finds them on their first page, in their own language.
    french = sign_in(people[Side.FRENCH], "/admin/", **options)
    chinese = sign_in(people[Side.CHINESE], "/admin/", **options)
    for page in (french, chinese):
        look(page, "first-page")
        page.locator("#content a[href$='/releve/1/']").click()
        page.wait_for_url("**/releve/1/")
    expect(french.locator("html")).to_have_attribute("lang", "fr")
    expect(chinese.locator("html")).to_have_attribute("lang", "zh-hans")
    look(chinese, "to-answer")

    # A comment without text is told at its line, and loses nothing.
    line(chinese, 2).locator("input[value=commented]").check()
    line(chinese, 1).locator("input[value=accepted]").check()
    chinese.locator("button[name=answer]").click()
    expect(chinese.locator(".error-summary")).to_be_visible()
    expect(line(chinese, 1).locator("input[value=accepted]")).to_be_checked()
    look(chinese, "refused")
    line(chinese, 2).locator("textarea").fill("请改为20平方米。")
    chinese.locator("button[name=answer]").click()
    expect(chinese.locator(".messagelist .success")).to_be_visible()
    french.locator("button[name=accept_rest]").click()
    expect(french.locator(".messagelist .success")).to_be_visible()

    # The organiser reads the comment and words the line anew; the Chinese side answers this wording.
    organiser.goto("/admin/")
    organiser.locator("#content a[href$='/releve/1/']").click()
    expect(line(organiser, 2)).to_contain_text("请改为20平方米。")
    line(organiser, 2).locator("a[href$='/lignes/2/']").click()
    organiser.wait_for_url("**/lignes/2/")
    look(organiser, "line")
    organiser.locator("[name=text_fr]").fill("La partie chinoise demande un stand de 20 m².")
    organiser.locator("[name=text_zh_hans]").fill("中方请求提供20平方米的展位。")
    organiser.locator("[name=also_in_register]").check()
    organiser.locator(".house-form [type=submit]").click()
    organiser.wait_for_url("**/releve/1/")

    # Somebody who had opened the page before accepts what is no longer there: nothing is noted unread.
    line(chinese, 2).locator("input[value=accepted]").check()
    chinese.locator("button[name=answer]").click()
    expect(chinese.locator(".notice-warning")).to_be_visible()
    expect(line(chinese, 2)).to_contain_text("20平方米")
    look(chinese, "worded-anew")
    chinese.locator("button[name=answer]").click()
    expect(chinese.locator(".messagelist .success")).to_be_visible()
    assert Minutes.objects.get().state == "sent"

    french.reload()
    look(french, "to-answer-again")
    french.locator("button[name=accept_rest]").click()
    expect(french.locator(".hash")).to_be_visible()
    look(french, "validated")

    found = Minutes.objects.get()
    assert (found.state, french.locator(".hash").inner_text()) == ("validated", found.digest)
    expect(french.locator("button[name=answer]")).to_have_count(0)
    french.locator("a[href$='/imprimer/']").click()
    look(french, "to-print")
    expect(french.locator("main")).to_contain_text(found.digest)
    answer = french.request.get("/admin/reunions/2018-03-26/releve/1/releve.pdf")
    assert answer.body().startswith(b"%PDF")
    validated = OutgoingEmail.objects.filter(event="assises/minutes_validated")
    assert all(found.digest in letter.text for letter in validated)

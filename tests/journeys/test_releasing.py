"""Four sign the minutes in browsers of their own; two release the results together; then everybody reads who has won."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from assises import clock, memory
from awards import services
from awards.enums import Phase
from awards.models import JuryMinutes
from tests.award_factories import IN_CEREMONY
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.journeys.conftest import log_in_with_code
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror, secretary
from tests.minutes_of_jury_factories import signed

MINUTES, CEREMONY = "/admin/jury/proces-verbal/", "/admin/jury/ceremonie/"


@pytest.fixture
def call(edition, site, settings, tmp_path, at):
    settings.FILES_ROOT = tmp_path
    call = in_deliberation(edition, jurors=1)
    a_sitting(call)
    decided(call, 1)
    at(IN_DELIBERATION)
    return seal(call)


@pytest.fixture
def at(monkeypatch):
    """``at(moment)``: from here on it is this hour."""

    def set_clock(moment):
        started = dt.datetime.now(dt.UTC)
        monkeypatch.setattr(clock, "now", lambda: moment + (dt.datetime.now(dt.UTC) - started))

    return set_clock


@pytest.fixture
def enter(open_page):
    """``enter(member, path)``: the page of a member of the jury, in a browser of their own."""

    def open_(member, path, width=1440):
        page = open_page(f"/admin/login/?next={path}", width=width)
        log_in_with_code(page, member.user)
        page.wait_for_url(f"**{path}")
        return page

    return open_


def test_both_secretaries_and_both_co_presidents_sign_the_minutes(call, enter, axe, picture):
    clerk = enter(secretary(call, FR), MINUTES)
    clerk.locator("button[name=begin]").click()
    services.write_minutes(at=IN_DELIBERATION)
    clerk.goto(MINUTES)
    # A remark, in both languages; the software writes everything else.
    clerk.locator("summary").first.click()
    clerk.locator("[name=text_fr]").first.fill("Le débat a porté sur la durée.")
    clerk.locator("[name=text_zh_hans]").first.fill("讨论围绕持续时间展开。")
    clerk.locator("button[name=remarks]").click()
    services.write_minutes(at=IN_DELIBERATION)
    clerk.goto(MINUTES)
    axe(clerk)
    picture(clerk, "minutes-draft-1440")
    clerk.locator("button[name=sign]").click()
    expect(clerk.locator("button[name=sign]")).to_have_count(0)

    for member, width in ((secretary(call, CN), 320), (juror(call, FR, 0), 1440), (juror(call, CN, 0), 320)):
        page = enter(member, MINUTES, width)
        axe(page)
        page.locator("button[name=sign]").click()
        expect(page.locator("button[name=sign]")).to_have_count(0)

    assert JuryMinutes.objects.get().is_signed
    services.write_minutes(at=IN_DELIBERATION)
    page.goto(MINUTES)
    expect(page.locator("h2 .state").first).to_have_text("已全部签署")
    axe(page)
    picture(page, "minutes-signed-zh-320")
    with page.expect_response("**/proces-verbal/1.pdf") as document:
        page.evaluate("fetch('/admin/jury/proces-verbal/1.pdf')")
    assert document.value.headers["content-type"] == "application/pdf"


def test_two_people_release_the_results_and_everybody_reads_them_at_once(
    call, enter, open_page, at, axe, picture
):
    signed(call)
    public = open_page("/fr/prix/laureats/")
    title = call.applications.get(number=1).in_language("title", "fr")
    expect(public.locator("main")).not_to_contain_text(title)
    french, chinese = enter(juror(call, FR, 0), CEREMONY), enter(juror(call, CN, 0), CEREMONY, 320)
    # Before the ceremony there is nothing to press.
    expect(french.locator("button[name=release]")).to_have_count(0)
    at(IN_CEREMONY)

    french.goto(CEREMONY)
    axe(french)
    french.locator("button[name=release]").click()
    expect(french.locator("button[name=take_back]")).to_be_visible()
    # One is not enough.
    public.reload()
    expect(public.locator("main")).not_to_contain_text(title)
    chinese.goto(CEREMONY)
    axe(chinese)
    picture(chinese, "ceremony-zh-320")
    chinese.locator("button[name=release]").click()
    expect(chinese.locator("button[name=release]")).to_have_count(0)

    call.refresh_from_db()
    assert call.phase == Phase.PUBLISHED
    memory.forget()
    public.reload()
    expect(public.locator("main")).to_contain_text(title)
    axe(public)
    clerk = enter(secretary(call), CEREMONY)
    axe(clerk)
    clerk.locator("button[name=tell]").click()
    expect(clerk.locator("button[name=tell]")).to_have_count(0)

"""Both sides deliberate in browsers of their own: what one does appears in the other, without a reload."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from assises import clock
from awards.enums import Phase
from awards.models import Motion, Result, Sitting
from tests.deliberation_factories import in_deliberation
from tests.journeys.conftest import log_in_with_code
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror

PAGE = "/admin/jury/deliberation/"


@pytest.fixture
def call(edition, site, monkeypatch):
    call = in_deliberation(edition, applications=2, jurors=1)
    started = dt.datetime.now(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: IN_DELIBERATION + (dt.datetime.now(dt.UTC) - started))
    return call


@pytest.fixture
def room(open_page, call):
    """The four who vote, each in a browser; the co-presidents of both sides come first."""
    pages = []
    for side, place, width in ((FR, 0, 1440), (CN, 0, 320), (FR, 1, 900), (CN, 1, 900)):
        page = open_page(f"/admin/login/?next={PAGE}", width=width)
        log_in_with_code(page, juror(call, side, place).user)
        page.wait_for_url(f"**{PAGE}")
        pages.append(page)
    pages[0].locator("button[name=open]").click()
    for page in pages:
        enter = page.locator("button[name=enter]")
        # The sitting has appeared by itself in every browser but the one that opened it.
        if page is not pages[0] or enter.count():
            enter.click()
        expect(page.locator("button[name=leave]")).to_be_visible()
    return pages


def propose(page, number):
    point = page.locator("details").first
    point.locator("summary").click()
    point.locator("[name=effect]").select_option("prize")
    point.locator("[name=numbers]").fill(str(number))
    point.locator("button[name=move]").click()
    page.locator("button[name=open_vote]").click()


def vote(page, choice):
    page.locator(f"button[name=choice][value={choice}]").click()


def test_a_motion_that_passes_on_one_side_only_is_lost_and_one_that_passes_on_both_gives_the_prize(
    room, axe, picture, call
):
    french, chinese, *_others = room
    assert Sitting.objects.get().closed_at is None
    assert call.phase == Phase.DELIBERATION
    propose(french, 1)
    # The other side sees it in its own language, and nobody has reloaded a page.
    expect(chinese.locator("button[name=choice][value=yes]")).to_have_text("赞成")
    # Three of four, and no majority on the Chinese side.
    for page, choice in zip(room, ("yes", "yes", "yes", "no"), strict=True):
        vote(page, choice)
    axe(chinese)
    picture(chinese, "deliberation-vote-320")
    french.locator("button[name=close_vote]").click()
    expect(french.locator(".messagelist li")).to_be_visible()
    assert Motion.objects.get().state == "lost"
    assert not Result.objects.exists()

    propose(french, 2)
    for page in room:
        vote(page, "yes")
    french.locator("button[name=close_vote]").click()
    expect(chinese.locator("#jury-results li")).to_have_count(1)
    axe(french)
    picture(french, "deliberation-decided-1440")
    assert Result.objects.get().application.number == 2

"""Both sides deliberate in browsers of their own: what one does appears in the other, without a reload."""

import datetime as dt
import re

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
def given():
    """Marks for innovation, by the number of the application; without any the first one leads."""
    return {}


@pytest.fixture
def call(edition, site, monkeypatch, given):
    call = in_deliberation(edition, applications=2, jurors=1, given=given)
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


def move(page, *numbers, effect="prize", under=0):
    """Under one of the items of the agenda, by its place among those that this member hears of."""
    point = page.locator("details[id^=jury-move]").nth(under)
    point.locator("summary").click()
    point.locator("[name=effect]").select_option(effect)
    point.locator("[name=numbers]").fill(", ".join(str(number) for number in numbers))
    point.locator("button[name=move]").click()


def propose(page, *numbers, **options):
    move(page, *numbers, **options)
    page.locator("button[name=open_vote]").click()
    expect(page.locator(".jury-motion.is-open")).to_be_visible()


def vote(page, choice):
    """On the motion that is open now: its buttons come by themselves, those of the one before may still be there."""
    button = page.locator(f"#jury-vote-{Motion.objects.open().get().pk}-{choice}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def close(page):
    button = page.locator("button[name=close_vote]")
    button.click()
    expect(button).to_have_count(0)


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
    close(french)
    assert Motion.objects.get().state == "lost"
    assert not Result.objects.exists()

    propose(french, 2)
    for page in room:
        vote(page, "yes")
    close(french)
    expect(chinese.locator("#jury-results li")).to_have_count(1)
    axe(french)
    picture(french, "deliberation-decided-1440")
    assert Result.objects.get().application.number == 2


SECOND = {"fr": "second vote", "zh": "第二轮表决"}
SHARED = {
    "fr": "selon le règlement, le prix est partagé, ex æquo",
    "zh": "按照评选办法，该奖共同获得",
}


@pytest.mark.parametrize("given", [{1: 4, 2: 4}])
def test_equals_whose_second_ballot_is_tied_too_share_the_prize(room, axe, picture, call):
    french, chinese, *_others = room
    in_both = ((french, "fr"), (chinese, "zh"))

    def tied(ballot):
        propose(french, 1)
        motion = chinese.locator(".jury-motion").last
        expect(motion).to_have_class(re.compile("is-open"))
        expect(motion.locator("h4")).to_contain_text(f"{ballot}")
        expect(motion.locator("h4 .quiet")).to_have_count(ballot - 1)
        # One yes and one no on each side.
        for page, choice in zip(room, ("yes", "yes", "no", "no"), strict=True):
            vote(page, choice)
        close(french)
        expect(motion).not_to_have_class(re.compile("is-open"))

    tied(1)
    for page, language in in_both:
        expect(page.locator(".jury-motion")).to_contain_text(SECOND[language])
    axe(chinese)
    tied(2)
    for page, language in in_both:
        expect(page.locator(".jury-motion h4 .quiet")).to_have_text(SECOND[language])
        expect(page.locator(".jury-motion").last).to_contain_text(SHARED[language])
    axe(french)
    picture(french, "deliberation-tied-twice-1440")
    assert [(m.ballot, m.is_tied) for m in Motion.objects.all()] == [(1, True), (2, True)]
    # There is no third ballot.
    move(french, 1)
    expect(french.locator(".messagelist .error")).to_contain_text("ex æquo")
    assert not Result.objects.exists()

    propose(french, 1, 2, effect="ex_aequo")
    for page in room:
        vote(page, "yes")
    close(french)
    for page, _language in in_both:
        lines = page.locator("#jury-results li")
        expect(lines).to_have_count(2)
        # The same prize and the same words, up to the application.
        first, second = (text.split(" – ")[0] for text in lines.all_inner_texts())
        assert first == second
        assert first.endswith("ex æquo")
    axe(chinese)
    picture(chinese, "deliberation-ex-aequo-320")
    given = Result.objects.order_by("application__number").values_list(
        "application__number", "kind", "place", "is_ex_aequo"
    )
    assert list(given) == [(1, "prize", 1, True), (2, "prize", 1, True)]

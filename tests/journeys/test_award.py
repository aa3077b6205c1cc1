"""The award in a browser: both co-presidents open the call, each in their language; then everybody reads the rules."""

import pytest
from playwright.sync_api import expect

from assises import memory
from assises.enums import MilestoneKey, Side
from assises.models import Milestone
from awards.models import Call, Rules
from tests.award_factories import an_award, president
from tests.factories import NOW
from tests.journeys.conftest import log_in_with_code


@pytest.fixture
def call(edition):
    call = an_award(edition)
    # Open at the hour of the journeys.
    Milestone.objects.filter(key=MilestoneKey.AWARD_CALL_CLOSES).update(starts_at=NOW.replace(year=2090))
    return call


@pytest.mark.parametrize(("width", "javascript"), [(1440, True), (320, True), (1280, False)])
def test_both_co_presidents_open_the_call_and_the_rules_are_frozen(
    open_page, axe, picture, call, width, javascript
):
    options = {"width": width, "javascript": javascript}

    def look(page, name):
        if javascript:
            axe(page)
            picture(page, f"award-{name}-{width}")
        assert page.locator("h1").count() == 1

    pages = {}
    for side in Side:
        page = open_page("/admin/login/?next=/admin/prix/", **options)
        log_in_with_code(page, president(call, side))
        expect(page.locator("#user-tools")).to_be_visible()
        pages[side] = page
    expect(pages[Side.CHINESE].locator("html")).to_have_attribute("lang", "zh-hans")

    # Each reads the draft before agreeing; the first agreement opens nothing.
    pages[Side.FRENCH].locator("a[href='/admin/prix/reglement/1/']").first.click()
    look(pages[Side.FRENCH], "draft")
    pages[Side.FRENCH].locator("button[name=agree]").click()
    expect(pages[Side.FRENCH].locator(".messagelist .success")).to_be_visible()
    look(pages[Side.FRENCH], "one-agrees")
    assert Call.objects.get().phase == "rules"

    pages[Side.CHINESE].locator("a[href='/admin/prix/reglement/1/']").first.click()
    pages[Side.CHINESE].locator("button[name=agree]").click()
    expect(pages[Side.CHINESE].locator(".messagelist .success")).to_be_visible()
    look(pages[Side.CHINESE], "both-agree")
    assert Call.objects.get().phase == "call"

    memory.forget()
    digest = Rules.objects.get().digest
    for language in ("fr", "zh-hans"):
        page = open_page(f"/{language}/prix/", **options)
        expect(page.locator("main")).to_have_attribute("data-assises-state", "award-call")
        look(page, f"page-{language}")
        page.locator(f"main a[href='/{language}/prix/reglement/']").click()
        expect(page.locator("code.hash")).to_have_text(digest)
        look(page, f"rules-{language}")

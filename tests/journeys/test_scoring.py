"""A juror marks an application in a browser: it saves itself, with and without the network, and is sealed."""

import re

import pytest
from playwright.sync_api import expect

from assises.enums import Side
from awards.models import Score, Sheet
from tests.journeys.conftest import log_in_with_code
from tests.jury_factories import in_scoring, juror

SAVED = "[data-assises-saved]"


@pytest.fixture
def call(edition):
    return in_scoring(edition, applications=1)


def sheet_of(open_page, member, **options):
    page = open_page("/admin/login/?next=/admin/jury/notation/1/", **options)
    log_in_with_code(page, member.user)
    expect(page.locator("[name=mark-innovation]").first).to_be_attached()
    return page


def mark(page, value):
    page.locator(f"[name=mark-innovation][value='{value}']").check()


def is_(page, state):
    expect(page.locator(SAVED)).to_have_attribute("data-assises-state", state, timeout=15_000)


def stands():
    score = Score.objects.get(criterion__code="innovation")
    return score.mark, score.comment


@pytest.mark.parametrize(("side", "width"), [(Side.FRENCH, 1440), (Side.CHINESE, 320)])
def test_a_sheet_saves_itself_survives_a_lost_connection_and_is_sealed(
    open_page, axe, picture, call, side, width
):
    page = sheet_of(open_page, juror(call, side), width=width)
    axe(page)
    mark(page, 3)
    is_(page, "saved")
    assert stands() == (3, "")

    page.context.set_offline(True)
    page.locator("[name=comment-innovation]").fill("Une idée simple, 简单明了。")
    is_(page, "lost")
    axe(page)
    picture(page, f"scoring-lost-{width}")
    assert stands() == (3, "")
    page.context.set_offline(False)
    is_(page, "saved")
    assert stands() == (3, "Une idée simple, 简单明了。")

    page.locator("[name=read_over]").click()
    expect(page).to_have_url(re.compile(r"/notation/1/sceller/$"))
    axe(page)
    picture(page, f"scoring-seal-{width}")
    page.locator("#content form button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Sheet.objects.get().is_sealed


def test_a_second_tab_is_told_and_overwrites_nothing(open_page, axe, call):
    page = sheet_of(open_page, juror(call))
    other = page.context.new_page()
    other.goto("/admin/jury/notation/1/")
    mark(other, 2)
    is_(other, "saved")

    mark(page, 4)
    is_(page, "refused")
    axe(page)
    assert stands() == (2, "")
    # The button shows both, and saving again is a decision.
    page.locator("[name=save]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    axe(page)
    expect(page.locator("[name=mark-innovation][value='4']")).to_be_checked()
    assert stands() == (2, "")
    page.locator("[name=save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert stands() == (4, "")


def test_without_a_script_the_buttons_do_the_same(open_page, call):
    page = sheet_of(open_page, juror(call), javascript=False)
    mark(page, 5)
    page.locator("[name=save]").click()
    assert stands() == (5, "")
    page.locator("[name=read_over]").click()
    # A 5 without a word is not sealed.
    assert page.locator("#content form button[type=submit]").count() == 0
    page.goto("/admin/jury/notation/1/")
    page.locator("[name=comment-innovation]").fill("Personne ne l’avait fait avant eux.")
    page.locator("[name=read_over]").click()
    page.locator("#content form button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Sheet.objects.get().is_sealed

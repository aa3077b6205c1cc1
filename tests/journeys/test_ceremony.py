"""The ceremony in a browser: a presenter goes from slide to slide by the keys of a remote, in full screen."""

import datetime as dt
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from assises import clock, memory
from awards.enums import Effect
from tests.award_factories import DATES, published
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.films import a_film
from tests.journeys.conftest import log_in_with_code
from tests.jury_factories import secretary
from tests.laureate_factories import REHEARSAL, a_category, give_prizes, seal, with_files

PAGE = "/admin/jury/ceremonie/scene/"


@pytest.fixture
def call(edition, site, settings, tmp_path, monkeypatch):
    """A prize with a film, one with a picture, a category without prize, a mention."""
    settings.FILES_ROOT = tmp_path / "files"
    film = a_film(tmp_path / "film.webm", seconds=2, pictures="libvpx", sound="libopus").read_bytes()
    picture = io.BytesIO()
    Image.new("RGB", (1200, 800), "#7a8b6f").save(picture, "JPEG")

    def begin(call):
        give_prizes(call, prizes=2)
        a_category(call, "none", order=5)
        a_category(call, "youth", is_mention=True, order=6)

    def prepare(row):
        with_files(row, has_film=row.number == 1, film=film, picture=picture.getvalue())

    call = in_deliberation(edition, jurors=1, applications=3, begin=begin, prepare=prepare)
    tourism, none, youth = (call.categories.get(code=code) for code in ("tourism", "none", "youth"))
    a_sitting(call)
    decided(call, 1, category=tourism)
    decided(call, 2, category=tourism)
    decided(call, effect=Effect.NO_PRIZE, category=none)
    decided(call, 3, effect=Effect.MENTION, category=youth)
    started = dt.datetime.now(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: REHEARSAL + (dt.datetime.now(dt.UTC) - started))
    return seal(call)


@pytest.mark.parametrize(("width", "side"), [(1920, "FR"), (320, "CN")])
def test_a_presenter_goes_through_the_ceremony_by_the_keys_of_a_remote(
    open_page, axe, picture, call, width, side
):
    page = open_page(f"/admin/login/?next={PAGE}", width=width, reduced_motion="reduce")
    log_in_with_code(page, secretary(call, side).user)
    slide = page.locator("[data-assises-slide]")
    expect(slide).to_have_attribute("data-assises-slide", "1")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    kinds = []
    for number, key in enumerate(["ArrowRight", " ", "PageDown"] * 4, 2):
        kinds.append(slide.get_attribute("class").split("slide-")[1])
        axe(page)
        picture(page, f"stage-{number - 1}-{width}")
        # Nothing of the next slide is asked for before somebody wants it.
        assert not [url for url in asked if f"page={number}" in url]
        if not page.locator(f"[data-assises-next][href='?page={number}']").count():
            break
        if kinds[-1] == "media":
            # Where a browser wants a hand before it plays, the first key starts the film: a second one goes on.
            page.evaluate("document.querySelector('video')?.play()")
        page.keyboard.press(key)
        expect(slide).to_have_attribute("data-assises-slide", str(number))
    assert kinds == [
        "opening", "category", "media", "laureate", "media", "laureate", "category", "no-prize", "category", "media",
        "laureate", "closing",
    ]  # fmt: skip

    page.keyboard.press("PageUp")
    expect(slide).to_have_attribute("data-assises-slide", "11")
    page.go_back()
    expect(slide).to_have_attribute("data-assises-slide", "12")
    # Slides follow each other in place, so full screen stays.
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("ArrowLeft")
    expect(slide).to_have_attribute("data-assises-slide", "11")
    assert page.evaluate("document.fullscreenElement !== null")
    page.evaluate("document.querySelector('video')?.play()")
    page.keyboard.press("ArrowRight")
    expect(slide).to_have_attribute("data-assises-slide", "12")
    # The results are released: the last slide looks again.
    published(call, at=max(DATES.values()))
    page.keyboard.press("PageDown")
    expect(page.locator("[data-assises-next]")).to_have_count(0)
    memory.forget()
    for language in ("fr", "zh-hans"):
        public = open_page(f"/{language}/prix/laureats/", width=width)
        expect(public.locator(".laureate")).to_have_count(3)
        axe(public)
        picture(public, f"laureates-{language}-{width}")


def test_without_a_script_slides_follow_by_links(open_page, call):
    page = open_page(f"/admin/login/?next={PAGE}", javascript=False)
    log_in_with_code(page, secretary(call).user)
    page.locator("[data-assises-next]").click()
    expect(page.locator("[data-assises-slide]")).to_have_attribute("data-assises-slide", "2")
    expect(page.locator("[data-assises-full]")).to_be_hidden()

"""Somebody reads the programme, in both languages, on a phone and at a desk, with JavaScript and without."""

import datetime as dt

import pytest

from program.programme import Part, Visit, Voice, Words
from tests.program.showing import FRENCH_LEAD, THURSDAY, TUESDAY, a_release, a_workshop, an_item

LANGUAGES = {
    "fr": {"title": "Atelier : agriculture", "theme": "Ville durable", "visit": "Cité de Carcassonne"},
    "zh-hans": {"title": "分论坛：农业", "theme": "可持续城市", "visit": "卡尔卡松古城"},
}


@pytest.fixture
def release(edition):
    """Something of everything, the second public release: a pair without its half, an open hour, parallel items."""
    li = Voice("CN", "LI Shili", "李示例", Words("Directrice", "局长"), Words("Chengdu", "成都市"))
    prefect = Voice("FR", "", "", Words("Préfet", "区长"), Words())
    sheet = Visit(
        place=Words("Cité de Carcassonne", "卡尔卡松古城"), programme=Words("La cité médiévale", "中世纪古城"),
        distance_km=95, travel_minutes=70, duration_minutes=120, is_accessible=None, accessibility=Words("Pavés"),
        identity_document=True, origin="requested", origin_side="CN", verdict_french="kept",
        verdict_chinese="to_specify", is_kept=None, decision_note=Words(),
    )  # fmt: skip
    opening = an_item(
        "Inauguration", "开幕式", code="inauguration", status="proposed",
        parts=(Part("speech", Words("Allocution", "致辞"), 10, True, li), Part("speech", Words("Allocution", "致辞"), 10, False, prefect)),
    )  # fmt: skip
    afternoon = {"starts_at": dt.time(14), "ends_at": dt.time(18), "kind": "informal", "theme": ""}
    a_release(edition, opening, an_item("Déambulation", code="deambulation"))
    return a_release(
        edition,
        an_item("Séminaire", "推介会", day=TUESDAY, starts_at=None, ends_at=None, room="", status="to_be_defined"),
        opening,
        a_workshop("Atelier : agriculture", "分论坛：农业", code="agriculture", theme=""),
        a_workshop("Atelier : ville durable", "", code="ville", leads=(FRENCH_LEAD,), room="pleniere"),
        an_item("Salon 1", "1号洽谈室", audience="invitation", invited=Words("Professionnels"), **afternoon),
        an_item("Visite", "实地考察", code="visite", kind="visit", day=THURSDAY, starts_at=dt.time(11), ends_at=None, room="", visit=sheet, seats=50),
        dropped=(an_item("Déambulation", "巡游", code="deambulation"),),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1440])
def test_somebody_reads_the_programme_by_day_theme_and_place(
    open_page, axe, picture, release, language, width
):
    words = LANGUAGES[language]
    page = open_page(f"/{language}/programme/", width=width)
    axe(page)
    picture(page, f"programme-{language}-{width}")

    for way in ("theme", "lieu"):
        page.locator(f".tabs a[href*='par={way}']").click()
        assert page.locator(f".tabs [aria-current][href*='par={way}']").count() == 1
        axe(page)

    page.locator(".filters summary").click()
    axe(page)
    page.locator("select[name=theme]").select_option(label=words["theme"])
    page.locator(".filters button").click()
    assert page.locator(".item").count() == 1
    axe(page)

    page.locator("select[name=type]").select_option("visit")
    page.locator(".filters button").click()
    assert page.locator(".item").count() == 0
    axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1440])
def test_somebody_reads_about_an_item_and_goes_on_to_the_next(open_page, axe, release, language, width):
    words = LANGUAGES[language]
    page = open_page(f"/{language}/programme/", width=width)

    page.get_by_role("link", name=words["title"], exact=True).click()

    assert page.locator("h1").inner_text().replace("\xa0", " ") == words["title"]
    axe(page)
    page.locator("[rel=next]").click()
    axe(page)
    while page.locator("[rel=next]").count():
        page.locator("[rel=next]").click()
    assert words["visit"] in page.locator("main").inner_text()
    axe(page)
    page.locator(".languages a:not([aria-current])").click()
    assert page.url.endswith("/programme/visite/")
    axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1440])
def test_somebody_looks_at_the_versions_and_at_what_is_gone(open_page, axe, release, language, width):
    page = open_page(f"/{language}/programme/versions/", width=width)
    page.locator("details summary").first.click()
    axe(page)

    page.locator("h2 a").last.click()
    assert page.locator("nav.trail").count() == 1
    axe(page)

    page.goto(f"/{language}/programme/deambulation/")
    axe(page)


@pytest.mark.parametrize("path", ["", "visite/", "versions/"])
def test_it_can_be_read_in_the_dark(open_page, axe, release, path):
    axe(open_page(f"/fr/programme/{path}", color_scheme="dark"))


def test_before_anything_is_public_there_is_a_page_that_helps(open_page, axe, edition):
    axe(open_page("/fr/programme/"))


def test_items_are_heard_and_reached_in_the_order_in_which_they_are_seen(open_page, release):
    page = open_page("/fr/programme/", width=1440)

    seen = page.locator(".day .item h3 a").evaluate_all(
        "links => links.map(a => [a.closest('.day').offsetTop, a.getBoundingClientRect().y, a.getBoundingClientRect().x])"
    )
    page.locator(".filters summary").focus()
    reached = []
    for _unused in range(len(seen)):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.item') !== null"))

    assert seen == sorted(seen)
    assert reached == [True] * len(seen)


def test_parallel_items_stand_side_by_side_at_a_desk_and_beneath_one_another_on_a_phone(open_page, release):
    def places(width):
        page = open_page("/fr/programme/", width=width)
        boxes = page.locator(".lanes-3 > .item").evaluate_all(
            "items => items.map(i => { const b = i.getBoundingClientRect(); return [Math.round(b.x), Math.round(b.y)] })"
        )
        return len({x for x, _y in boxes}), len({y for _x, y in boxes})

    assert places(1440) == (3, 1)
    assert places(320) == (1, 3)


def test_without_javascript_nothing_is_missing(open_page, release):
    page = open_page("/fr/programme/", javascript=False)

    page.locator(".filters summary").click()
    page.locator("select[name=quand]").select_option("2018-12-13")
    page.locator(".filters button").click()

    assert page.locator(".item").count() == 1
    page.locator(".item h3 a").click()
    assert page.locator("h1").inner_text() == "Visite"


def test_on_paper_there_is_the_programme_and_nothing_to_click(open_page, release):
    page = open_page("/fr/programme/", width=794)

    page.emulate_media(media="print")

    for selector in (".tabs", ".filters", ".formats", ".quick", ".main-nav"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator(".item h3").first.is_visible()
    assert page.locator(".release").is_visible()

"""An organiser composes: by mouse, by keys, by plain form; is refused with a reason; meets a colleague's version."""

import re

import pytest
from playwright.sync_api import expect

from program import services
from program.models import Session
from tests.composing_factories import (
    THIRD,
    a_part,
    a_report,
    a_room,
    a_session,
    a_speaker,
    a_visit,
    a_workshop,
    an_open_point,
)
from tests.factories import NOW, an_organisation
from tests.journeys.test_back_office import sign_in


@pytest.fixture
def programme(edition):
    """A morning in one room, a workshop in another, something without an hour, a visit, something abandoned."""
    hall, room = a_room(edition, "Salle plénière"), a_room(edition, "Salle A")
    host = an_organisation("Région", kind="region")
    opening = a_session(edition, "09:00-10:30", room=hall, code="ouverture", title_fr="Ouverture")
    a_part(opening, 90, speaker=a_speaker(edition, organisation=host))
    workshop = a_workshop(edition, "14:00-16:00", room=room, code="atelier", title_fr="Atelier", pair="FR")
    a_session(edition, code="spectacle", title_fr="Spectacle", kind="show")
    a_session(
        edition, code="parade", title_fr="Déambulation", status="abandoned", status_reason_fr="Trop complexe"
    )
    closing = a_session(edition, "10:15-10:45", day=THIRD, room=hall, code="cloture", restitution_limit=5)
    a_report(closing, workshop, 6)
    a_report(closing, workshop, 1)
    a_visit(edition)
    an_open_point(workshop, due_on=None)
    return edition


@pytest.fixture
def compose(open_page, programme):
    def open_(language="fr", path="/admin/composer/", **options):
        page = sign_in(open_page, language, **options)
        page.goto(path)
        return page

    return open_


def place(code):
    s = Session.objects.select_related("room").get(code=code)
    return (s.day.day, f"{s.starts_at:%H:%M}" if s.starts_at else "", f"{s.ends_at:%H:%M}" if s.ends_at else "", str(s.room or ""))  # fmt: skip


def drag(page, code, room, row):
    """Drag a block by its upper part into the column of a room, to a row of five minutes."""
    block = page.locator(f"#seance-{code}")
    page.evaluate("scrollTo(0, document.querySelector('.composer-days').offsetTop)")
    slots = page.locator(
        f"[data-assises-room][data-assises-name='{room}'] [data-assises-slots]"
    ).bounding_box()
    box = block.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 18)
    page.mouse.move(slots["x"] + slots["width"] / 2, slots["y"] + row * 6 + 9, steps=6)
    page.mouse.up()


def said(page):
    return page.locator("[data-assises-live]")


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_composing_pages_are_accessible(compose, axe, picture, language, width):
    page = compose(language, width=width)
    axe(page)
    if width == 1440:
        picture(page, f"composing-{language}")
    for path in (
        "?jour=tous", "nouvelle", "atelier/", "atelier/binome/", "atelier/points/", "atelier/deplacer/",
        "cloture/deroule/", "parade/", "ouverture/abandonner/", "visit", "visibilite",
    ):  # fmt: skip
        if path == "visit":
            path = f"{Session.objects.get(kind='visit').code}/visite/"
        where = {"nouvelle": "/admin/nouvelle-seance/", "visibilite": "/admin/visibilite/"}
        page.goto(where.get(path, f"/admin/composer/{path}"))
        axe(page)
        assert page.locator("h1").count() == 1, path


def test_a_session_is_dragged_to_another_room_and_hour(compose, axe):
    page = compose(width=1440)

    drag(page, "atelier", "Salle plénière", 36)

    expect(said(page)).to_contain_text("Atelier")
    assert place("atelier") == (12, "11:00", "13:00", "Salle plénière")
    expect(page.locator("[data-assises-name='Salle plénière'] #seance-atelier")).to_be_visible()
    expect(page.locator("#seance-atelier [data-assises-move]")).to_be_focused()
    axe(page)


def test_a_refused_move_says_why_and_the_block_stays(compose, axe):
    page = compose(width=1440)

    drag(page, "atelier", "Salle plénière", 18)

    why = "Une autre séance occupe cette salle à cette heure-là."
    expect(said(page)).to_have_text(why)
    expect(page.locator("#seance-atelier .block-refusal")).to_have_text(why)
    expect(page.locator("[data-assises-name='Salle A'] #seance-atelier")).to_be_visible()
    assert place("atelier") == (12, "14:00", "16:00", "Salle A")
    axe(page)


def test_a_session_without_an_hour_is_dragged_onto_the_grid_and_back_to_the_shelf(compose):
    page = compose(width=1440)

    drag(page, "spectacle", "Salle A", 12)
    expect(said(page)).to_contain_text("Spectacle")
    assert place("spectacle") == (12, "09:00", "", "Salle A")

    block = page.locator("#seance-spectacle").bounding_box()
    page.mouse.move(block["x"] + 10, block["y"] + 10)
    page.mouse.down()
    shelf = page.locator("[data-assises-shelf]").bounding_box()
    page.mouse.move(shelf["x"] + 300, shelf["y"] + 20, steps=6)
    page.mouse.up()
    expect(page.locator("[data-assises-shelf] #seance-spectacle")).to_be_visible()
    assert place("spectacle") == (12, "", "", "Salle A")


def test_a_session_dropped_on_a_day_goes_there_and_the_page_follows(compose):
    page = compose(width=1440)
    block = page.locator("#seance-ouverture").bounding_box()
    tab = page.locator("[data-assises-tab='2018-12-11']").bounding_box()

    page.mouse.move(block["x"] + 10, block["y"] + 10)
    page.mouse.down()
    page.mouse.move(tab["x"] + 10, tab["y"] + 10, steps=6)
    page.mouse.up()

    expect(page.locator("[data-assises-day='2018-12-11'] #seance-ouverture")).to_be_visible()
    assert place("ouverture") == (11, "09:00", "10:30", "Salle plénière")
    assert "jour=2018-12-11" in page.url


def test_a_session_is_moved_by_keys(compose):
    page = compose(width=1440)
    page.locator("#seance-atelier [data-assises-move]").focus()

    page.keyboard.press("Space")
    expect(said(page)).to_contain_text("Atelier")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(said(page)).to_contain_text(re.compile(r"13\s?h\s?30"))
    page.keyboard.press("ArrowLeft")
    expect(said(page)).to_contain_text("Salle plénière")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")

    expect(page.locator("[data-assises-day='2018-12-13'] #seance-atelier")).to_be_visible()
    assert place("atelier") == (13, "13:30", "15:30", "Salle plénière")
    expect(page.locator("#seance-atelier [data-assises-move]")).to_be_focused()


def test_escape_puts_back_what_was_taken_up(compose):
    page = compose(width=1440)
    page.locator("#seance-atelier [data-assises-move]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".ghost")).to_have_count(1)

    page.keyboard.press("Escape")

    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator("#seance-atelier [data-assises-move]")).to_be_focused()
    assert place("atelier") == (12, "14:00", "16:00", "Salle A")


def test_a_refusal_by_keys_is_heard(compose):
    page = compose(width=1440)
    page.locator("#seance-atelier [data-assises-move]").focus()
    for key in ["Space", "ArrowLeft", *["ArrowUp"] * 20, "Enter"]:
        page.keyboard.press(key)

    expect(said(page)).to_have_text("Une autre séance occupe cette salle à cette heure-là.")
    assert place("atelier") == (12, "14:00", "16:00", "Salle A")


def test_without_javascript_the_link_opens_a_form_that_moves(compose):
    page = compose(width=1440, javascript=False)
    page.locator("#seance-atelier [data-assises-move]").click()

    page.locator("[name=starts_at]").fill("09:30")
    page.locator("[name=room]").select_option(index=1)
    page.locator(".session-main form [type=submit]").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("Une autre séance occupe cette salle")
    page.locator("[name=starts_at]").fill("11:00")
    page.locator(".session-main form [type=submit]").click()

    assert "#seance-atelier" in page.url
    assert place("atelier") == (12, "11:00", "13:00", "Salle plénière")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_organisers_do_not_overwrite_one_another(compose, axe, javascript):
    page = compose(path="/admin/composer/ouverture/", width=1440, javascript=javascript)
    session = Session.objects.get(code="ouverture")
    services.change_session(session, {"title_fr": "Leur titre", "expected": 80}, version=1, at=NOW, by=None)

    page.locator("[name=title_fr]").fill("Mon titre")
    page.locator(".session-main form .default").click()

    expect(page.locator(".conflict")).to_be_visible()
    versions = page.locator("[aria-labelledby=versions]")
    expect(versions).to_contain_text("Leur titre")
    expect(versions).to_contain_text("Mon titre")
    expect(page.locator("[name=title_fr]")).to_have_value("Mon titre")
    if javascript:
        axe(page)
    page.locator(".session-main form .default").click()

    page.wait_for_load_state()
    session.refresh_from_db()
    assert (session.title_fr, session.expected, session.version) == ("Mon titre", 80, 3)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_running_order_is_written_reordered_and_saved(compose, axe, javascript):
    page = compose(path="/admin/composer/cloture/deroule/", javascript=javascript)
    expect(page.locator(".sums .late")).to_contain_text("2")

    page.locator("[name=add]").click()
    page.locator("[name=part-n1-title_fr]").fill("Clôture")
    page.locator("[name=part-n1-minutes]").fill("12")
    page.locator("[name=up][value=n1]").click()
    expect(page.locator(".part-row").nth(1).locator("[name$=title_fr]")).to_have_value("Clôture")
    page.locator("[name=remove]").nth(2).click()
    if javascript:
        axe(page)
    page.locator(".order-form .default").click()

    page.wait_for_load_state()
    closing = Session.objects.get(code="cloture")
    assert [(p.kind, p.minutes) for p in closing.parts.all()] == [("report", 6), ("speech", 12)]


def test_the_timer_counts_warns_and_goes_over(compose, axe, picture):
    page = compose(path="/admin/composer/cloture/deroule/", width=1440)
    page.clock.install()
    page.locator("a[href*=minuteur]").first.click()
    time, stage = page.locator("[data-assises-time]"), page.locator("main")
    expect(time).to_have_text("6:00")
    axe(page)

    page.keyboard.press("Space")
    page.clock.run_for(90_000)
    expect(time).to_have_text("4:30")
    page.keyboard.press("Space")
    page.clock.run_for(60_000)
    expect(time).to_have_text("4:30")
    page.reload()
    expect(time).to_have_text("4:30")

    page.locator("[data-assises-run]").click()
    page.clock.run_for(215_000)
    expect(time).to_have_text("0:55")
    expect(stage).to_have_attribute("data-assises-state", "soon")
    axe(page)
    page.clock.run_for(70_000)
    expect(time).to_have_text("+00:15")
    expect(stage).to_have_attribute("data-assises-state", "over")
    expect(page.locator("[data-assises-said]")).not_to_be_empty()
    axe(page)
    picture(page, "timer-fr")

    page.keyboard.press("r")
    expect(time).to_have_text("6:00")
    page.locator("[data-assises-next]").click()
    expect(time).to_have_text("1:00")


@pytest.mark.parametrize("width", [320, 1440])
def test_without_javascript_the_timer_shows_the_plan_by_the_clock(compose, width):
    page = compose(path="/admin/composer/cloture/deroule/", width=width, javascript=False)
    page.locator("a[href*=minuteur]").first.click()

    expect(page.locator("[data-assises-word]")).to_contain_text(re.compile(r"10\s?h\s?15.*10\s?h\s?21"))
    expect(page.locator("[data-assises-controls]")).to_be_hidden()

"""A pair applies for the award: from the first form to the receipt, with a film whose line goes and comes back."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from assises import clock, memory
from assises.enums import MilestoneKey, Side
from assises.models import Milestone, OutgoingEmail, Upload
from awards.enums import ApplicationState
from awards.models import Application, Film
from tests.application_factories import a_file, an_authority, an_open_call
from tests.factories import NOW
from tests.films import a_film
from tests.journeys.conftest import Network

WORDS = {
    "fr": {
        "title": "Des lanternes qui restent",
        "summary": "Deux villes forment ensemble leurs lanterniers.",
    },
    "zh-hans": {"title": "留下的彩灯", "summary": "两座城市共同培养彩灯工匠。"},
}
LOST = {"fr": "La connexion est coupée", "zh-hans": "连接"}
MEGABYTE = 1_000_000


@pytest.fixture
def call(edition, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    call = an_open_call(edition)
    # Open at the hour of the journeys.
    Milestone.objects.filter(key=MilestoneKey.AWARD_CALL_CLOSES).update(starts_at=NOW.replace(year=2090))
    # The rules told everybody another date; the later of the two counts.
    an_authority(Side.FRENCH, "Gaillac")
    an_authority(Side.CHINESE, "Zigong")
    memory.forget()
    return call


@pytest.fixture
def film(tmp_path):
    """Large enough for the line to go while it is on its way."""
    return a_film(tmp_path / "notre-film.mp4", seconds=6, size=(640, 480), rate=25, is_noise=True)


def begin(page, language):
    page.locator("[name=french]").fill("Gaillac")
    page.locator("[name=chinese]").fill("Zigong")
    page.locator("[name=category][value=tourism]").check()
    page.locator("[name=given_name]").fill("Zoé" if language == "fr" else "示例")
    page.locator("[name=family_name]").fill("d’Essai" if language == "fr" else "李")
    page.locator("[name=email]").fill("zoe@example.org")
    page.locator("main button[type=submit]").last.click()


@pytest.mark.parametrize(("language", "width"), [("fr", 1440), ("zh-hans", 320)])
def test_a_pair_applies_with_a_film_whose_upload_is_cut_and_resumed(
    open_page, axe, picture, call, film, language, width
):
    def look(name):
        axe(page)
        picture(page, f"apply-{name}-{language}-{width}")

    page = open_page(f"/{language}/prix/", width=width)
    page.locator(f"a[href='/{language}/prix/candidature/']").click()
    look("begin")
    begin(page, language)
    expect(page.locator("main[data-assises-state=draft]")).to_be_visible()
    look("draft")

    page.locator("a[href$='/projet/']").first.click()
    for name, value in WORDS[language].items():
        page.locator(f"[name={name}]").fill(value)
    for name in ("exemplary", "existing", "concrete", "reproducible"):
        page.locator(f"[name={name}]").fill(WORDS[language]["summary"])
    look("project")
    page.locator("button[name=next]").click()

    page.wait_for_url("**/pieces/")
    for side in Side:
        page.locator(f"[name={side}-letter]").set_input_files(
            {"name": "lettre.pdf", "mimeType": "application/pdf", "buffer": a_file().read()}
        )
        page.locator(f"form:has([name=sent][value={side}]) button:not([name])").click()
        expect(page.locator(".file-there")).to_have_count(1 if side == Side.FRENCH else 2)
    look("files")

    page.locator("main a.btn-primary").last.click()
    page.wait_for_url("**/film/")
    network = Network(page)
    network.be(MEGABYTE)
    page.locator("[name=film]").set_input_files(film)
    page.locator("form:has([name=sent][value=film]) button:not([name], [type=button])").click()
    expect(page.locator("[data-assises-upload-figures]")).to_contain_text(re.compile(r"[1-9]\d?\s?%"))
    # The line goes, and the laptop is closed: the same page, opened again, goes on with the same file.
    network.be(MEGABYTE, offline=True)
    expect(page.locator("[data-assises-upload-said]")).to_contain_text(LOST[language])
    look("film-lost")
    network.be(-1)
    page.reload()
    page.locator("[name=film]").set_input_files(film)
    page.locator("form:has([name=sent][value=film]) button:not([name], [type=button])").click()
    expect(page.locator("video.film")).to_be_visible(timeout=30_000)
    assert Upload.objects.count() == 1
    assert Film.objects.get().bytes == film.stat().st_size
    look("film")
    # It plays, from our own server, by ranges.
    assert page.evaluate(
        "() => new Promise((done) => { const v = document.querySelector('video'); v.muted = true;"
        " v.ontimeupdate = () => v.currentTime > 0 && done(true); v.play(); })"
    )

    page.locator("main a.btn-primary").last.click()
    page.wait_for_url("**/droits/")
    page.locator("[name=people_agree]").check()
    page.locator("[name=music][value=none]").check()
    look("rights")
    page.locator("button[name=next]").click()

    page.wait_for_url("**/depot/")
    page.locator("main form button").click()
    expect(page.locator(".notice-error")).to_be_visible()
    look("not-accepted")
    page.locator("[name=accept]").check()
    page.locator("main form button").click()
    expect(page.locator("main[data-assises-state=submitted]")).to_be_visible()
    look("submitted")
    row = Application.objects.get()
    assert (row.state, row.number, row.original) == (ApplicationState.SUBMITTED, 1, language)
    receipt = OutgoingEmail.objects.get(event="awards/application_submitted")
    assert receipt.language == language
    assert clock.now() - row.submitted_at < dt.timedelta(minutes=5)


def test_two_of_a_pair_in_two_browsers_do_not_overwrite_one_another(open_page, axe, call):
    first = open_page("/fr/prix/candidature/")
    begin(first, "fr")
    own = first.url
    second = open_page("/fr/")
    for page, text in ((first, "Le premier titre"), (second, "Le second titre")):
        page.goto(f"{own}projet/")
        page.locator("[name=title]").fill(text)
    first.locator("button[name=next]").click()
    first.wait_for_url("**/pieces/")
    second.locator("button[name=next]").click()
    expect(second.locator("#stands")).to_be_visible()
    axe(second)
    expect(second.locator("main")).to_contain_text("Le premier titre")
    expect(second.locator("[name=title]")).to_have_value("Le second titre")
    assert Application.objects.get().title_fr == "Le premier titre"
    second.locator("button[name=next]").click()
    second.wait_for_url("**/pieces/")
    assert Application.objects.get().title_fr == "Le second titre"

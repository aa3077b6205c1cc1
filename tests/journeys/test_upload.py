"""A large file from a real browser to a real server: the line goes, the page is closed, and little is lost."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assises import files
from assises.models import Upload
from tests.films import a_film
from tests.journeys.conftest import Network
from tests.uploading.server import Server

MEGABYTE = 1_000_000
#: Bytes a second that the browser's line has.
SLOW, FAST = 4 * MEGABYTE, -1


@pytest.fixture
def server(transactional_db: None, tmp_path: Path, settings: object) -> Iterator[Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    settings.FILES_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    with Server(folder, tmp_path / "files") as running:
        yield running


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "notre-film.mp4"
    path.write_bytes(os.urandom(30 * MEGABYTE))
    return path


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def come(language: str = "fr", *, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.port}", viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda m: m.type == "error" and "Failed to load resource" not in m.text and faults.append(m.text),
        )
        page.goto(f"/{language}/tests/film/12/")
        return page

    yield come
    for context in contexts:
        context.close()
    assert faults == []


def begin(page: Page, film: Path) -> None:
    page.get_by_label("Titre").fill("Ensemble")
    page.get_by_label("Film").set_input_files(film)
    page.get_by_role("button", name=re.compile("Envoyer")).click()


def said(page: Page) -> object:
    return expect(page.locator(".upload [role=status]"))


def test_a_line_that_goes_and_comes_back(visitor: Callable[..., Page], film: Path) -> None:
    page = visitor()
    network = Network(page)
    network.be(SLOW)
    begin(page, film)
    said(page).to_contain_text("en cours d’envoi")
    expect(page.locator("[data-assises-upload-figures]")).to_contain_text(re.compile(r"[1-9]\d?\s%"))

    network.be(SLOW, offline=True)
    said(page).to_contain_text("La connexion est coupée")
    network.be(FAST)

    expect(page.locator("[data-received]")).to_contain_text(
        re.compile(r"notre-film\.mp4, 30000000, «\sEnsemble\s»")
    )
    assert Upload.objects.get().size == 30 * MEGABYTE


def test_a_page_that_was_closed_and_opened_again(visitor: Callable[..., Page], film: Path) -> None:
    page = visitor()
    network = Network(page)
    network.be(SLOW)
    begin(page, film)
    expect(page.locator("[data-assises-upload-figures]")).to_contain_text(re.compile(r"[3-9]\d\s%"))
    page.reload()
    said(page).to_contain_text("notre-film.mp4\u00a0» n’est pas arrivé en entier")

    page.get_by_label("Film").set_input_files(film)
    said(page).to_contain_text(re.compile(r"\d\sMo sur 30\sMo sont déjà là"))
    here = Upload.objects.get().offset
    assert here >= 4 * MEGABYTE
    page.get_by_label("Titre").fill("Ensemble")
    sent: list[int] = []
    page.on(
        "request", lambda r: sent.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None
    )
    network.be(FAST)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("[data-received]")).to_be_visible()
    assert sent[0] == here
    assert Upload.objects.count() == 1


def test_pause_and_continue_by_keyboard(visitor: Callable[..., Page], film: Path) -> None:
    page = visitor()
    network = Network(page)
    network.be(SLOW)
    begin(page, film)
    expect(page.locator("[data-assises-upload-figures]")).to_contain_text(re.compile(r"[1-9]\d?\s%"))

    page.get_by_role("button", name="Pause").press("Enter")
    said(page).to_contain_text(re.compile(r"En pause\. .* sur 30\sMo"))
    network.be(FAST)
    page.get_by_role("button", name="Continuer").press("Enter")

    expect(page.locator("[data-received]")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Le dépôt des films est clos."), ("zh-hans", "Le dépôt")]
)
def test_what_the_server_refuses_is_said_at_the_field(
    visitor: Callable[..., Page], film: Path, language: str, words: str
) -> None:
    page = visitor(language)
    page.goto(f"/{language}/tests/film/closed/")
    begin(page, film)

    expect(page.locator(".upload [role=alert]")).to_contain_text(words)
    expect(page.get_by_label("Film")).to_be_focused()


def test_a_file_that_is_too_large_is_said_before_it_is_sent(
    visitor: Callable[..., Page], tmp_path: Path
) -> None:
    page = visitor("zh-hans")
    with (tmp_path / "large.mp4").open("wb") as file:
        file.truncate(700 * MEGABYTE)
    page.get_by_label("Film").set_input_files(tmp_path / "large.mp4")

    expect(page.locator(".upload [role=alert]")).to_contain_text("此文件过大：700 MB，最大为629 MB")


def test_a_form_that_is_not_complete_waits_for_its_rest(visitor: Callable[..., Page], film: Path) -> None:
    page = visitor()
    page.get_by_label("Film").set_input_files(film)
    page.get_by_role("button", name="Envoyer").click()
    said(page).to_contain_text("Complétez le formulaire")

    page.get_by_label("Titre").fill("Ensemble")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("[data-received]")).to_be_visible()


def test_a_form_that_comes_back_keeps_the_file_until_another_is_chosen(
    visitor: Callable[..., Page], film: Path, tmp_path: Path
) -> None:
    page = visitor()
    page.get_by_label("Film").set_input_files(film)
    page.get_by_label("Titre").fill(" ")
    page.get_by_role("button", name="Envoyer").click()
    said(page).to_contain_text("Le fichier est déjà là.")

    page.get_by_label("Titre").fill("Ensemble")
    (tmp_path / "autre.mp4").write_bytes(b"another film")
    page.get_by_label("Film").set_input_files(tmp_path / "autre.mp4")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("[data-received]")).to_contain_text("autre.mp4")


def test_without_scripts_the_form_brings_the_file(visitor: Callable[..., Page], film: Path) -> None:
    page = visitor(java_script_enabled=False)
    begin(page, film)

    expect(page.locator("[data-received]")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1440])
def test_each_state_is_accessible(
    visitor: Callable[..., Page],
    film: Path,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    language: str,
    width: int,
) -> None:
    page = visitor(language, width=width)
    network = Network(page)
    network.be(SLOW)
    axe(page)
    begin(page, film)
    expect(page.locator("[data-assises-upload-figures]")).to_contain_text(re.compile(r"[2-9]\d"))
    axe(page)
    picture(page, f"upload-sending-{language}-{width}")
    network.be(SLOW, offline=True)
    said(page).to_contain_text(re.compile("coupée|中断"))
    axe(page)
    picture(page, f"upload-lost-{language}-{width}")
    page.close()
    page = visitor(language, width=width)
    page.goto(f"/{language}/tests/film/closed/")
    begin(page, film)
    expect(page.locator(".upload [role=alert]")).to_contain_text("clos")
    axe(page)
    picture(page, f"upload-refused-{language}-{width}")


def test_a_film_plays_and_is_wound_from_our_own_server(
    visitor: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    """Of 20 MB and more: the player asks for ranges, and goes on where an answer without an end was cut short."""
    path = a_film(
        tmp_path / "film.webm", seconds=9, size=(640, 480), pictures="libvpx", sound=None, is_noise=True
    )
    assert path.stat().st_size > 20 * MEGABYTE
    key = files.put([path.read_bytes()])
    page = visitor()
    asked: list[str | None] = []
    page.on("request", lambda r: asked.append(r.headers.get("range")) if "fichier" in r.url else None)

    played = page.evaluate(
        """async (address) => {
            const video = document.createElement("video");
            video.muted = true;
            document.querySelector("main").append(video);
            const heard = (name) => new Promise((done, failed) => {
                video.addEventListener(name, done, { once: true });
                video.addEventListener("error", () => failed(video.error), { once: true });
            });
            const loaded = heard("loadeddata");
            video.src = address;
            await loaded;
            const wound = heard("seeked");
            video.currentTime = 8;
            await wound;
            const ended = heard("ended");
            await video.play();
            await ended;
            return [video.duration, video.videoWidth];
        }""",
        f"/tests/fichier/{key}?kind=webm",
    )

    assert played == [pytest.approx(9, abs=0.2), 640]
    assert asked[0] == "bytes=0-"
    assert len(asked) > 1

"""A real browser on a real server: the system's Chromium, through Playwright."""

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from assises import clock, memory
from assises.models import Edition, User
from tests.account_factories import a_second_factor, code
from tests.factories import NOW, an_edition, an_organisation

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
#: Screenshots for the README, made anew when this variable names a folder.
SCREENSHOTS = os.environ.get("ASSISES_SCREENSHOTS")
#: What axe checks: WCAG 2.1 A and AA, and its own best practices.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
    # It would put copies of the style sheets into the page, which the page's policy refuses.
    "preload": False,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def site(transactional_db: None, live_server: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the site, where it is Monday 15 October 2018."""
    started = dt.datetime.now(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: NOW + (dt.datetime.now(dt.UTC) - started))
    memory.forget()
    return str(live_server)


@pytest.fixture
def edition(transactional_db: None) -> Edition:
    """Three places for authorities, two for tourism; a town and its partner are known."""
    edition = an_edition(elected=3, tourism=2)
    an_organisation("Montpellier", siren="213401722", name_zh_hans="蒙彼利埃")
    an_organisation("Montpellier Méditerranée Métropole", kind="metropole", siren="243400017")
    return edition


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """``open_page("/fr/")``: a page in a context of its own; foreign hosts and console errors fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(path: str, *, width: int = 1280, javascript: bool = True, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, base_url=site, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda r: r.url.startswith((site, "data:", "blob:")) or faults.append(f"foreign: {r.url}"),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda m: m.type == "error" and "Failed to load resource" not in m.text and faults.append(m.text),
        )
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """``axe(page)``: no violation, in the state that the page is in, and nothing that scrolls sideways."""
    checker = Axe()

    def check(page: Page) -> None:
        found = checker.run(page, options=AXE_OPTIONS).response["violations"]
        told = [(v["id"], v["help"], [n["target"] for n in v["nodes"]][:3]) for v in found]
        assert told == [], f"{page.url}: {told}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} pixels"

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """``picture(page, "form-fr")``: keep a screenshot, if screenshots are wanted."""

    def take(page: Page, name: str) -> None:
        if SCREENSHOTS:
            Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SCREENSHOTS}/{name}.png")

    return take


def log_in(page: Page, email: str, password: str = "a long password") -> None:
    """Type address and password at the one door, where the page has led."""
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


def log_in_with_code(page: Page, user: User) -> None:
    """As ``log_in``, with the code of an app for codes that is enrolled here."""
    a_second_factor(user)
    log_in(page, user.email)
    page.wait_for_url("**/connexion/code/")
    page.locator("[name=code]").fill(code())
    page.locator("[name=code]").press("Enter")


class Network:
    """What the line of a page is worth."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")

    def be(self, speed: int, *, offline: bool = False) -> None:
        """``speed`` in bytes a second that leave the browser; -1 for all that it can."""
        self.session.send(
            "Network.emulateNetworkConditions",
            {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed},
        )


def state(page: Page) -> str | None:
    """The state that the page carries for machines."""
    return page.locator("main").get_attribute("data-assises-state")


def link_in(letter: str) -> str:
    """The path of the link in the text of a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+/inscription/\S+)", letter)
    assert found, letter
    return found[1]

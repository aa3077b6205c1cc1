"""At the entrance: phones that scan and search, with a network and without one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect

from assises import journal
from registration import services
from registration.badges import badge_payload
from registration.models import Registration
from tests.factories import CLOSES, NOW, a_member_of_staff, a_registration
from tests.journeys.conftest import CHROMIUM, log_in

WORDS = {
    "fr": {"path": "/fr/accueil/"},
    "zh-hans": {"path": "/zh-hans/accueil/"},
}


@pytest.fixture
def host(transactional_db):
    """Somebody who may check people in, and nothing else."""
    user = a_member_of_staff(is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="check_in"))
    return user


@pytest.fixture
def open_desk(open_page, host) -> Callable[..., Page]:
    """``open_desk()``: a phone of its own, signed in, which has read the guest list and may lose the network."""

    def open_(path: str = "/fr/accueil/", *, desk: str = "", **options) -> Page:
        page = open_page(f"/admin/login/?next={path}", width=390, **options)
        log_in(page, host.email)
        page.wait_for_url(f"**{path}")
        if options.get("javascript", True):
            expect(network(page)).to_have_attribute("data-assises-network", "online")
            page.evaluate("navigator.serviceWorker.ready.then(() => null)")
            page.wait_for_function("navigator.serviceWorker.controller")
        if desk:
            page.locator("#device").fill(desk)
            page.locator("#device").blur()
        return page

    return open_


@pytest.fixture
def guest(edition) -> Registration:
    registration = a_registration(edition)
    services.change(
        registration, details={"given_name": "Zoé", "family_name": "d’Évry", "name_zh": "李明"}, at=NOW
    )
    services.confirm([registration], at=NOW)
    registration.refresh_from_db()
    return registration


def network(page: Page):
    return page.locator("[data-assises-network]")


def panel(page: Page, kind: str):
    return page.locator(f".desk-panel[data-assises-kind={kind}]")


def search(page: Page, text: str) -> None:
    page.locator("#q").fill(text)


def rows(page: Page):
    return page.locator("[data-assises-people] > li")


def type_code(page: Page, registration: Registration) -> None:
    search(page, registration.code.lower())
    page.locator("#q").press("Enter")


def kept(page: Page, store: str) -> list[dict]:
    """What the phone keeps in one of its stores."""
    return page.evaluate(
        """(store) => new Promise((resolve) => {
            const opening = indexedDB.open("assises-desk");
            opening.onsuccess = () => {
                const asked = opening.result.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
            };
        })""",
        store,
    )


def actions(registration: Registration) -> list[str]:
    skip = ("registered", "confirmed", "changed")
    return [entry.action for entry in journal.of(registration).order_by("pk") if entry.action not in skip]


def status(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.status


@pytest.mark.parametrize("language", WORDS)
def test_people_are_checked_in_without_a_network_and_sent_when_it_is_back(
    open_desk, axe, picture, guest, language
):
    page = open_desk(WORDS[language]["path"], desk="A")
    axe(page)
    picture(page, f"desk-{language}")
    search(page, "d'evry")
    expect(rows(page)).to_have_count(1)
    axe(page)
    picture(page, f"desk-found-{language}")

    # The network is gone, and the browser was closed: the page opens all the same.
    page.context.set_offline(True)
    page.reload()
    expect(network(page)).to_have_attribute("data-assises-network", "offline")
    for text in ("EVRY zoe", "李明", "li ming", "liming"):
        search(page, text)
        expect(rows(page)).to_have_count(1)
    rows(page).get_by_role("button").click()
    expect(panel(page, "welcome")).to_contain_text("Zoé")
    expect(network(page)).to_have_attribute("data-assises-pending", "1")
    expect(page.locator("[data-assises-arrived]")).to_have_text("1")
    axe(page)
    picture(page, f"desk-offline-{language}")
    assert status(guest) == "confirmed"

    # Twice without a network: nothing noted is lost by closing the page.
    page.reload()
    expect(network(page)).to_have_attribute("data-assises-pending", "1")
    page.context.set_offline(False)
    expect(network(page)).to_have_attribute("data-assises-network", "online")
    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert status(guest) == "checked_in"
    assert journal.of(guest)[0].details["device"] == "A"


def test_a_badge_used_at_two_desks_is_told_to_both_and_kept(open_desk, axe, picture, guest):
    first, second = open_desk(desk="A"), open_desk(desk="B")

    first.context.set_offline(True)
    type_code(first, guest)
    expect(panel(first, "welcome")).to_be_visible()
    type_code(second, guest)
    expect(panel(second, "welcome")).to_be_visible()
    expect(network(second)).to_have_attribute("data-assises-pending", "0")
    # The person in front of the first phone has gone on; the phone tells it when it learns it.
    first.locator("[data-assises-action=close]").click()
    first.context.set_offline(False)

    notes = first.locator("[data-assises-notes] li")
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("d’Évry")
    expect(notes).to_contain_text("B")
    axe(first)
    picture(first, "desk-double")
    assert actions(guest) == ["checked in", "checked in again"]
    # In the order of the hours, latest first: the phone without a network had seen the person earlier.
    assert [entry.details["device"] for entry in journal.of(guest)[:2]] == ["B", "A"]
    # And the second desk sees it at its next look.
    search(second, "evry")
    second.evaluate("dispatchEvent(new Event('online'))")
    expect(rows(second).locator(".desk-again")).to_contain_text("A")
    notes.get_by_role("button").click()
    expect(first.locator("[data-assises-notes]")).to_be_hidden()


def test_a_badge_used_twice_at_one_desk_is_told_at_once_and_undone(open_desk, axe, picture, guest):
    page = open_desk(desk="North")

    type_code(page, guest)
    expect(panel(page, "welcome")).to_be_visible()
    picture(page, "desk-welcome")
    type_code(page, guest)

    expect(panel(page, "again")).to_contain_text("North")
    axe(page)
    picture(page, "desk-again")
    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert actions(guest) == ["checked in", "checked in again"]
    page.locator("[data-assises-action=undo]").click()
    expect(panel(page, "undone")).to_be_visible()
    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert status(guest) == "confirmed"


def test_an_arrival_that_another_desk_noted_first_is_told_on_the_spot(open_desk, guest):
    page = open_desk()
    services.check_in(guest, at=NOW, device="B")

    type_code(page, guest)

    expect(panel(page, "again")).to_contain_text("B")


def test_who_waits_gets_a_place_only_with_a_network(open_desk, axe, picture, edition):
    holders = [a_registration(edition) for _unused in range(5)]
    waiting, after = a_registration(edition), a_registration(edition)
    services.cancel(holders[0], at=CLOSES)
    page = open_desk()

    page.context.set_offline(True)
    type_code(page, waiting)
    expect(panel(page, "waiting")).to_contain_text("1")
    expect(page.locator("[data-assises-action=admit]")).to_have_count(0)
    axe(page)
    picture(page, "desk-waiting-offline")
    page.context.set_offline(False)
    type_code(page, after)
    page.locator("[data-assises-action=admit]").click()
    expect(panel(page, "waiting")).to_contain_text(waiting.full_name)
    type_code(page, waiting)
    page.locator("[data-assises-action=admit]").click()

    expect(panel(page, "welcome")).to_be_visible()
    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert status(waiting) == "checked_in"
    assert status(after) == "waiting"


def test_who_may_not_enter_is_told_why_and_what_to_do(open_desk, axe, picture, edition):
    cancelled, refused = a_registration(edition), a_registration(edition)
    services.cancel(cancelled, at=NOW)
    services.refuse(refused, reason="Not a local authority.", at=NOW, by=None)
    page = open_desk()

    for registration, kind in ((cancelled, "cancelled"), (refused, "refused")):
        type_code(page, registration)
        expect(panel(page, kind)).to_contain_text(registration.full_name)
        axe(page)
    search(page, "ZZZZZ-ZZZZZ")
    page.locator("#q").press("Enter")

    expect(panel(page, "unknown")).to_contain_text("ZZZZZZZZZZ")
    axe(page)
    picture(page, "desk-unknown")
    search(page, "nobody of this name")
    expect(page.locator("[data-assises-found]")).to_be_visible()


def test_a_colleague_registered_after_the_list_was_read_is_welcome(open_desk, edition):
    page = open_desk()
    late = a_registration(edition)

    type_code(page, late)

    expect(panel(page, "welcome")).to_contain_text(late.full_name)
    assert status(late) == "checked_in"


def test_what_was_typed_for_a_walk_in_waits_for_the_network(open_desk, axe, picture, edition):
    page = open_desk()
    page.context.set_offline(True)
    page.locator("a[href$='sans-inscription/']").click()
    typed = {
        "given_name": "Dominique", "family_name": "Imprévu", "organisation": "Ville de Nulle-Part",
        "job_title": "Maire", "email": "dominique@example.org",
    }  # fmt: skip
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)

    page.locator("main form button").click()
    expect(page.locator("[data-assises-offline]")).to_be_visible()
    axe(page)
    picture(page, "desk-walk-in-offline")
    page.reload()
    for name, value in typed.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    page.context.set_offline(False)
    page.locator("main form button").click()

    page.wait_for_url("**/fr/accueil/**")
    expect(panel(page, "waiting")).to_contain_text("Imprévu")
    assert Registration.objects.get().status == "waiting"
    # The next person starts from an empty form.
    page.locator("a[href$='sans-inscription/']").click()
    expect(page.locator("[name=email]")).to_have_value("")


def test_signing_out_erases_the_phone_and_waits_for_what_is_not_sent(open_desk, guest):
    page = open_desk()
    assert len(kept(page, "guests")) == 1
    page.context.set_offline(True)
    type_code(page, guest)
    out = page.locator("[data-assises-logout] button")

    out.click()
    expect(page.locator("[data-assises-logout-refused]")).to_be_visible()
    page.context.set_offline(False)
    out.click()
    page.wait_for_url("**/admin/logout/")

    assert status(guest) == "checked_in"
    assert {name: kept(page, name) for name in ("guests", "queue", "notes", "drafts", "facts")} == {
        "guests": [], "queue": [], "notes": [], "drafts": [], "facts": [],
    }  # fmt: skip
    assert page.evaluate("caches.keys()") == []


def test_a_session_that_ended_erases_the_names_but_loses_no_arrival(open_desk, axe, guest, host):
    page = open_desk()
    page.context.set_offline(True)
    type_code(page, guest)
    expect(network(page)).to_have_attribute("data-assises-pending", "1")
    cookies = [c for c in page.context.cookies() if c["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.context.set_offline(False)

    expect(page.locator("[data-assises-problem]")).to_be_visible()
    assert kept(page, "guests") == []
    [waiting] = kept(page, "queue")
    assert guest.full_name not in json.dumps(waiting)
    axe(page)
    page.locator("[data-assises-problem] a").click()
    log_in(page, host.email)

    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert status(guest) == "checked_in"


def test_a_right_that_was_taken_away_erases_the_phone(open_desk, guest, host):
    page = open_desk()
    host.user_permissions.clear()

    page.locator("#q").fill("x")
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("[data-assises-problem]")).to_be_visible()
    assert kept(page, "guests") == []


def test_after_the_last_day_the_phone_forgets_without_being_told(open_desk, guest):
    page = open_desk()
    page.context.set_offline(True)
    page.reload()
    assert len(kept(page, "guests")) == 1

    # Two months pass in a drawer.
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {65 * 24 * 3600 * 1000}")
    page.reload()

    expect(page.locator("[data-assises-problem]")).to_be_visible()
    assert kept(page, "guests") == []


@pytest.mark.parametrize("language", WORDS)
def test_the_desk_works_without_javascript(open_desk, axe, picture, guest, language):
    page = open_desk(WORDS[language]["path"], javascript=False)

    search(page, "d'evry")
    page.locator("#q").press("Enter")
    rows(page).get_by_role("button").click()

    expect(rows(page)).to_have_attribute("data-assises-state", "checked_in")
    expect(page.locator("[data-assises-arrived]")).to_have_text("1")
    picture(page, f"desk-plain-{language}")
    assert status(guest) == "checked_in"
    rows(page).get_by_role("button").click()
    expect(rows(page)).to_have_attribute("data-assises-state", "confirmed")


# --- The camera ----------------------------------------------------------------------------------


def film(path: Path, text: str, *, width: int = 640, height: int = 480) -> Path:
    """A film of a badge: ten frames of its QR code, as a camera would give them (4:2:0)."""
    code = segno.make(text, error="m", micro=False)
    modules = [list(row) for row in code.matrix_iter(border=4)]
    scale = 300 // len(modules)
    top, left = (height - scale * len(modules)) // 2, (width - scale * len(modules)) // 2
    luma = bytearray(b"\xb4" * (width * height))
    for y in range(scale * len(modules)):
        line = b"".join((b"\x18" if dark else b"\xf0") * scale for dark in modules[y // scale])
        start = (top + y) * width + left
        luma[start : start + len(line)] = line
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode() + frame * 10)
    return path


@pytest.fixture
def with_camera(playwright, site, host, tmp_path):
    """``with_camera(text)``: a phone before whose camera somebody holds this code; "" refuses the camera."""
    opened = []

    def open_(text: str) -> Page:
        camera = ["--use-fake-device-for-media-stream"]
        if text:
            video = film(tmp_path / "badge.y4m", text)
            camera += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
        else:
            camera += ["--deny-permission-prompts"]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *camera]
        )
        opened.append(browser)
        page = browser.new_page(viewport={"width": 390, "height": 900}, base_url=site)
        page.goto("/admin/login/?next=/fr/accueil/")
        log_in(page, host.email)
        expect(network(page)).to_have_attribute("data-assises-network", "online")
        return page

    yield open_
    for browser in opened:
        browser.close()


needs_decoder = pytest.mark.skipif(
    finders.find("qr/decode.js") is None, reason="The QR decoder is missing: npm ci --ignore-scripts"
)


@needs_decoder
def test_a_badge_before_the_camera_is_an_arrival_once(with_camera, picture, guest):
    page = with_camera(badge_payload(guest))

    page.locator("[data-assises-scan]").click()

    expect(panel(page, "welcome")).to_contain_text("Zoé", timeout=20_000)
    picture(page, "desk-camera")
    # It stays there for some seconds: still one arrival.
    page.wait_for_timeout(2000)
    expect(panel(page, "welcome")).to_be_visible()
    expect(network(page)).to_have_attribute("data-assises-pending", "0")
    assert actions(guest) == ["checked in"]
    page.locator("[data-assises-scan]").click()
    expect(page.locator("[data-assises-camera]")).to_be_hidden()


@needs_decoder
def test_the_camera_reads_without_a_network(with_camera, guest):
    page = with_camera(badge_payload(guest))
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("navigator.serviceWorker.controller")
    page.context.set_offline(True)
    page.reload()

    page.locator("[data-assises-scan]").click()

    expect(panel(page, "welcome")).to_contain_text("Zoé", timeout=20_000)
    assert status(guest) == "confirmed"


@needs_decoder
def test_another_code_is_said_to_be_no_badge(with_camera, guest):
    page = with_camera("https://example.org/")

    page.locator("[data-assises-scan]").click()

    expect(page.locator("[data-assises-camera-said]")).not_to_be_empty(timeout=20_000)
    assert status(guest) == "confirmed"


@needs_decoder
def test_a_refused_camera_is_one_clear_line(with_camera, picture, guest):
    page = with_camera("")

    page.locator("[data-assises-scan]").click()

    expect(page.locator("[data-assises-camera-said]")).not_to_be_empty()
    expect(page.locator("#q")).to_be_focused()
    picture(page, "desk-no-camera")


def test_a_browser_that_reads_no_codes_says_so(open_desk, guest):
    page = open_desk()
    page.add_init_script(
        """delete globalThis.BarcodeDetector;
        new MutationObserver(() => document.querySelector("main")?.setAttribute("data-assises-qr-decoder", ""))
            .observe(document, { childList: true, subtree: true });"""
    )
    page.reload()
    expect(network(page)).to_have_attribute("data-assises-network", "online")

    page.locator("[data-assises-scan]").click()

    expect(page.locator("[data-assises-camera-said]")).not_to_be_empty()
    expect(page.locator("#q")).to_be_focused()

"""A coordinator translates the programme: what is missing, what is out of date, with a colleague, and by file."""

import polib
import pytest
from playwright.sync_api import expect

from assises import accounts
from program.enums import TranslationState as State
from program.models import Session
from tests.journeys.test_back_office import sign_in
from tests.translation_factories import a_contribution, a_session, an_open_point, known, text

LIST = "/admin/traductions/"


@pytest.fixture
def programme(edition):
    """One text missing, one whose French has changed, one draft with bad typography, one from Chinese."""
    accounts.ensure_groups()
    missing = a_session(edition, "Restitutions et clôture", summary_fr="")
    stale = a_session(edition, "Dîner de gala au musée des Augustins", "卡皮托勒欢迎晚宴")
    known(stale, "Dîner de gala au Capitole", "卡皮托勒欢迎晚宴")
    draft = a_session(edition, "Atelier : tourisme, agriculture", "分论坛:旅游,农业 (在 Toulouse 举行)...")
    an_open_point(draft, "Le lieu", text_zh_hans="地点")
    a_contribution(edition, summary_zh_hans="示例：节水温室。\n\n第二段。")
    return {"edition": edition, "missing": missing, "stale": stale, "draft": draft}


def page_of(session, query=""):
    return f"/admin/traductions/session/{session.pk}/title/{query}"


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible(open_page, axe, picture, programme, language, width):
    page = sign_in(open_page, language, width=width)
    axe(page)
    for name, path in (
        ("list", LIST),
        ("nothing", f"{LIST}?state=reviewed"),
        ("missing", page_of(programme["missing"])),
        ("stale", page_of(programme["stale"])),
        ("draft", page_of(programme["draft"])),
        ("import", f"{LIST}importer/"),
    ):
        page.goto(path)
        axe(page)
        assert page.locator("h1").count() == 1
        picture(page, f"translations-{name}-{language}-{width}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_missing_text_is_translated_and_a_stale_one_reviewed_by_keyboard(
    open_page, axe, programme, javascript
):
    page = sign_in(open_page, "fr", javascript=javascript)
    page.goto(LIST)
    page.locator(".task-page .buttons a.default").focus()
    page.keyboard.press("Enter")

    # The missing one: typed, then saved from the keyboard.
    expect(page.locator(".original")).to_have_text("Restitutions et clôture")
    expect(page.locator(".terms")).to_contain_text("闭幕式")
    page.locator("#id_translation").focus()
    page.keyboard.insert_text("成果汇报与闭幕式")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    # The contribution comes next: from Chinese into French; then, by the link, the one that is out of date.
    expect(page.locator(".original")).to_have_attribute("lang", "zh-Hans")
    page.goto(page_of(programme["stale"]))
    expect(page.locator(".difference del")).to_contain_text("Capitole")
    expect(page.locator(".difference ins")).to_contain_text("musée des Augustins")
    page.locator("#id_translation").fill("奥古斯丁博物馆欢迎晚宴")
    page.locator("button[value=reviewed]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".stand .state-text-reviewed")).to_be_visible()
    if javascript:
        axe(page)
    states = [text(programme["edition"], programme[name]).state for name in ("missing", "stale")]
    assert states == [State.REVIEWED, State.REVIEWED]


def test_typography_is_told_and_can_be_left(open_page, axe, programme):
    page = sign_in(open_page, "fr")
    page.goto(page_of(programme["draft"]))
    expect(page.locator(".findings li")).to_have_count(5)

    page.locator("#id_translation").fill("分论坛：旅游、农业（在Toulouse举行）……")
    page.locator("button[value=draft]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".findings")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1280])
def test_two_translators_of_one_text_see_one_another(open_page, axe, picture, programme, language, width):
    one, other = sign_in(open_page, language, width=width), sign_in(open_page, language, width=width)
    for page, words in ((one, "成果汇报与闭幕式"), (other, "汇报和结束")):
        page.goto(page_of(programme["missing"]))
        page.locator("#id_translation").fill(words)
    one.locator("button[value=draft]").click()
    expect(one.locator(".messagelist .success")).to_be_visible()
    other.locator("button[value=draft]").click()

    conflict = other.locator("[aria-labelledby=conflict-title]")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("成果汇报与闭幕式")
    expect(conflict).to_contain_text("汇报和结束")
    expect(other.locator("#id_translation")).to_have_value("汇报和结束")
    axe(other)
    picture(other, f"translations-conflict-{language}-{width}")

    other.locator("button[value=draft]").click()
    expect(other.locator(".messagelist .success")).to_be_visible()
    assert text(programme["edition"], programme["missing"]).chinese == "汇报和结束"


def test_the_french_that_changed_while_one_typed_is_shown(open_page, axe, picture, programme):
    page = sign_in(open_page, "fr")
    page.goto(page_of(programme["missing"]))
    Session.objects.filter(pk=programme["missing"].pk).update(title_fr="Restitutions, bilan et clôture")
    page.locator("#id_translation").fill("成果汇报与闭幕式")
    page.locator("button[value=reviewed]").click()

    expect(page.locator("[aria-labelledby=conflict-title] ins")).to_contain_text("bilan")
    expect(page.locator("#id_translation")).to_have_value("成果汇报与闭幕式")
    axe(page)
    picture(page, "translations-french-changed")


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("zh-hans", 320)])
def test_a_file_goes_to_a_translator_and_comes_back(
    open_page, axe, picture, programme, tmp_path, language, width
):
    page = sign_in(open_page, language, width=width)
    page.goto(LIST)
    with page.expect_download() as download:
        page.locator("a[href$='?only=waiting']").click()
    path = tmp_path / "traductions.po"
    download.value.save_as(path)
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr, entry.flags = "译文，由译者完成", []
    file.append(polib.POEntry(msgctxt="session/nowhere/title", msgid="Rien", msgstr="无"))
    file.save(str(path))
    Session.objects.filter(pk=programme["stale"].pk).update(title_fr="Dîner de gala aux Augustins")

    page.goto(f"{LIST}importer/")
    page.locator("[name=file]").set_input_files(path)
    page.locator("[name=reviewed]").check()
    page.locator("form[enctype] button").click()
    expect(page.locator("#changes")).to_be_visible()
    expect(page.locator("#refused")).to_be_visible()
    axe(page)
    picture(page, f"translations-preview-{language}-{width}")
    assert text(programme["edition"], programme["missing"]).state == State.MISSING

    page.locator("input[name=sealed] ~ .buttons button").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert text(programme["edition"], programme["missing"]).state == State.REVIEWED
    assert text(programme["edition"], programme["stale"]).chinese == "卡皮托勒欢迎晚宴"


def test_a_file_that_is_none_is_answered_at_its_field(open_page, axe, programme, tmp_path):
    (tmp_path / "lettre.po").write_text("Bonjour")
    page = sign_in(open_page, "fr")
    page.goto(f"{LIST}importer/")
    page.locator("[name=file]").set_input_files(tmp_path / "lettre.po")
    page.locator("form[enctype] button").click()

    expect(page.locator("#id_file_error")).to_be_visible()
    axe(page)

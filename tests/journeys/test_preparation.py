"""Preparing the Assises: a point is closed from the first page, a milestone is moved once what follows was seen, a reminder
is written, looked at in Chinese and tried."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.models import Milestone, OutgoingEmail, Reminder
from tests.journeys.conftest import log_in
from tests.planning_factories import a_task, planned, then
from tests.register_factories import TODAY, a_candidate, an_item


@pytest.fixture
def organiser(open_page, somebody):
    """``organiser("/admin/", width=320)``: the browser of an organiser."""

    def sign_in(path="/admin/", *roles, language="fr", side="FR", **options):
        user = somebody(*(roles or [accounts.ORGANISERS]), language=language, side=side)
        page = open_page(f"/admin/login/?next={path}", **options)
        log_in(page, user.email)
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    return sign_in


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, True), (1280, False)])
def test_an_open_point_is_closed_from_the_first_page(
    edition, organiser, axe, picture, width, javascript
) -> None:
    item = an_item(edition, text_fr="Le lieu du dîner de gala", due_on=TODAY - dt.timedelta(days=3))
    an_item(edition, text_fr="Le budget", text_zh_hans="预算", due_on=None)
    page = organiser("/admin/", width=width, javascript=javascript)
    panel = page.locator("section:has(#panel-register)")
    expect(panel).to_contain_text("3 jours de retard")
    if javascript:
        axe(page)

    panel.get_by_role("link", name="Le lieu du dîner de gala").click()
    page.wait_for_url(f"**/registre/{item.number}/**")
    page.locator("button[name=decide]").click()
    expect(page.locator(".messagelist")).to_contain_text("Dites ce qui a été décidé")
    if javascript:
        axe(page)
        picture(page, f"register-item-{width}")
    page.locator("[name=settle-outcome_fr]").fill("À la Halle aux grains")
    page.locator("[name=settle-outcome_zh_hans]").fill("在粮食厅音乐厅")
    page.locator("button[name=decide]").click()

    expect(page.locator("#outcome + .both-texts")).to_contain_text("À la Halle aux grains")
    item.refresh_from_db()
    assert item.status == "decided"
    page.goto(page.url.partition("/registre/")[0] + "/registre/")
    expect(page.locator(".figures")).to_contain_text("1")
    if javascript:
        axe(page)
        picture(page, f"register-{width}")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, True), (1280, False)])
def test_a_milestone_is_moved_once_what_follows_was_seen(
    edition, organiser, axe, picture, width, javascript
) -> None:
    first = planned(
        edition, "10-20", label_fr="Envoi du programme", label_zh_hans="发送日程", owner_side="FR"
    )
    second = planned(
        edition, "10-22", "10-24", label_fr="Demandes de visa", label_zh_hans="签证申请", owner_side="CN"
    )
    then(first, second)
    a_task(second, title_fr="Réunir les passeports", due_on=dt.date(2018, 10, 24))
    page = organiser("/admin/planning/", width=width, javascript=javascript)
    if javascript:
        for view in ("mois", "gantt", "chemin-critique", "par-partie", "agendas", ""):
            page.goto(re.sub(r"/planning/.*", f"/planning/{view}{'/' if view else ''}", page.url))
            axe(page)
            picture(page, f"planning-{view or 'list'}-{width}")

    page.locator("a", has_text="Envoi du programme").first.click()
    if javascript:
        axe(page)
    page.get_by_role("link", name="Déplacer").click()
    page.locator("[name=first_day]").fill("2018-10-25")
    page.get_by_role("button", name="Montrer ce qui s’ensuit").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.locator("[name=reason_fr]").fill("Grèves")
    page.get_by_role("button", name="Montrer ce qui s’ensuit").click()

    follows = page.locator("section:has(#follows)")
    expect(follows).to_contain_text("Demandes de visa")
    expect(follows).to_contain_text("+3")
    expect(follows).to_contain_text("Réunir les passeports")
    if javascript:
        axe(page)
        picture(page, f"planning-move-{width}")
    assert Milestone.objects.get(pk=first.pk).first_day == dt.date(2018, 10, 20)
    page.locator("button[name=confirm]").click()

    expect(page.locator("section:has(#moves)")).to_contain_text("Grèves")
    assert Milestone.objects.get(pk=second.pk).first_day == dt.date(2018, 10, 25)


def test_both_sides_vote_and_a_candidate_is_chosen(edition, organiser, axe) -> None:
    """S-079 to S-083: one voice for each side, each in its own language; then the slogan stands on the site."""
    item = an_item(
        edition, text_fr="Un slogan", text_zh_hans="主题口号", subject=edition, subject_field="slogan"
    )
    a_candidate(item, text_fr="Une coopération innovante", text_zh_hans="创新型地方合作")
    a_candidate(item, text_fr="L’innovation, fil rouge", text_zh_hans="创新——主线")
    path = f"/admin/registre/{item.number}/"
    for role, language, side in (
        (accounts.FRENCH_APPROVAL, "fr", "FR"),
        (accounts.CHINESE_APPROVAL, "zh-hans", "CN"),
    ):
        page = organiser(path, role, language=language, side=side)
        axe(page)
        page.locator("[name=voice-candidate]").first.check()
        page.locator("button[name=voice]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()

    page = organiser(path)
    expect(page.locator(".notice-success")).to_contain_text("Les deux parties préfèrent la même proposition")
    page.locator("button[name=choose]").first.click()

    expect(page.locator("#outcome + .both-texts")).to_contain_text("创新型地方合作")
    edition.refresh_from_db()
    assert edition.slogan_fr == "Une coopération innovante"


def test_a_reminder_about_a_point_is_written_looked_at_in_chinese_and_tried(
    edition, organiser, axe, picture
) -> None:
    item = an_item(edition, due_on=dt.date(2018, 10, 19))
    page = organiser(f"/admin/registre/{item.number}/")
    page.get_by_role("link", name="Ajouter un rappel").click()
    expect(page.locator("[name=item]")).to_have_value(str(item.pk))
    axe(page)
    page.locator("[name=audience]").select_option("assises.owner")
    page.locator("[name=offset_days]").fill("1")
    page.locator("[name=repeat_days]").fill("3")
    page.locator("[name=repeat_times]").fill("5")
    for name, text in (
        ("subject_fr", "Le lieu du dîner"), ("subject_zh_hans", "晚宴地点"),
        ("text_fr", "Une réponse est attendue."), ("text_zh_hans", "请予答复。"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=_continue]").click()

    expect(page.locator("pre.letter[lang=zh-Hans]")).to_contain_text("请予答复。")
    expect(page.locator("pre.letter[lang=zh-Hans]")).to_contain_text("2018年10月19日")
    axe(page)
    picture(page, "reminder")
    page.locator("button[formaction$='/test/'][value=zh-hans]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.locator("button[formaction$='/approve/']").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    letter = OutgoingEmail.objects.get(event="assises/reminder")
    assert (letter.language, letter.subject.startswith("晚宴地点")) == ("zh-hans", True)
    reminder = Reminder.objects.get()
    assert (reminder.item, reminder.repeat_days, reminder.approved_at is not None) == (item, 3, True)

"""A contribution from its proposal to the speaker's yes, in a browser, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from assises import accounts
from assises.models import OutgoingEmail, Partnership
from program import services
from program.models import Contribution, ProtocolRank, SessionPart, Speaker
from tests.contribution_factories import a_practice, a_proposed, a_workshop, open_call, some_speaker
from tests.factories import NOW, an_organisation
from tests.journeys.conftest import state
from tests.journeys.test_back_office import sign_in

ANSWERS = {
    "fr": {
        "organisation": "Montpellier",
        "given_name": "Zoë",
        "family_name": "d’Essai",
        "title": "Une forêt comestible au cœur de la ville",
        "speaker_function": "Adjointe au maire",
    },
    "zh-hans": {
        "organisation": "成都市",
        "given_name": "示例",
        "family_name": "李",
        "title": "以茶为线的城市之旅",
        "speaker_function": "文化和旅游局副局长",
    },
}
SHARED = {
    "email": "zoe@example.org",
    "summary": "Un jardin partagé par les écoles.",
    "exemplary": "Les enfants récoltent.",
    "existing": "Depuis 2015.",
    "concrete": "Deux tonnes de fruits par an.",
    "reproducible": "Un guide de vingt pages.",
}


@pytest.fixture
def call(edition):
    """The call is open; a town and its Chinese partner are known, a workshop waits."""
    accounts.ensure_groups()
    open_call(edition)
    chengdu = an_organisation("Chengdu", name_zh_hans="成都市", side="CN", kind="city")
    montpellier = edition.host.__class__.objects.get(name_fr="Montpellier")
    Partnership.objects.create(french=montpellier, chinese=chengdu)
    a_workshop(edition, code="tourism")
    return edition


def fill(page, answers):
    for name, value in answers.items():
        page.locator(f"[name='{name}']").fill(value)


def send(page):
    page.locator("form[data-assises-form] .btn-primary").click()


def link_to(event, part):
    """The path of the link to ``part`` in the latest letter of this event."""
    letter = OutgoingEmail.objects.filter(event=f"program/{event}").latest("pk")
    return re.search(rf"https?://[^/\s]+(/\S+/programme/contributions/{part}\S+)", letter.text)[1]


@pytest.mark.parametrize(
    ("language", "width"), [("fr", 320), ("fr", 1440), ("zh-hans", 320), ("zh-hans", 1440)]
)
def test_from_the_proposal_to_the_speakers_yes(open_page, axe, picture, call, language, width):
    page = open_page(f"/{language}/programme/contributions/", width=width)
    assert state(page) == "call-open"
    axe(page)
    picture(page, f"call-{language}-{width}")

    # Sent empty: what is missing is listed, linked, and has the focus.
    send(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert summary.locator("a").count() >= 10
    axe(page)
    summary.locator("a").first.click()
    expect(page.locator("#id_organisation")).to_be_focused()

    # Somebody else speaks, with a wrong address; the counterpart is of the own side: nothing typed is lost.
    fill(page, {**ANSWERS[language], **SHARED})
    page.locator("[name=theme]").first.check()
    page.locator("[name=counterpart_is][value=known]").check()
    fill(page, {"counterpart": ANSWERS[language]["organisation"]})
    page.locator("[name=speaker_is][value=other]").check()
    fill(page, {"speaker_given_name": "Ali", "speaker_family_name": "Modèle", "speaker_email": "ali@"})
    fill(page, {"speaker_name_zh": "欧阳文"})
    send(page)
    expect(page.locator(".error-summary a")).to_have_count(2)
    assert page.locator("[name=title]").input_value() == ANSWERS[language]["title"]
    assert page.locator("[name=speaker_family_name]").input_value() == "Modèle"
    axe(page)
    picture(page, f"call-errors-{language}-{width}")
    page.locator("[name=counterpart_is][value=looking]").check()
    expect(page.locator("[name=counterpart]")).to_be_hidden()
    page.locator("[name=speaker_email]").fill("ali@example.org")
    send(page)

    # The receipt, with suggestions of counterparts; the link in the letter acts.
    page.wait_for_url(re.compile(r"/contributions/s\d"))
    assert state(page) == "proposed"
    expect(page.locator("main")).to_contain_text("Chengdu" if language == "fr" else "Montpellier")
    expect(page.locator("a[href$='/modifier/']")).to_have_count(0)
    axe(page)
    picture(page, f"contribution-{language}-{width}")
    row = Contribution.objects.get()
    assert (row.original, row.side) == (language, "FR" if language == "fr" else "CN")

    # An organiser asks for changes.
    office = sign_in(open_page, language, width=width)
    office.goto("/admin/program/contribution/")
    axe(office)
    office.locator("#result_list tbody th a").first.click()
    expect(office.locator("#practice")).to_be_visible()
    axe(office)
    office.locator("input[name=met]").first.check()
    office.locator("form[action$='/mots/'] button").click()
    expect(office.locator(".messagelist .success")).to_be_visible()
    expect(office.locator("input[name=met]").first).to_be_checked()
    office.locator("a[href$='/reponse/ask/']").click()
    expect(office.locator("textarea[name=message]")).to_be_visible()
    axe(office)
    office.locator("#content form.house-form button[type=submit]").click()
    expect(office.locator(".error-summary")).to_be_focused()
    axe(office)
    office.locator("textarea[name=message]").fill("Pouvez-vous préciser le budget ?")
    office.locator("#content form.house-form button[type=submit]").click()
    expect(office.locator(".state-changes-asked").first).to_be_visible()
    axe(office)

    # The proposer revises it, by the link of the letter.
    page.goto(link_to("contribution_changes_asked", "c"))
    assert state(page) == "changes_asked"
    expect(page.locator("main")).to_contain_text("Pouvez-vous préciser le budget")
    axe(page)
    page.locator("a.btn[href$='/modifier/']").click()
    axe(page)
    page.locator("[name=reproducible]").fill("Un guide, et dix mille euros.")
    send(page)
    assert state(page) == "proposed"
    axe(page)

    # Accepted is not confirmed.
    office.goto(f"/admin/program/contribution/{row.pk}/reponse/accept/")
    axe(office)
    office.locator("#content form.house-form button[type=submit]").click()
    expect(office.locator("#content .notice-warning")).to_be_visible()
    axe(office)
    picture(office, f"contribution-accepted-{language}-{width}")
    page.reload()
    assert state(page) == "accepted"
    axe(page)

    # The speaker says yes.
    speaker = open_page(link_to("please_confirm", "intervenant/"), width=width)
    assert state(speaker) == "asked"
    axe(speaker)
    picture(speaker, f"speaker-{language}-{width}")
    speaker.locator("form[action$='/confirmer/'] button").click()
    assert state(speaker) == "confirmed"
    axe(speaker)
    page.reload()
    assert state(page) == "confirmed"
    axe(page)
    assert Speaker.objects.get().state == "confirmed"
    office.goto(f"/admin/program/contribution/{row.pk}/change/")
    expect(office.locator(".stand .state-confirmed")).to_be_visible()

    # Withdrawn after all: one question, and it is gone.
    page.locator("a[href$='/retirer/']").click()
    axe(page)
    page.locator("main .btn-danger").click()
    assert state(page) == "withdrawn"
    axe(page)
    speaker.reload()
    assert state(speaker) == "withdrawn"
    axe(speaker)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_all_of_it_works_without_javascript(open_page, call, language):
    page = open_page(f"/{language}/programme/contributions/", javascript=False)
    fill(page, {**ANSWERS[language], **SHARED})
    page.locator("[name=theme]").first.check()
    send(page)
    assert state(page) == "proposed"
    row = Contribution.objects.get()
    services.accept(row, session=call.sessions.get(), at=NOW, by=None)

    page.goto(link_to("please_confirm", "intervenant/"))
    page.locator("form[action$='/decliner/'] button").click()
    assert state(page) == "declined"
    page.locator("form[action$='/confirmer/'] button").click()

    assert state(page) == "confirmed"


def test_both_authorities_are_found_by_typing_and_chosen_by_keyboard(open_page, axe, call):
    page = open_page("/fr/programme/contributions/")
    own = page.locator("#id_organisation")
    own.press_sequentially("montpel", delay=10)
    expect(page.locator("#id_organisation-list [role=option]")).to_have_count(2)
    axe(page)
    own.press("ArrowDown")
    own.press("Enter")
    page.locator("[name=counterpart_is][value=known]").check()
    other = page.locator("#id_counterpart")
    other.press_sequentially("成都", delay=10)
    expect(page.locator("#id_counterpart-list [role=option]")).to_have_count(1)
    other.press("ArrowDown")
    other.press("Enter")

    assert (own.input_value(), other.input_value()) == ("Montpellier", "Chengdu")
    axe(page)


def test_two_people_with_the_link_see_both_versions(open_page, axe, call):
    row = a_proposed(call)
    path = link_to("contribution_received", "c") + "modifier/"
    first, second = open_page(path, width=320), open_page(path, width=320)
    first.locator("[name=title]").fill("La première version")
    send(first)
    assert state(first) == "proposed"

    second.locator("[name=title]").fill("La seconde version")
    send(second)
    expect(second.locator("main")).to_contain_text("La première version")
    assert second.locator("[name=title]").input_value() == "La seconde version"
    axe(second)
    send(second)

    row.refresh_from_db()
    assert (row.title_fr, row.version) == ("La seconde version", 3)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_speakers_and_protocol_in_the_back_office(open_page, axe, picture, call, language, width):
    named = some_speaker(family_name="欧阳", given_name="文", function="处长")
    a_proposed(call, side="CN", practice=a_practice(call, speaker=named))
    session = a_workshop(call, code="inauguration", kind="ceremony", title_fr="Inauguration", theme=None)
    rank = ProtocolRank.objects.create(
        edition=call, code="prefet", title_fr="Préfet", title_zh_hans="省长", order=1, represents_state=True
    )
    for n in range(3):
        speaker = Speaker.objects.create(
            edition=call, side="FR", function_fr=f"Fonction {n}", rank=rank if n == 0 else None
        )
        SessionPart.objects.create(
            session=session, kind="speech", minutes=10, speaker=speaker, title_fr="Mot"
        )
    page = sign_in(open_page, language, width=width)

    for path in (
        "program/speaker/", f"program/speaker/{Speaker.objects.get(name_zh='欧阳文').pk}/change/", "program/protocolrank/",
        "protocole/", "protocole/inauguration/", "",
    ):  # fmt: skip
        page.goto(f"/admin/{path}")
        axe(page)
        assert page.locator("h1").count() == 1
        if path == "protocole/inauguration/":
            picture(page, f"protocol-{language}-{width}")

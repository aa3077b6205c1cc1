"""The pages where the programme is translated, and who may see them."""

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assises import accounts, memory
from program import translation_files
from program.enums import TranslationState as State
from program.models import Session
from tests.factories import NOW, an_edition
from tests.registration.test_query_counts import statements
from tests.translation_factories import a_contribution, a_session, an_open_point, known, text

pytestmark = pytest.mark.django_db

LIST, IMPORT, EXPORT = "/admin/traductions/", "/admin/traductions/importer/", "/admin/traductions/exporter.po"


@pytest.fixture(autouse=True)
def in_october(monday):
    """What pages call now is the day of the tests."""


@pytest.fixture
def edition(db):
    return an_edition()


@pytest.fixture
def translator(as_role):
    return as_role(accounts.TRANSLATORS)


def page_of(session, field="title"):
    return f"/admin/traductions/session/{session.pk}/{field}/"


def typed(session, words, **more):
    seen = {"seen_original": session.title_fr, "seen_translation": session.title_zh_hans or ""}
    return {"translation": words, **seen, "save": "reviewed", **more}


# --- Who may ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (accounts.TRANSLATORS, 200),
        (accounts.ORGANISERS, 200),
        (accounts.DESK, 403),
        (accounts.APCAE, 403),
        (None, 302),
    ],
)
def test_who_may_translate(client, as_role, edition, role, status):
    session = a_session(edition, "Clôture")
    client = as_role(role) if role else client

    assert [client.get(p).status_code for p in (LIST, IMPORT, EXPORT, page_of(session))] == [status] * 4
    assert ("traductions" in client.get("/admin/").text) == (status == 200)


def test_a_translator_sees_the_programme_and_nobody_who_attends(translator, edition):
    a_session(edition, "Clôture")

    assert translator.get("/admin/program/session/").status_code == 200
    assert translator.get("/admin/registration/registration/").status_code == 403


# --- The list -----------------------------------------------------------------------------


def test_the_list_shows_what_waits_the_missing_first(translator, edition):
    known(a_session(edition, "Revue", "已审"), "Revue", "已审")
    a_session(edition, "Brouillon", "草稿")
    known(a_session(edition, "Ancien bis", "旧"), "Ancien", "旧")
    a_session(edition, "Manquant")

    rows = translator.get(LIST).context["rows"]

    assert [row["text"].french for row in rows] == ["Manquant", "Ancien bis", "Brouillon"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=missing", ["Un", "Le lieu"]),
        ("?state=draft", ["Deux"]),
        ("?state=all&kind=session", ["Un", "Deux"]),
        ("?kind=registeritem", ["Le lieu"]),
        ("?state=nonsense&kind=%00&page=-99999999999999999999", ["Un", "Le lieu", "Deux"]),
        ("?state=reviewed", []),
    ],
)
def test_the_list_is_narrowed_by_state_and_kind(translator, edition, query, found):
    an_open_point(a_session(edition, "Un"), "Le lieu")
    a_session(edition, "Deux", "二")

    response = translator.get(LIST + query)

    assert [row["text"].french for row in response.context["rows"]] == found


def test_an_empty_programme_says_what_will_be_here(translator, edition):
    assert 'class="empty"' in translator.get(LIST).text


def test_when_nothing_waits_it_says_so(translator, edition):
    known(a_session(edition, "Revue", "已审"), "Revue", "已审")

    assert "notice-success" in translator.get(LIST).text


def test_without_an_edition_each_page_says_so(translator):
    assert [translator.get(p).status_code for p in (LIST, IMPORT, EXPORT)] == [200, 200, 404]
    assert translator.get("/admin/traductions/session/1/title/").status_code == 404


@pytest.mark.parametrize("path", [LIST, "/admin/", EXPORT])
def test_a_page_takes_as_many_statements_for_one_session_as_for_three(translator, edition, path):
    counts = []
    for sessions in (1, 2):
        for _unused in range(sessions):
            an_open_point(a_session(edition)), a_contribution(edition)
        translator.get(path), memory.forget()
        counts.append(len(statements(lambda: translator.get(path))))

    assert counts[0] == counts[1]


# --- One text -----------------------------------------------------------------------------


def test_a_text_is_saved_as_reviewed_and_the_next_one_comes(translator, edition):
    first, second = a_session(edition, "Clôture"), a_session(edition, "Ouverture")

    response = translator.post(page_of(first), typed(first, "闭幕式", save="next"))

    assert response.url == page_of(second)
    assert text(edition, first).state == State.REVIEWED


def test_the_next_one_stays_in_the_selection_and_after_the_last_comes_the_first(translator, edition):
    first, other, last = (
        a_session(edition, "Un"),
        an_open_point(a_session(edition, "D", "二")),
        a_session(edition, "T"),
    )
    query = "?state=missing&kind=session"

    response = translator.post(page_of(last) + query, typed(last, "三", save="next"))

    assert response.url == page_of(first) + query
    assert other.pk


def test_when_nothing_is_left_one_is_back_at_the_list(translator, edition):
    session = a_session(edition, "Clôture")

    response = translator.post(page_of(session), typed(session, "闭幕式", save="next"), follow=True)

    assert response.redirect_chain[-1][0] == LIST
    assert "notice-success" in response.text


@pytest.mark.parametrize(
    ("button", "state"), [("draft", State.DRAFT), ("reviewed", State.REVIEWED), ("nonsense", State.DRAFT)]
)
def test_saved_one_stays_at_the_text(translator, edition, button, state):
    session = a_session(edition, "Clôture")

    response = translator.post(page_of(session), typed(session, "闭幕式", save=button))

    assert response.url == page_of(session)
    assert text(edition, session).state == state


def test_a_stale_text_shows_what_changed_in_the_french(translator, edition):
    session = a_session(edition, "Dîner au musée", "博物馆晚宴")
    known(session, "Dîner au Capitole", "博物馆晚宴")

    response = translator.get(page_of(session))

    assert ("removed", "Capitole") in response.context["difference"]
    assert "</span>Capitole</del>" in response.text
    assert "</span>musée</ins>" in response.text


def test_the_words_agreed_on_stand_beside_the_text(translator, edition):
    response = translator.get(page_of(a_session(edition, "Restitutions et clôture")))

    assert [t.chinese for t in response.context["terms"]] == ["成果汇报", "闭幕式"]


def test_typography_is_told_and_stops_nobody(translator, edition):
    session, _next = a_session(edition, "Tourisme, agriculture"), a_session(edition, "Un")

    saved = translator.post(page_of(session), typed(session, "旅游,农业", save="next"), follow=True)

    assert page_of(session) in saved.text  # the way back to it
    assert [f.code for f in translator.get(page_of(session)).context["findings"]] == ["half_width"]
    assert text(edition, session).state == State.REVIEWED


def test_the_new_french_is_shown_and_nothing_typed_is_lost(translator, edition):
    session = a_session(edition, "Clôture")
    Session.objects.filter(pk=session.pk).update(title_fr="Clôture solennelle")

    response = translator.post(page_of(session), typed(session, "闭幕式"))

    assert ("added", " solennelle") in response.context["original_difference"]
    assert response.context["form"]["translation"].value() == "闭幕式"
    assert text(edition, session).state == State.MISSING
    # What was looked at may then be saved.
    again = typed(session, "隆重闭幕式", seen_original=response.context["form"]["seen_original"].value())
    assert translator.post(page_of(session), again).status_code == 302


def test_the_second_of_two_translators_sees_both_versions(translator, edition):
    session = a_session(edition, "Clôture")
    translator.post(page_of(session), typed(session, "闭幕式"))

    response = translator.post(page_of(session), typed(session, "结束"))

    assert (response.context["theirs"], response.context["yours"]) == ("闭幕式", "结束")
    assert response.context["form"]["translation"].value() == "结束"
    assert text(edition, session).chinese == "闭幕式"


def test_lines_sent_by_a_browser_are_no_change(translator, edition):
    session = a_session(edition, "Un", summary_fr="Un\ndeux", summary_zh_hans="一\n二")

    response = translator.post(
        page_of(session, "summary"),
        {
            "translation": "一\r\n三",
            "seen_original": "Un\r\ndeux",
            "seen_translation": "一\r\n二",
            "save": "reviewed",
        },
    )

    assert response.status_code == 302
    assert text(edition, session, "summary").chinese == "一\n三"


@pytest.mark.parametrize("words", ["", "长" * 201, "闭幕\x00式"])
def test_a_refusal_stands_at_the_field(translator, edition, words):
    session = a_session(edition, "Clôture")

    response = translator.post(page_of(session), typed(session, words))

    assert response.status_code == 200
    assert response.context["form"].errors["translation"]
    assert 'aria-invalid="true"' in response.text


@pytest.mark.parametrize(
    "path",
    [
        "session/99999999999999999999999999/title/",
        "session/1/nothing/",
        "user/1/password/",
        "session/0/title/",
    ],
)
def test_a_text_that_does_not_exist_is_not_found(translator, edition, path):
    assert translator.get(f"/admin/traductions/{path}").status_code == 404
    assert translator.post(f"/admin/traductions/{path}", {"translation": "一"}).status_code == 404


def test_a_post_without_its_fields_is_answered_in_words(translator, edition):
    session = a_session(edition, "Clôture")

    assert translator.post(page_of(session), {}).status_code == 200
    assert translator.put(page_of(session)).status_code == 200
    assert text(edition, session).state == State.MISSING


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_each_text_is_tagged_with_its_language(as_role, edition, language):
    client = as_role(accounts.TRANSLATORS, language=language)
    session, contribution = a_session(edition, "Clôture"), a_contribution(edition)

    into_chinese = client.get(page_of(session)).text
    into_french = client.get(f"/admin/traductions/contribution/{contribution.pk}/title/").text

    assert '<div class="original" lang="fr">' in into_chinese
    assert '<textarea name="translation" cols="40" rows="3" lang="zh-Hans"' in into_chinese
    assert '<div class="original" lang="zh-Hans">' in into_french
    assert '<textarea name="translation" cols="40" rows="3" lang="fr"' in into_french


# --- Files --------------------------------------------------------------------------------


def upload(client, content, **more):
    return client.post(IMPORT, {"file": SimpleUploadedFile("traductions.po", content), **more})


def test_a_file_leaves_comes_back_is_previewed_and_written(translator, edition):
    session = a_session(edition, "Clôture", code="closing")
    answer = translator.get(EXPORT)
    assert answer["Content-Disposition"] == f'attachment; filename="{edition.code}-zh-hans-2018-10-15.po"'
    file = polib.pofile(answer.text)
    file[0].msgstr = "闭幕式"

    preview = upload(translator, str(file).encode(), reviewed="on")

    assert text(edition, session).state == State.MISSING
    done = translator.post(IMPORT, {"sealed": preview.context["sealed"]}, follow=True)
    assert text(edition, session).state == State.REVIEWED
    assert done.redirect_chain[-1][0] == f"{LIST}?state=all"


def test_what_others_changed_before_the_confirmation_is_left_and_told(translator, edition):
    session = a_session(edition, "Clôture", code="closing")
    file = polib.pofile(translator.get(EXPORT).text)
    file[0].msgstr = "闭幕式"
    sealed = upload(translator, str(file).encode()).context["sealed"]
    Session.objects.filter(pk=session.pk).update(title_fr="Clôture bis")

    done = translator.post(IMPORT, {"sealed": sealed}, follow=True)

    assert "Clôture bis" in str(list(done.context["messages"])[-1])
    assert text(edition, session).state == State.MISSING


@pytest.mark.parametrize("content", [b"", b"nothing", b"\xff\xfe", b"msgid \x00", b"x" * 2_000_001])
def test_a_bad_file_is_answered_at_the_field(translator, edition, content):
    a_session(edition, "Clôture")

    response = upload(translator, content)

    assert response.status_code == 200
    assert response.context["form"].errors["file"]


@pytest.mark.parametrize(
    "data", [{}, {"file": "no file"}, {"sealed": "x"}, {"sealed": ""}, {"sealed": "\x00"}]
)
def test_what_is_no_file_and_no_preview_is_answered_at_the_field(translator, edition, data):
    response = translator.post(IMPORT, data)

    assert response.status_code == 200
    assert len(response.context["form"].errors["file"]) == 1


def test_a_preview_takes_as_many_statements_for_one_text_as_for_three(translator, edition):
    translator.get(IMPORT)
    counts = []
    for sessions in (1, 2):
        for _unused in range(sessions):
            a_session(edition, "Clôture")
        file = polib.pofile(
            translation_files.export(edition, into_chinese=True, waiting_only=False, at=NOW).decode()
        )
        for entry in file:
            entry.msgstr = "闭幕式"
        counts.append(len(statements(lambda f=file: upload(translator, str(f).encode()))))

    assert counts[0] == counts[1]

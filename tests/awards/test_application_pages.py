"""An application as its pair writes it, page by page, in both languages, with and without scripts."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assises import memory
from assises.enums import Side
from assises.models import OutgoingEmail
from awards import links, services
from awards.enums import ApplicationState, AttachmentKind, Opinion
from awards.models import Application, Editor
from tests.application_factories import (
    OCTOBER,
    SEPTEMBER,
    a_file,
    a_person,
    a_picture_file,
    an_authority,
    an_open_call,
    begun,
    complete,
    find,
    looked_at,
    submitted,
    texts,
)
from tests.award_factories import CLOSES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(SEPTEMBER, tick=False):
        memory.forget()
        yield


@pytest.fixture
def call(edition):
    return an_open_call(edition)


def path(name: str, editor: Editor, *args: object, language: str = "fr") -> str:
    with translation.override(language):
        return reverse(f"awards:{name}", args=[links.token_of(editor), *args])


def answers(**more: str) -> dict[str, str]:
    return {
        "category": "tourism", "french": "Toulouse", "chinese": "Chongqing", "side": "FR", "given_name": "Zoé",
        "family_name": "d’Essai", "email": "zoe@example.org", "language": "fr", **more,
    }  # fmt: skip


def state_of(page) -> str:
    return re.search(r'data-assises-state="([^"]*)"', page.text)[1]


# --- Beginning -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_a_pair_begins_and_goes_on_at_once(client, call, language):
    an_authority(Side.FRENCH, "Toulouse")
    page = client.post(f"/{language}/prix/candidature/", answers())
    row = Application.objects.get()
    assert row.original == language
    assert page.url == path("own_page", row.editors.get(), language=language)
    assert [p.name for p in row.partners.all()] == ["Toulouse", "Chongqing"]
    own = client.get(page.url)
    assert own.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in own.headers["Cache-Control"]
    assert state_of(own) == "draft"


def test_a_form_with_gaps_comes_back_with_all_that_was_typed(client, call):
    page = client.post("/fr/prix/candidature/", answers(category="", email="zoe@", others_french="Narbonne"))
    assert page.status_code == 200
    assert not Application.objects.exists()
    assert "Narbonne" in page.text
    assert page.text.count('class="invalid-feedback"') == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"french": "Chengdu"}, "french"),
        ({"chinese": "Toulouse"}, "chinese"),
        ({"others_chinese": "Toulouse"}, "others_chinese"),
        ({"others_french": "\n".join(f"Ville {n}" for n in range(7))}, "others_french"),
        ({"others_french": "<b>"}, "others_french"),
        ({"french": "http://example.org"}, "french"),
        ({"category": "youth"}, "category"),
        ({"side": "XX"}, "side"),
    ],
)
def test_what_is_wrong_is_said_beside_its_question(client, call, sent, field):
    an_authority(Side.FRENCH, "Toulouse")
    an_authority(Side.CHINESE, "Chengdu")
    page = client.post("/fr/prix/candidature/", answers(**sent))
    assert list(page.context["form"].errors) == [field]
    assert not Application.objects.exists()


def test_an_authority_that_may_be_several_is_asked_back(client, call):
    an_authority(Side.FRENCH, "Toulouse Métropole")
    an_authority(Side.FRENCH, "Toulouse Sud")
    page = client.post("/fr/prix/candidature/", answers())
    assert "french_pick" in page.context["form"].errors
    assert client.post("/fr/prix/candidature/", answers(french_pick="typed")).status_code == 302
    assert str(Application.objects.get().partners.first()) == "Toulouse"


def test_after_the_deadline_the_page_says_so_and_keeps_what_was_typed(client, call):
    with time_machine.travel(CLOSES, tick=False):
        memory.forget()
        assert 'name="french"' not in client.get("/fr/prix/candidature/").text
        late = client.post("/fr/prix/candidature/", answers())
        assert "Chongqing" in late.text
        assert not Application.objects.exists()


def test_robots_fill_in_what_people_do_not_see(client, call, settings):
    settings.ABUSE_PROTECTION = True
    page = client.post("/fr/prix/candidature/", answers(website="x"))
    assert page.status_code == 200
    assert not Application.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_a_lost_link_is_asked_for_and_the_page_never_tells_whether_there_is_one(client, call, known):
    _row, editor = begun(call)
    OutgoingEmail.objects.all().delete()
    page = client.post(
        "/fr/prix/candidature/lien/", {"email": editor.email if known else "nobody@example.org"}, follow=True
    )
    assert [m.level_tag for m in page.context["messages"]] == ["success"]
    assert OutgoingEmail.objects.count() == known


# --- Writing ---------------------------------------------------------------------------------------------


def test_the_whole_way_without_scripts(client, call):
    row, editor = begun(call)
    project = client.get(path("project", editor))
    sent = {**texts(), "seen": project.context["form"].initial["seen"], "next": "1"}
    assert client.post(path("project", editor), sent).url == path("files", editor)
    for side in Side:
        page = client.post(path("files", editor), {"sent": side.value, f"{side.value}-letter": a_file()})
        assert page.status_code == 302
    picture = {
        "sent": "picture",
        "picture": a_picture_file(),
        "alternative": "Une halle",
        "credit": "Exemple",
    }
    assert client.post(path("files", editor), picture).status_code == 302
    # The picture says that people may be seen: the pair answers for them.
    assert client.get(path("submit", editor)).context["gaps"]
    rights = client.get(path("rights", editor))
    sent = {
        "people_agree": "on",
        "music": "",
        "rights_note": "",
        "seen": rights.context["form"].initial["seen"],
    }
    assert client.post(path("rights", editor), sent).url == path("own_page", editor)
    page = client.get(path("submit", editor))
    assert page.context["gaps"] == []
    assert client.post(path("submit", editor), {"version": "1"}).context["refusal"]
    done = client.post(path("submit", editor), {"version": "1", "accept": "1"}, follow=True)
    row.refresh_from_db()
    assert (row.state, row.number, state_of(done)) == (ApplicationState.SUBMITTED, 1, "submitted")


def test_the_second_of_two_sees_both_versions_and_may_save_over(client, call):
    row, editor = begun(call)
    seen = client.get(path("project", editor)).context["form"].initial["seen"]
    client.post(path("project", editor), {**texts("Premier"), "seen": seen})
    page = client.post(path("project", editor), {**texts("Second"), "seen": seen})
    assert "Premier summary" in page.text
    assert "Second summary" in page.text
    again = page.context["form"]["seen"].value()
    assert client.post(path("project", editor), {**texts("Second"), "seen": again}).status_code == 302
    row.refresh_from_db()
    assert row.summary_fr == "Second summary"


def test_a_text_that_is_too_long_is_kept_on_the_page(client, call):
    row, editor = begun(call)
    long = "a" * (call.summary_characters + 1)
    page = client.post(path("project", editor), {**texts(), "summary": long, "seen": row.original_digest})
    assert long in page.text
    assert "1501" in page.text.replace("\u202f", "").replace("\u00a0", "")


@pytest.mark.parametrize("name", ["own_page", "pair", "project", "files", "film", "rights", "submit", "read", "people", "take_back", "withdraw"])  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_every_page_answers_in_a_bounded_number_of_queries(
    client, call, name, language, django_assert_max_num_queries
):
    row, editor = begun(call)
    row = complete(row, editor)
    for colour in ("red", "blue", "green"):
        services.attach_picture(
            row, a_picture_file(colour), alternative=colour, credit="", at=SEPTEMBER, by=editor
        )
    with django_assert_max_num_queries(16):
        page = client.get(path(name, editor, language=language))
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["pair", "project", "files", "film", "rights", "submit", "people"])
def test_what_was_submitted_is_read_and_no_longer_written(client, call, name):
    _row, editor = submitted(call)
    assert client.get(path(name, editor)).url == path("own_page", editor)
    assert client.post(path("project", editor), {**texts("Autre"), "seen": ""}).status_code == 200
    assert Application.objects.get().title_fr == "Texte title"


@pytest.mark.parametrize("token", ["", "x", "e1-00000000", "e1-00000000.abc"])
def test_a_link_that_is_not_ours_leads_nowhere(client, call, token):
    begun(call)
    assert client.get(f"/fr/prix/candidature/{token or '-'}/").status_code == 404


def test_a_link_dies_with_its_address_and_with_its_person(client, call):
    row, editor = begun(call)
    other = services.add_editor(row, a_person(Side.CHINESE), at=SEPTEMBER, by=editor)
    gone = path("own_page", other)
    assert client.get(gone).status_code == 200
    services.remove_editor(row, other, at=SEPTEMBER, by=editor)
    assert client.get(gone).status_code == 404
    old = path("own_page", editor)
    Editor.objects.filter(pk=editor.pk).update(email="autre@example.org")
    assert client.get(old).status_code == 404


# --- Files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"sent": "FR"}, "letter"),
        ({"sent": "FR", "FR-letter": ("a.pdf", b"", "application/pdf")}, "letter"),
        ({"sent": "FR", "FR-letter": ("a.pdf", b"MZ not a document", "application/pdf")}, "letter"),
        ({"sent": "picture", "picture": ("a.jpg", b"GIF89a", "image/jpeg"), "alternative": "x"}, "picture"),
        (
            {
                "sent": "picture",
                "picture": ("a.jpg", b"\xff\xd8\xff\xe0 cut", "image/jpeg"),
                "alternative": "x",
            },
            "picture",
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_rest_is_kept(client, call, sent, field, tmp_path):
    row, editor = begun(call)
    row = complete(row, editor)
    before = sorted(p for p in tmp_path.rglob("*") if p.is_file())
    data = {k: a_file(*v) if isinstance(v, tuple) else v for k, v in sent.items()}
    page = client.post(path("files", editor), data)
    forms = [page.context["picture"], *(form for form, _there in page.context["letters"])]
    assert [list(form.errors) for form in forms if form.errors] == [[field]]
    assert row.attachments.count() == 2
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == before


def test_a_letter_takes_the_place_of_the_one_before_and_its_file_goes(
    client, call, tmp_path, django_capture_on_commit_callbacks
):
    row, editor = begun(call)
    for content in (b"%PDF-1.7 first", b"%PDF-1.7 second"):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(path("files", editor), {"sent": "FR", "FR-letter": a_file("a.pdf", content)})
    (letter,) = row.attachments.all()
    (kept,) = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert kept.read_bytes() == b"%PDF-1.7 second"
    answer = client.get(path("file", editor, letter.key))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 second"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_picture_is_made_anew_without_what_the_camera_says(client, call):
    import io

    from PIL import Image

    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (3000, 1000), "red").save(content, "JPEG", exif=exif)
    row, editor = begun(call)
    data = {
        "sent": "picture",
        "picture": a_file("a.jpg", content.getvalue(), "image/jpeg"),
        "alternative": "Une halle",
    }
    assert client.post(path("files", editor), data).status_code == 302
    picture = row.attachments.get(kind=AttachmentKind.PICTURE)
    shown = b"".join(client.get(path("file", editor, picture.key)).streaming_content)
    assert b"Camera of somebody" not in shown
    assert Image.open(io.BytesIO(shown)).size == (2400, 800) == (picture.width, picture.height)


def test_as_many_pictures_as_the_rules_allow_and_each_once(client, call):
    row, editor = begun(call)

    def send(colour):
        return client.post(
            path("files", editor),
            {"sent": "picture", "picture": a_picture_file(colour), "alternative": colour},
        )

    colours = ["red", "blue", "green", "black", "white", "gold"]
    assert [send(colour).status_code for colour in colours[:2]] == [302, 302]
    assert "picture" in send("red").context["picture"].errors
    assert [send(colour).status_code for colour in colours[2:]] == [302] * 4
    assert "picture" in send("pink").context["picture"].errors
    assert row.attachments.count() == call.pictures == 6


def test_subtitles_wait_for_a_film(client, call):
    _row, editor = begun(call)
    data = {"sent": "subtitles", "language": "fr", "subtitles": a_file("a.vtt", b"WEBVTT\n\n", "text/vtt")}
    assert "subtitles" in client.post(path("film", editor), data).context["words"].errors


# --- Who may read what -----------------------------------------------------------------------------------


def test_nobody_reads_the_files_of_another_pair(client, call):
    row, editor = submitted(call)
    _other, stranger = begun(call)
    key = row.attachments.first().key
    assert client.get(path("file", editor, key)).status_code == 200
    assert client.get(path("file", stranger, key)).status_code == 404
    assert client.get(path("file", editor, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("opinion", [Opinion.TO_COMPLETE, Opinion.INADMISSIBLE])
def test_the_own_page_says_what_the_secretaries_have_found(client, call, opinion):
    row, editor = submitted(call)
    looked_at(call)
    with time_machine.travel(OCTOBER, tick=False):
        memory.forget()
        find(Application.objects.get(pk=row.pk), opinion, reason="Il manque une signature.")
        own = client.get(path("own_page", editor))
        assert "Il manque une signature." in own.text
        writable = client.get(path("project", editor)).status_code == 200
    assert writable == (opinion == Opinion.TO_COMPLETE)
    assert dt.timedelta(hours=call.completion_hours) > dt.timedelta(0)


def test_other_languages_are_not_lost(client, call):
    """A pair that writes in Chinese goes on in Chinese, whatever the language of the page."""
    row, editor = begun(call, original="zh-hans")
    client.post(path("project", editor), {**texts("文字"), "seen": row.original_digest})
    row.refresh_from_db()
    assert (row.title_zh_hans, row.title_fr) == ("文字 title", None)
    assert settings.LANGUAGE_CODE == "fr"


def test_somebody_of_the_pair_is_added_and_taken_out_on_the_page(client, call):
    row, editor = begun(call)
    person = {
        "add": "1",
        "given_name": "示例",
        "family_name": "李",
        "email": "li@example.org",
        "side": "CN",
        "language": "zh-hans",
    }
    assert client.post(path("people", editor), person).status_code == 302
    li = row.editors.get(email="li@example.org")
    assert client.post(path("people", editor), {**person, "email": "li@"}).context["form"].errors
    assert client.post(path("people", editor), {"remove": str(li.pk)}).status_code == 302
    assert list(row.editors.all()) == [editor]


def test_it_is_taken_back_and_withdrawn_after_a_question(call):
    client = Client()
    row, editor = submitted(call)
    client.get(path("take_back", editor))
    assert Application.objects.get().state == ApplicationState.SUBMITTED
    client.post(path("take_back", editor))
    assert Application.objects.get().state == ApplicationState.DRAFT
    services.submit(row, version=1, at=SEPTEMBER, by=editor)
    client.post(path("withdraw", editor))
    assert Application.objects.get().state == ApplicationState.WITHDRAWN

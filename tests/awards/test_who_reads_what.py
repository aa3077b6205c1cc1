"""Who may read what of one application while the jury marks: its pages, its files and its film, by either address."""

import re
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts, files, memory
from awards import links, services
from awards.enums import AttachmentKind, JuryRole, MusicRights, Phase
from awards.models import Application, Editor, Interest, Sheet
from awards.services.applications.writing import seen_of_rights
from tests.account_factories import logged_in
from tests.application_factories import SEPTEMBER, a_file, a_picture_file, begun, complete, texts
from tests.award_factories import CLOSES, opened
from tests.factories import a_member_of_staff
from tests.films import a_film
from tests.jury_factories import (
    CN,
    FR,
    IN_CONFLICTS,
    IN_SCORING,
    a_jury,
    answer,
    find_admissible,
    juror,
    members,
    secretary,
    sign,
)

pytestmark = pytest.mark.django_db

#: The application's; it stands nowhere else by chance.
NUMBER = 70041
SUBTITLES = b"WEBVTT\n\n00:00.000 --> 00:00.900\nOui\n"


@pytest.fixture(autouse=True)
def while_the_jury_marks():
    with time_machine.travel(IN_SCORING, tick=False):
        memory.forget()
        yield


@pytest.fixture
def row(edition, tmp_path):
    """Application ``NUMBER``, from which a French juror is recused; another pair has applied, and one has begun."""
    call = a_jury(edition)
    film = a_film(tmp_path / "film.mp4", seconds=1)
    first, second = sent(call, "Lanternes", film, number=NUMBER), sent(call, "Fontaines", film)
    draft, _editor = begun(call)
    Application.objects.filter(pk=draft.pk).update(title_fr="Brouillon")
    call = opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    find_admissible(call, [first, second])
    call = opened(call, Phase.CONFLICTS, at=IN_CONFLICTS)
    for member in members(call, None, JuryRole.SECRETARY):
        sign(member)
    for member in members(call):
        answer(sign(member), *([first] if member == recused(call) else []))
    opened(call, Phase.SCORING, at=IN_SCORING)
    return Application.objects.select_related("call", "film").get(pk=first.pk)


def recused(call):
    return juror(call, FR, 2)


def sent(call, word, film, *, number=None):
    """Submitted with all that there may be: letters, a picture, a film and its subtitles."""
    row, editor = begun(call)
    Application.objects.filter(pk=row.pk).update(number=number)
    now = {"at": SEPTEMBER, "by": editor}
    row = complete(row, editor)
    row = services.write_project(row, texts(word), seen=row.original_digest, **now)
    services.attach_picture(row, a_picture_file(), alternative="Une place", credit="", **now)
    key = files.put([film.read_bytes()])
    facts = services.look_into_film(files.path_of(key), most_seconds=call.film_seconds)
    services.take_film(row, key=key, name="film.mp4", facts=facts, **now)
    row = Application.objects.select_related("call", "film").get(pk=row.pk)
    services.attach_subtitles(row, "fr", a_file("fr.vtt", SUBTITLES, "text/vtt"), **now)
    row = services.write_rights(
        row, people_agree=True, music=MusicRights.NONE, rights_note="", seen=seen_of_rights(row), **now
    )
    return services.submit(row, version=1, **now)


# --- The table -------------------------------------------------------------------------------------------


def readers(row, somebody):
    """Each with a browser, and the token of the link that they have; whoever has none makes one up."""
    call, (editor,) = row.call, row.editors.all()
    own = links.token_of(editor)
    other = links.token_of(Editor.objects.get(application__number=NUMBER + 1))
    made_up = own[:-4] + other[-4:]
    return {
        "visitor": (Client(), made_up),
        "applicant": (Client(), own),
        "other applicant": (Client(), other),
        "juror": (logged_in(juror(call, CN).user), made_up),
        "recused juror": (logged_in(recused(call).user), made_up),
        "secretary": (logged_in(secretary(call).user), made_up),
        "co-president": (logged_in(juror(call, FR, 0).user), made_up),
        "organiser": (logged_in(somebody(accounts.ORGANISERS)), made_up),
        "APCAE": (logged_in(somebody(accounts.APCAE, side=CN)), made_up),
        "superuser": (logged_in(a_member_of_staff()), made_up),
    }


def addresses(row, token):
    """Pages and files of the application, by the name of their line: the address, and what is asked for of it."""
    picture, letter = (row.attachments.filter(kind=kind).first().key for kind in ("picture", "letter"))
    subtitles = row.attachments.get(kind=AttachmentKind.SUBTITLES).key
    keys = {"letter": letter, "picture": picture, "film": row.film.key, "subtitles": subtitles}
    office = {name: reverse("admin:award_application_file", args=[NUMBER, key]) for name, key in keys.items()}
    by_link = {f"{name}, by link": reverse("awards:file", args=[token, key]) for name, key in keys.items()}
    found = {
        "own page": reverse("awards:own_page", args=[token]),
        "read page": reverse("awards:read", args=[token]),
        **by_link,
        **office,
        "sheet": reverse("admin:jury_sheet", args=[NUMBER]),
        "ranking": reverse("admin:jury_ranking"),
        "deliberation": reverse("admin:jury_deliberation"),
        "list": reverse("admin:award_applications"),
        "application": reverse("admin:award_application", args=[NUMBER]),
        "translation": reverse("admin:award_translation", args=[NUMBER]),
        "category": reverse("admin:awards_category_change", args=[row.category_id]),
        "member": reverse("admin:awards_jurymember_change", args=[recused(row.call).pk]),
    }
    begins = {"Range": "bytes=0-99"}
    return {
        **{name: (path, {}) for name, path in found.items()},
        "film's first bytes, by link": (by_link["film, by link"], begins),
        "film's first bytes": (office["film"], begins),
    }


#: In this order: visitor, applicant, other applicant; juror, recused juror, secretary, co-president; organiser, APCAE,
#: superuser. The other applicant's pages are those of their own application: see below.
EXPECTED = {
    "own page": (404, 200, 200, 404, 404, 404, 404, 404, 404, 404),
    "read page": (404, 200, 200, 404, 404, 404, 404, 404, 404, 404),
    "letter, by link": (404, 200, 404, 404, 404, 404, 404, 404, 404, 404),
    "picture, by link": (404, 200, 404, 404, 404, 404, 404, 404, 404, 404),
    "film, by link": (404, 200, 404, 404, 404, 404, 404, 404, 404, 404),
    "film's first bytes, by link": (404, 206, 404, 404, 404, 404, 404, 404, 404, 404),
    "subtitles, by link": (404, 200, 404, 404, 404, 404, 404, 404, 404, 404),
    "letter": (302, 302, 302, 200, 403, 200, 200, 200, 403, 200),
    "picture": (302, 302, 302, 200, 403, 200, 200, 200, 403, 200),
    "film": (302, 302, 302, 200, 403, 200, 200, 200, 403, 200),
    "film's first bytes": (302, 302, 302, 206, 403, 206, 206, 206, 403, 206),
    "subtitles": (302, 302, 302, 200, 403, 200, 200, 200, 403, 200),
    "sheet": (302, 302, 302, 200, 404, 403, 200, 403, 403, 403),
    "ranking": (302, 302, 302, 200, 200, 200, 200, 403, 403, 403),
    "deliberation": (302, 302, 302, 200, 200, 200, 200, 403, 403, 403),
    "list": (302, 302, 302, 403, 403, 200, 403, 200, 403, 200),
    "application": (302, 302, 302, 403, 403, 200, 403, 200, 403, 200),
    "translation": (302, 302, 302, 403, 403, 200, 403, 200, 403, 200),
    "category": (302, 302, 302, 403, 403, 403, 403, 200, 403, 200),
    "member": (302, 302, 302, 403, 403, 403, 403, 200, 403, 200),
}
#: Read by somebody, and silent on the application for all of them.
SILENT = ("ranking", "deliberation", "category", "member")
OF_A_FILE = ("Content-Type", "Content-Disposition", "Content-Length", "ETag", "Accept-Ranges")


def test_who_reads_what_is_a_table(row, somebody):
    found = {name: [] for name in EXPECTED}
    for client, token in readers(row, somebody).values():
        for name, (path, headers) in addresses(row, token).items():
            found[name].append(client.get(path, headers=headers).status_code)

    assert {name: tuple(codes) for name, codes in found.items()} == EXPECTED


def test_whoever_is_refused_learns_neither_title_nor_number(row, somebody):
    told, title = [], "Lanternes"
    for place, (reader, (client, token)) in enumerate(readers(row, somebody).items()):
        for name, (path, headers) in addresses(row, token).items():
            refused = EXPECTED[name][place] not in (200, 206)
            if not (refused or name in SILENT or reader in ("other applicant", "recused juror")):
                continue
            answer = client.get(path, headers=headers, follow=True)
            # What they asked for themselves tells them nothing.
            text = unquote(f"{answer.text} {answer.headers}").replace(path, "")
            found = [word for word in (title, f"中文{row.pk}") if word in text]
            told += [(reader, name, word) for word in [*found, *re.findall(rf"\b{NUMBER}\b", text)]]

    assert told == []
    # Those words are what whoever reads it is shown.
    page = logged_in(juror(row.call).user).get(reverse("admin:jury_sheet", args=[NUMBER])).text
    assert title in page
    assert re.search(rf"\b{NUMBER}\b", page)
    page = logged_in(juror(row.call, CN).user).get(reverse("admin:jury_sheet", args=[NUMBER])).text
    assert f"中文{row.pk}" in page


def test_the_head_alone_is_answered_as_the_whole_is_and_begins_no_sheet(row, somebody):
    found = {name: [] for name in EXPECTED}
    for client, token in readers(row, somebody).values():
        for name, (path, headers) in addresses(row, token).items():
            head = client.head(path, headers=headers)
            found[name].append(head.status_code)
            assert head.content == b""
            if "ETag" in head.headers:
                whole = client.get(path)
                assert [head.headers[h] for h in OF_A_FILE] == [whole.headers[h] for h in OF_A_FILE]

    # One asks for a range of what one reads: the head is that of the whole.
    assert {name: tuple(codes) for name, codes in found.items()} == {
        name: tuple(200 if code == 206 else code for code in codes) for name, codes in EXPECTED.items()
    }
    assert not Sheet.objects.exists()


# --- What an open page would tell by the way -------------------------------------------------------------


def test_what_stands_in_the_way_of_deleting_is_told_by_its_kind_alone(row, somebody):
    """Recusals are for whoever has a seat, and a draft is its pair's own: no list of what is protected tells them."""
    member = recused(row.call)
    organiser, superuser = logged_in(somebody(accounts.ORGANISERS)), logged_in(a_member_of_staff())
    of_member = superuser.get(reverse("admin:awards_jurymember_delete", args=[member.pk]))
    of_several = superuser.post(
        reverse("admin:awards_jurymember_changelist"),
        {"action": "delete_selected", "_selected_action": [member.pk]},
    )
    of_category = organiser.get(reverse("admin:awards_category_delete", args=[row.category_id]))

    for page in (of_member, of_several):
        assert str(Interest._meta.verbose_name) in page.text.lower()
        assert "declared" not in page.text
    assert "Brouillon" not in of_category.text

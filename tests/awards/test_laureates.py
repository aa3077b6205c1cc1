"""The laureates as everybody reads them: nothing before the release, all of it from that moment on."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts, memory
from awards.enums import AttachmentKind, Effect
from awards.laureates import public_groups
from awards.links import own_page, token_of
from awards.models import Call
from tests.account_factories import logged_in
from tests.award_factories import president, published
from tests.deliberation_factories import a_sitting, decided, in_deliberation
from tests.factories import a_member_of_staff
from tests.jury_factories import CN, FR, juror, rows_of, secretary
from tests.laureate_factories import FILM, REHEARSAL, a_category, seal, sealed, with_files

pytestmark = pytest.mark.django_db
PAGES = {"fr": "/fr/prix/laureats/", "zh-hans": "/zh-hans/prix/laureats/"}
PAGE = PAGES["fr"]


@pytest.fixture(autouse=True)
def before_the_ceremony():
    with time_machine.travel(REHEARSAL, tick=False):
        yield


def file_page(key):
    return reverse("awards:laureate_file", args=[key])


def keys_of(row):
    """Of the picture, the subtitles, the film and a letter."""
    kinds = [AttachmentKind.PICTURE, AttachmentKind.SUBTITLES, AttachmentKind.LETTER]
    picture, subtitles, letter = (row.attachments.filter(kind=kind)[0].key for kind in kinds)
    return [picture, subtitles, row.film.key, letter]


def readers(call, as_role):
    """Everybody that the secret is kept from, or not, in browsers of their own."""
    applicant = Client()
    row = rows_of(call)[0]
    editor = row.editors.create(given_name="A", family_name="B", email="a@example.org", language="fr", side=FR, began=True, added_at=REHEARSAL)  # fmt: skip
    assert applicant.get(own_page(token_of(editor))).status_code == 200
    return {
        "visitor": Client(),
        "applicant": applicant,
        "juror": logged_in(juror(call).user),
        "recused juror": logged_in(juror(call, CN, 1).user),
        "secretary": logged_in(secretary(call).user),
        "co-president": logged_in(president(call, FR)),
        "organiser": as_role(accounts.ORGANISERS),
        "APCAE": as_role(accounts.APCAE),
        "superuser": logged_in(a_member_of_staff(is_superuser=True)),
    }


def secrets_of(row):
    """Every word by which a laureate could be known."""
    partners = [name for partner in row.partners.all() for name in partner.names]
    return [row.title_fr, row.title_zh_hans, row.summary_fr, *partners, *(key.hex for key in keys_of(row))]


def text_of(answer):
    return b"".join(answer).decode() if answer.streaming else answer.text


# --- Before ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", PAGES)
def test_before_the_release_the_page_says_when_it_will_be(client, edition, language):
    sealed(edition)

    page = client.get(PAGES[language])

    assert page.status_code == 200
    assert 'data-assises-state="laureates-secret"' in page.text
    assert ("13 décembre 2018" if language == "fr" else "2018年12月13日") in page.text.replace("\u00a0", " ")
    assert page.headers["Cache-Control"] == "public, no-cache"


def test_before_the_release_everybody_reads_the_same_and_nothing_of_a_laureate(edition, as_role):
    call = sealed(edition, recused=[(CN, 1, 1)])
    winner, reserve = rows_of(call)
    who = readers(call, as_role)

    for path in PAGES.values():
        pages = {name: client.get(path) for name, client in who.items()}
        assert {page.status_code for page in pages.values()} == {200}
        assert len({page.content for page in pages.values()}) == 1
        for secret in [*secrets_of(winner), *secrets_of(reserve), "tourism-"]:
            assert secret not in pages["secretary"].text
    for key in [*keys_of(winner), *keys_of(reserve)]:
        assert {name: client.get(file_page(key)).status_code for name, client in who.items()} == dict.fromkeys(who, 404)  # fmt: skip
    assert PAGE not in who["secretary"].get("/fr/prix/").text


def test_without_an_award_there_is_no_page(client, edition):
    assert client.get(PAGE).status_code == 404
    call = Call.objects.create(edition=edition, name_fr="Prix")
    assert client.get(PAGE).status_code == 200
    assert public_groups(call, "fr") == []


# --- The release -----------------------------------------------------------------------------------------


def test_at_the_release_nobody_gets_the_page_from_before(client, edition):
    call = sealed(edition)
    before = client.get(PAGE)
    again = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304

    published(call)
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert rows_of(call)[0].title_fr in after.text
    assert after.headers["Cache-Control"] == "public, no-cache"


def test_after_the_release_everybody_reads_the_laureates_and_their_files(edition, as_role):
    call = sealed(edition, recused=[(CN, 1, 1)])
    winner, reserve = rows_of(call)
    who = readers(call, as_role)
    published(call)
    *shown, letter = keys_of(winner)

    pages = {name: client.get(PAGE) for name, client in who.items()}
    assert len({page.content for page in pages.values()}) == 1
    text = pages["visitor"].text
    assert winner.title_fr in text
    assert winner.summary_fr in text
    assert all(partner.names[0] in text for partner in winner.partners.all())
    assert 'alt="Vue du projet 1"' in text
    assert "© Service Exemple" in text
    assert 'id="tourism-1"' in text
    for key in shown:
        assert file_page(key) in text
        assert {client.get(file_page(key)).status_code for client in who.values()} == {200}
    # Letters are nobody's, and who stands on the reserve list never wins by it.
    assert not any(secret in text for secret in secrets_of(reserve))
    for key in [letter, *keys_of(reserve)]:
        assert {client.get(file_page(key)).status_code for client in who.values()} == {404}


def test_a_film_is_wound_and_kept_by_caches(client, edition):
    call = published(sealed(edition))
    key = rows_of(call)[0].film.key

    part = client.get(file_page(key), headers={"Range": "bytes=5-9"})

    assert (part.status_code, text_of(part)) == (206, FILM[5:10].decode())
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(FILM)}"
    assert part.headers["Content-Type"] == "video/mp4"
    assert "public" in part.headers["Cache-Control"]
    assert client.get(file_page(key), headers={"If-None-Match": f'"{key.hex}"'}).status_code == 304
    assert client.get(file_page(key), headers={"Range": "bytes=999-"}).status_code == 416


# --- What it says ----------------------------------------------------------------------------------------


def without_music(row):
    with_files(row)
    row.music = ""


def without_agreement(row):
    with_files(row)
    row.people_agree = False


@pytest.mark.parametrize(
    ("prepare", "picture", "film"), [(without_music, 200, 404), (without_agreement, 404, 404)]
)
def test_what_lacks_a_statement_of_its_rights_is_not_shown(client, edition, prepare, picture, film):
    call = published(sealed(edition, prepare=prepare))
    keys = keys_of(rows_of(call)[0])

    text = client.get(PAGE).text

    assert [client.get(file_page(key)).status_code for key in keys[:3]] == [picture, film, film]
    assert [file_page(key) in text for key in keys[:3]] == [picture == 200, False, False]
    assert rows_of(call)[0].title_fr in text


def test_prizes_come_before_mentions_shared_ones_are_said_and_a_category_without_prize_too(client, edition):
    def begin(call):
        a_category(call, "youth", is_mention=True, order=7)
        a_category(call, "shared", order=6)
        a_category(call, "none", order=5)

    def prepare(row):
        with_files(row)
        if row.number > 1:
            row.category = row.call.categories.get(code="shared")

    call = in_deliberation(edition, jurors=1, applications=3, begin=begin, prepare=prepare)
    shared, none, youth = (call.categories.get(code=code) for code in ("shared", "none", "youth"))
    a_sitting(call)
    decided(call, 1, effect=Effect.MENTION, category=youth)
    decided(call, 2, 3, effect=Effect.EX_AEQUO, category=shared)
    decided(call, 1, category=call.categories.get(code="tourism"))
    decided(call, effect=Effect.NO_PRIZE, category=none)
    call = published(seal(call))

    groups = public_groups(call, "fr")
    text = client.get(PAGE).text

    told = [(g.category.code, [(x.application.number, x.result.is_ex_aequo) for x in g.laureates]) for g in groups]  # fmt: skip
    assert told == [
        ("tourism", [(1, False)]),
        ("none", []),
        ("shared", [(2, True), (3, True)]),
        ("youth", [(1, False)]),
    ]
    assert text.count("ex æquo") == 2
    assert text.count("Aucun prix n’a été attribué") == 1
    # It is presented once, and found from the other place.
    assert text.count(file_page(rows_of(call)[0].film.key)) == 2
    assert 'href="#tourism-1">Ce projet' in text


@pytest.mark.parametrize("language", PAGES)
def test_it_is_read_in_the_language_of_the_page_and_else_in_the_original_one(client, edition, language):
    call = sealed(edition, trophy_fr="Un vase", trophy_zh_hans="花瓶")
    row = rows_of(call)[0]
    published(call)

    text = client.get(PAGES[language]).text
    assert (row.title_fr in text, row.title_zh_hans in text) == ((True, False) if language == "fr" else (False, True))  # fmt: skip
    assert ("Un vase" if language == "fr" else "花瓶") in text

    call.applications.update(translated_from="")
    memory.forget()
    text = client.get(PAGES["zh-hans"]).text
    assert f'lang="fr">{row.title_fr}' in text
    assert row.title_zh_hans not in text


@pytest.mark.parametrize("laureates", [1, 4])
def test_one_laureate_costs_as_many_queries_as_four(client, edition, laureates, django_assert_num_queries):
    call = published(sealed(edition, laureates=laureates))
    client.get("/fr/")

    with django_assert_num_queries(7):
        client.get(PAGE)
    # Whoever comes within the next seconds has the same page: only the phase is asked for.
    with django_assert_num_queries(1):
        client.get(PAGE)
    assert len(public_groups(call, "fr")[0].laureates) == laureates


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client, edition, method):
    call = published(sealed(edition))
    assert getattr(client, method)(PAGE).status_code == 405
    assert getattr(client, method)(file_page(rows_of(call)[0].film.key)).status_code == 405


def test_the_page_of_the_award_leads_to_the_laureates_once_there_are_any(client, edition):
    call = sealed(edition)
    assert PAGE not in client.get("/fr/prix/").text
    published(call)
    memory.forget()
    assert f'href="{PAGE}"' in client.get("/fr/prix/").text

"""Documents and feeds as they are served: made once for each release, answered with 304 to whoever has them."""

import dataclasses
import threading

import icalendar
import pytest
from django.db import connections

from program import documents
from program.models import ReleaseFile
from program.services import files
from tests.factories import a_member_of_staff
from tests.program.showing import PUBLISHED, a_release, an_item

#: Path, name in the release, media type, language.
FILES = [
    ("/fr/programme.pdf", "programme.fr.pdf", "application/pdf", "fr"),
    ("/zh-hans/programme.pdf", "programme.zh-hans.pdf", "application/pdf", "zh-Hans"),
    ("/programme-bilingue.pdf", "programme-bilingue.pdf", "application/pdf", "fr, zh-Hans"),
    ("/programme-salles.pdf", "salles.pdf", "application/pdf", "fr, zh-Hans"),
    ("/programme-visites.pdf", "fiches-visites.pdf", "application/pdf", "fr, zh-Hans"),
    ("/programme-visites.pdf", "fiches-visites.pdf", "application/pdf", "fr, zh-Hans"),
    ("/fr/programme.ics", "programme.fr.ics", "text/calendar; charset=utf-8", "fr"),
    ("/zh-hans/programme.ics", "programme.zh-hans.ics", "text/calendar; charset=utf-8", "zh-Hans"),
    ("/schedule.xml", "schedule.xml", "application/xml; charset=utf-8", "fr"),
    ("/schedule.json", "schedule.json", "application/json", "fr"),
    ("/fr/programme.xlsx", "programme.fr.xlsx", files.XLSX, "fr"),
    ("/zh-hans/programme.xlsx", "programme.zh-hans.xlsx", files.XLSX, "zh-Hans"),
]


@pytest.fixture(autouse=True)
def quick_documents(monkeypatch):
    """How documents look is tested where they are made."""
    monkeypatch.setattr(
        documents, "booklet", lambda p, s, *, languages: f"%PDF {languages} {s.number}".encode()
    )
    for name in ("salles.pdf", "fiches-visites.pdf"):
        monkeypatch.setitem(files.KINDS, name, files.FileKind(files.PDF, lambda p, s: b"%PDF sheets"))


@pytest.mark.parametrize(("path", "name", "media_type", "language"), FILES)
def test_each_file_is_served_under_its_address(client, edition, path, name, media_type, language):
    release = a_release(edition, an_item())

    response = client.get(path)

    kept = ReleaseFile.objects.get(release=release, name=name)
    assert response.status_code == 200
    assert response.content == bytes(kept.data)
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Language"] == language
    assert response.headers["ETag"] == f'"{kept.data_hash}"'
    assert response.headers["Last-Modified"] == "Tue, 02 Oct 2018 09:00:00 GMT"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Content-Disposition"] == f'inline; filename="{edition.code}-v1-{name}"'


@pytest.mark.parametrize("path", [row[0] for row in FILES])
def test_whoever_has_it_is_not_sent_it_again(client, edition, path):
    a_release(edition, an_item())
    first = client.get(path)

    by_tag = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    by_date = client.get(path, headers={"if-modified-since": first.headers["Last-Modified"]})
    head = client.head(path)

    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


def test_every_kind_of_file_has_an_address_of_its_own():
    assert {row[1] for row in FILES} == set(files.KINDS)


def test_a_new_release_is_a_new_file(client, edition):
    a_release(edition, an_item("Ancien"))
    old = client.get("/fr/programme.ics")
    a_release(edition, an_item("Nouveau"))

    new = client.get(
        "/fr/programme.ics",
        headers={"if-none-match": old.headers["ETag"]},
    )

    assert new.status_code == 200
    assert "Nouveau" in new.content.decode()


def test_while_nothing_is_public_the_answer_is_a_page_that_helps(client, edition):
    a_release(edition, an_item("Secret"), is_public=False)

    for path, *_rest in FILES:
        response = client.get(path)
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")
        assert b"/inscription/" in response.content


def test_a_hit_asks_the_database_nothing(client, edition, django_assert_num_queries):
    a_release(edition, an_item())
    client.get("/fr/programme.ics")

    with django_assert_num_queries(0):
        client.get("/fr/programme.ics")


def test_feeds_are_packed_for_phones(client, edition):
    a_release(edition, *(an_item() for _unused in range(20)))

    plain = client.get("/schedule.json")
    packed = client.get("/schedule.json", headers={"accept-encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.content) < len(plain.content) / 5


def test_one_item_for_a_calendar(client, edition):
    a_release(edition, an_item("Un", code="un"), an_item("Deux", code="deux"))

    response = client.get("/fr/programme/deux.ics")

    assert response.content.count(b"BEGIN:VEVENT") == 1
    assert "Deux" in response.content.decode()
    assert (
        client.get("/fr/programme/deux.ics", headers={"if-none-match": response.headers["ETag"]}).status_code
        == 304
    )
    assert client.get("/fr/programme/trois.ics").status_code == 404


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_a_calendar_that_follows_one_item_is_told_that_it_is_cancelled(client, edition, language):
    item = an_item("Un", code="un")
    a_release(edition, item, an_item())
    address = f"/{language}/programme/un.ics"
    [before] = icalendar.Calendar.from_ical(client.get(address).content).walk("VEVENT")
    a_release(edition, an_item(), dropped=(dataclasses.replace(item, sequence=1),))

    response = client.get(address)

    [after] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert response.status_code == 200
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]


def test_the_files_of_a_release_stay_under_its_number(client, edition):
    a_release(edition, an_item("Ancien"))
    a_release(edition, an_item("Nouveau"))

    response = client.get("/fr/programme/versions/1/programme.fr.ics")

    assert "Ancien" in response.content.decode()
    assert "-v1-" in response.headers["Content-Disposition"]
    assert client.get("/fr/programme/versions/1/passwd").status_code == 404
    assert client.get("/fr/programme/versions/1/..%2f..%2fx").status_code == 404


def test_the_files_of_a_release_that_is_not_public_need_its_whole_address(client, edition):
    release = a_release(edition, an_item("Pour la tutelle"), is_public=False)

    right = client.get(f"/fr/programme/versions/1-{release.content_hash[:12]}/programme.fr.pdf")

    assert right.status_code == 200
    assert right.headers["Cache-Control"] == "private, no-cache"
    assert right.headers["X-Robots-Tag"] == "noindex"
    for wrong in ("1", "1-000000000000"):
        assert client.get(f"/fr/programme/versions/{wrong}/programme.fr.pdf").status_code == 404


def test_a_release_that_waits_is_made_anew_for_those_who_approve_it(client, edition):
    release = a_release(edition, an_item(), published_at=None)
    path = "/fr/programme/versions/1/programme.fr.pdf"

    assert client.get(path).status_code == 404
    client.force_login(a_member_of_staff())
    assert client.get(path).status_code == 200
    assert not ReleaseFile.objects.filter(release=release).exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_files_are_only_read(client, edition, method):
    a_release(edition, an_item())

    assert getattr(client, method)("/schedule.xml").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_are_asked_at_once_make_one_file(edition, monkeypatch):
    release = a_release(edition, an_item())
    made, together = [], threading.Barrier(2)
    make = files.KINDS["schedule.xml"].make

    def slowly(programme, stamp):
        made.append(1)
        return make(programme, stamp)

    monkeypatch.setitem(files.KINDS, "schedule.xml", files.FileKind("application/xml", slowly))
    answers = []

    def ask():
        together.wait()
        # Not by a page: two threads of one process wait for one another before they come here.
        answers.append(bytes(files.file_of(release, "schedule.xml", at=PUBLISHED).data))
        connections.close_all()

    people = [threading.Thread(target=ask) for _unused in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert answers[0] == answers[1]
    assert len(made) == 1
    assert ReleaseFile.objects.filter(release=release).count() == 1

"""A file that a plain form brought goes the same way."""

import dataclasses
import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from assises import files, uploads
from assises.exceptions import Refusal
from assises.models import Upload
from assises.uploads import purpose_of, purposes
from tests.factories import NOW
from tests.uploading import uploads as received
from tests.uploading.asking import on_disk

pytestmark = pytest.mark.django_db


def sent(content=b"a film", name="film.mp4"):
    return SimpleUploadedFile(name, content, "video/mp4")


def test_it_is_checked_taken_and_told_as_one_that_came_in_parts(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload = uploads.receive("tests.film", 12, sent(), at=NOW)

    assert (upload.offset, upload.completed_at, upload.media_type) == (6, NOW, "video/mp4")
    assert files.path_of(upload.key).read_bytes() == b"a film"
    assert [(upload, 6)] == received.TAKEN
    assert [upload] == received.WOKEN


@pytest.mark.parametrize(
    ("target", "purpose", "content", "kind"),
    [
        (12, "tests.film", b"forbidden film", uploads.NotAccepted),
        ("closed", "tests.film", b"film", uploads.Closed),
        (12, "tests.film", b"", Refusal),
        (12, "tests.note", b"x" * 1001, uploads.TooLarge),
    ],
)
def test_what_is_refused_leaves_nothing(django_capture_on_commit_callbacks, target, purpose, content, kind):
    with pytest.raises(kind), django_capture_on_commit_callbacks(execute=True):
        uploads.receive(purpose, target, sent(content), at=NOW)

    assert (Upload.objects.count(), on_disk(), received.TAKEN) == (0, [], [])


def test_the_key_of_a_file_that_is_here_stands_for_it(sender):
    address = sender.begin(4)
    key = uuid.UUID(address.rpartition("/")[2])
    with pytest.raises(Refusal):
        uploads.receive("tests.film", 12, key, at=NOW)
    sender.patch(address, 0, b"film")

    assert uploads.receive("tests.film", 12, key, at=NOW).key == key
    assert len(received.TAKEN) == 1


@pytest.mark.parametrize(("purpose", "target"), [("tests.film", 13), ("tests.note", 12)])
def test_the_key_of_somebody_elses_file_stands_for_nothing(sender, purpose, target):
    address = sender.begin(4)
    sender.patch(address, 0, b"film")

    with pytest.raises(Refusal):
        uploads.receive(purpose, target, uuid.UUID(address.rpartition("/")[2]), at=NOW)


def test_a_key_from_long_ago_is_gone():
    upload = uploads.receive("tests.film", 12, sent(), at=NOW)

    with pytest.raises(uploads.Gone):
        uploads.receive("tests.film", 12, upload.key, at=NOW + dt.timedelta(days=8))


@pytest.fixture
def film_page(settings):
    """The address of a page that sends films."""
    settings.ROOT_URLCONF = "tests.uploading.urls"
    folders = [*settings.TEMPLATES[0]["DIRS"], settings.BASE_DIR / "tests/uploading/templates"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": folders}]
    return "/fr/tests/film/12/"


def test_the_page_works_without_scripts(client, film_page, monday):
    answer = client.post(film_page, {"title": "Ensemble", "film": sent()})

    assert f'data-received="{Upload.objects.get().key}"' in answer.text


def test_a_refusal_stands_with_the_field(client, film_page, monday):
    answer = client.post(film_page, {"title": "Ensemble", "film": sent(b"forbidden")})

    assert answer.status_code == 200
    assert 'href="#id_film">Film' in answer.text.replace("\n", "")
    assert "Ce fichier n’est pas un film." in answer.text


def test_the_form_takes_the_key_instead_of_the_file(client, film_page, sender, monday):
    address = sender.begin(4)
    sender.patch(address, 0, b"film")
    key = address.rpartition("/")[2]

    assert f'data-received="{key}"' in client.post(film_page, {"title": "Ensemble", "film_key": key}).text
    assert "data-received" not in client.post(film_page, {"title": "Ensemble", "film_key": "12"}).text


def test_a_form_that_comes_back_for_another_answer_keeps_the_file(client, film_page, sender, monday):
    address = sender.begin(4)
    sender.patch(address, 0, b"film")
    key = address.rpartition("/")[2]

    text = client.post(film_page, {"title": "", "film_key": key}).text

    assert f'name="film_key" data-assises-upload-key value="{key}"' in text
    assert "Le fichier est déjà là." in text
    assert 'type="file"' in text
    assert "required" not in text[text.index('type="file"') :].partition(">")[0]


def test_what_was_taken_stays_also_when_something_fails_after_it(
    monkeypatch, django_capture_on_commit_callbacks
):
    def fail(upload, *, facts, at):
        transaction.on_commit(lambda: 1 / 0)

    declared = purpose_of("tests.film")
    monkeypatch.setitem(purposes._PURPOSES, "tests.film", dataclasses.replace(declared, complete=fail))
    with pytest.raises(ZeroDivisionError), django_capture_on_commit_callbacks(execute=True):
        uploads.receive("tests.film", 12, sent(), at=NOW)

    assert Upload.objects.get().completed_at == NOW
    assert len(on_disk()) == 1


def test_scripts_find_their_words_and_the_address_in_the_page(client, film_page, monday):
    text = client.get(film_page).text

    assert f'data-assises-upload="/televersements/{uploads.write_grant("tests.film", 12)}/"' in text
    assert f'data-most="{600 * 1024**2}"' in text
    assert "js/upload.js" in text

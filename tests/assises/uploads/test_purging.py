"""What nobody went on with, and what belongs to nobody, goes; nothing else does."""

import datetime as dt
import os
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from assises import files, uploads
from assises.models import Upload
from assises.tasks import purge_uploads
from assises.uploads import purging
from tests.factories import NOW
from tests.uploading.asking import on_disk

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=8)


@pytest.fixture
def purge(django_capture_on_commit_callbacks):
    def run(at):
        with django_capture_on_commit_callbacks(execute=True):
            return uploads.purge(at=at)

    return run


def a_file(*, days_old=0.0):
    key = files.put([b"some", b"thing"])
    then = time.time() - days_old * 24 * 3600
    os.utime(files.path_of(key), (then, then))
    return key


def test_an_upload_that_nobody_went_on_with_goes_with_its_file(sender, purge):
    address = sender.begin(10)
    sender.patch(address, 0, b"12345")

    assert purge(NOW + dt.timedelta(days=6)) == 0
    assert sender.offset(address) == 5
    assert purge(LATER) == 1
    assert (Upload.objects.count(), on_disk()) == (0, [])


def test_one_that_is_being_sent_stays(sender, purge):
    address = sender.begin(10)
    sender.patch(address, 0, b"12345")
    with files.locked(Upload.objects.get().key):
        assert purge(LATER) == 0
    assert Upload.objects.count() == 1


def test_a_file_that_another_row_holds_stays_when_its_upload_goes(purge, monkeypatch):
    taken = uploads.receive_whole("tests.film", 1, SimpleUploadedFile("a.mp4", b"taken"), at=NOW)
    lost = uploads.receive_whole("tests.film", 2, SimpleUploadedFile("b.mp4", b"lost"), at=NOW)
    held = files.held
    # As the app of the award will hold it; the tests' app has no table.
    monkeypatch.setattr(files, "held", lambda keys: held(keys) | ({taken.key} & set(keys)))

    assert purge(LATER) == 1
    assert Upload.objects.count() == 0
    assert [path.name for path in on_disk()] == [taken.key.hex]
    assert lost.key.hex not in {path.name for path in on_disk()}


def test_files_without_a_row_go_after_a_day(purge, files_root):
    young = a_file()
    old = a_file(days_old=1.1)
    stray = files_root / "incoming" / "tmp1234.upload"
    stray.parent.mkdir()
    stray.write_bytes(b"of a process that was killed")
    os.utime(stray, (0, 0))

    assert purge(NOW) == 2
    assert files.path_of(young).exists()
    assert not files.path_of(old).exists()
    assert not stray.exists()


def test_old_files_with_a_row_stay_however_many_there_are(purge, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 3)
    keys = [a_file(days_old=2) for _unused in range(8)]
    for key in keys[:4]:
        Upload.objects.create(
            key=key, purpose="tests.film", target="1", size=9, offset=9, completed_at=NOW, created_at=NOW,
            progressed_at=NOW, expires_at=LATER,
        )  # fmt: skip

    assert purge(NOW) == 4
    assert {path.name for path in on_disk()} == {key.hex for key in keys[:4]}


def test_each_column_that_holds_keys_is_asked(monkeypatch):
    """Whoever adds a column of this kind has said that its files stay; there is nothing to declare and to forget."""
    key = uuid.uuid4()
    Upload.objects.create(
        key=key, purpose="x", target="1", size=1, created_at=NOW, progressed_at=NOW, expires_at=NOW
    )

    assert files.held([key, uuid.uuid4()]) == {key}
    assert issubclass(files.FileKeyField, models.UUIDField)


def test_the_task_runs_on_an_empty_folder_and_twice(monday):
    assert purge_uploads() == 0
    a_file(days_old=3)
    assert (purge_uploads(), purge_uploads()) == (1, 0)


def test_what_cannot_be_put_whole_is_not_put():
    def pieces():
        yield b"some"
        raise OSError(28, "No space left on device")

    with pytest.raises(files.DiskFull):
        files.put(pieces())
    assert on_disk() == []

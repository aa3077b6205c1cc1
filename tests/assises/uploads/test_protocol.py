"""tus 1.0.0 as programs speak it: each request and its answer."""

import dataclasses
import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client

from assises import files
from assises.models import JobRun, Upload
from assises.uploads import purpose_of, purposes, write_grant
from tests.factories import NOW
from tests.uploading import uploads as received
from tests.uploading.asking import Sender, on_disk

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 8  # 2048 bytes
HALF = len(CONTENT) // 2


def looked_at_by(patched, check):
    """Declare the tests' purpose with another check."""
    declared = purpose_of("tests.film")
    patched.setitem(purposes._PURPOSES, "tests.film", dataclasses.replace(declared, check=check))


def test_a_file_in_two_parts_is_complete_with_the_second_and_taken_once(
    sender, django_capture_on_commit_callbacks
):
    address = sender.begin(len(CONTENT), name="Notre film – 我们的影片.mp4")
    first = sender.patch(address, 0, CONTENT[:HALF])
    between = sender.ask("HEAD", address)
    with django_capture_on_commit_callbacks(execute=True):
        second = sender.patch(address, HALF, CONTENT[HALF:])

    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(HALF))
    assert (between.headers["Upload-Offset"], between.headers["Upload-Length"]) == (
        str(HALF),
        str(len(CONTENT)),
    )
    assert between.headers["Cache-Control"] == "no-store"
    assert (second.status_code, second.headers["Upload-Offset"]) == (204, str(len(CONTENT)))
    upload = Upload.objects.get()
    assert (upload.purpose, upload.target) == ("tests.film", "12")
    assert (upload.original_name, upload.media_type) == ("Notre film – 我们的影片.mp4", "video/mp4")
    assert files.path_of(upload.key).read_bytes() == CONTENT
    assert [(upload, len(CONTENT))] == received.TAKEN
    assert [upload] == received.WOKEN


def test_the_name_that_somebody_typed_is_not_on_the_disk(sender):
    sender.patch(sender.begin(4, name="../../etc/passwd"), 0, b"film")

    assert [path.name for path in on_disk()] == [Upload.objects.get().key.hex]
    assert on_disk()[0].stat().st_mode & 0o777 == 0o600


def test_whoever_did_not_hear_that_it_is_complete_hears_it_again(sender):
    address = sender.begin(len(CONTENT))
    sender.patch(address, 0, CONTENT)

    assert sender.offset(address) == len(CONTENT)
    assert sender.patch(address, len(CONTENT), b"").status_code == 204
    assert sender.patch(address, 0, CONTENT).status_code == 409
    assert len(received.TAKEN) == 1


def test_a_worker_that_cannot_be_woken_fails_nothing(sender, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.patch(sender.begin(4, name="nobody.mp4"), 0, b"film")

    assert answer.status_code == 204
    assert Upload.objects.get().completed_at is not None


def test_what_can_be_sent_is_said_also_to_whoever_names_no_version(client):
    answer = client.options(f"/televersements/{write_grant('tests.note', 3)}/")

    assert answer.status_code == 204
    assert {name: value for name, value in answer.headers.items() if name.startswith("Tus-")} == {
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,termination,expiration",
        "Tus-Max-Size": "1000",
        "Tus-Resumable": "1.0.0",
    }


def test_uploads_expire_and_say_when(sender):
    answer = sender.create(100)

    assert answer.headers["Upload-Expires"] == "Mon, 22 Oct 2018 09:00:00 GMT"
    with time_machine.travel(NOW + dt.timedelta(days=8), tick=False):
        assert sender.ask("HEAD", answer.headers["Location"]).status_code == 410


def test_progress_puts_the_end_off(sender):
    address = sender.begin(100)
    with time_machine.travel(NOW + dt.timedelta(days=6), tick=False):
        answer = sender.patch(address, 0, b"x" * 50)

    assert answer.headers["Upload-Expires"] == "Sun, 28 Oct 2018 08:00:00 GMT"


def test_an_upload_that_is_given_up_leaves_nothing(sender, django_capture_on_commit_callbacks):
    address = sender.begin(len(CONTENT))
    sender.patch(address, 0, CONTENT[:HALF])
    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.ask("DELETE", address)

    assert answer.status_code == 204
    assert (Upload.objects.count(), on_disk()) == (0, [])
    assert sender.ask("HEAD", address).status_code == 404


def test_what_is_complete_is_not_given_up_here(sender):
    address = sender.begin(4)
    sender.patch(address, 0, b"film")

    assert sender.ask("DELETE", address).status_code == 400
    assert len(on_disk()) == 1


@pytest.mark.parametrize(
    ("size", "status"),
    [
        ("", 400),
        ("-1", 400),
        ("٣", 400),
        ("abc", 400),
        ("0", 400),
        (str(601 * 1024**2), 413),
        ("9" * 40, 413),
    ],
)
def test_a_length_that_cannot_be(sender, size, status):
    answer = sender.create(size)

    assert answer.status_code == status
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("method", "content", "headers", "status"),
    [
        ("PATCH", b"x", {"Upload-Offset": "1"}, 409),
        ("PATCH", b"x", {"Upload-Offset": "-1"}, 400),
        ("PATCH", b"x", {"Upload-Offset": "٣"}, 400),
        ("PATCH", b"x", {}, 400),
        ("PATCH", b"x" * 11, {"Upload-Offset": "0"}, 413),
        ("PATCH", b"x", {"Upload-Offset": "0", "Content-Type": "text/plain"}, 415),
        ("PATCH", b"x", {"Upload-Offset": "0", "Tus-Resumable": "0.2.2"}, 412),
        ("HEAD", b"", {"Tus-Resumable": ""}, 412),
        ("GET", b"", {}, 405),
        ("POST", b"", {}, 405),
        ("PUT", b"x", {}, 405),
    ],
)
def test_what_is_wrong_changes_nothing(sender, method, content, headers, status):
    address = sender.begin(10)
    kind = headers.pop("Content-Type", "application/offset+octet-stream")

    answer = sender.ask(method, address, content, content_type=kind, **headers)

    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert method == "HEAD" or answer.content.decode().strip().endswith(".")
    assert sender.offset(address) == 0


def test_networks_that_let_only_posts_through_can_send_too(sender):
    address = sender.begin(4)

    answer = sender.ask(
        "POST", address, b"film", content_type="application/offset+octet-stream",
        **{"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )  # fmt: skip

    assert answer.status_code == 204
    assert Upload.objects.get().completed_at is not None


# --- Whose it is --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_another_grant_does_not_reach_it(sender, client, method):
    address = sender.begin(10)
    key = address.rpartition("/")[2]
    for other in (write_grant("tests.film", 13), write_grant("tests.note", 12)):
        answer = Sender(client, other).ask(
            method, f"/televersements/{other}/{key}", content_type="application/offset+octet-stream",
            **{"Upload-Offset": "0"},
        )  # fmt: skip
        assert answer.status_code == 404
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("change", [lambda g: g[:-1] + "!", lambda g: g.replace(":12", ":13"), lambda g: "x"])
def test_a_grant_that_was_not_signed_here_is_no_address(client, change):
    grant = change(write_grant("tests.film", 12))

    assert Sender(client, grant).create(10).status_code == 404


def test_a_purpose_that_nobody_declares_any_more_receives_nothing(client):
    assert Sender(client, write_grant("tests.gone", 12)).create(10).status_code == 404


def test_an_upload_that_is_not_there(sender):
    assert sender.patch(f"{sender.address}{uuid.uuid4()}", 0, b"x").status_code == 404
    assert on_disk() == []


def test_no_cookie_and_no_token_is_asked_for():
    strict = Sender(Client(enforce_csrf_checks=True), write_grant("tests.film", 12))

    answer = strict.patch(strict.begin(4), 0, b"film")

    assert answer.status_code == 204
    assert not answer.cookies


# --- What the app says --------------------------------------------------------------------


def test_a_target_that_is_closed_receives_nothing_and_says_why(client):
    answer = Sender(client, write_grant("tests.film", "closed")).create(10)

    assert (answer.status_code, answer.content.decode()) == (403, "Le dépôt des films est clos.\n")


def test_a_call_that_closes_meanwhile_takes_no_more_and_keeps_what_is_here(sender):
    address = sender.begin(10)
    sender.patch(address, 0, b"12345")
    closing = JobRun.objects.create(name="closed:12", first_at=NOW)

    assert sender.patch(address, 5, b"6789").status_code == 403
    assert sender.offset(address) == 5
    closing.delete()
    assert sender.patch(address, 5, b"67890").status_code == 204


def test_a_call_that_closes_while_the_file_is_looked_at_does_not_take_it(sender, monkeypatch):
    def close_meanwhile(path, upload):
        JobRun.objects.create(name="closed:12", first_at=NOW)

    address = sender.begin(4)
    looked_at_by(monkeypatch, close_meanwhile)
    answer = sender.patch(address, 0, b"film")

    assert answer.status_code == 403
    assert received.TAKEN == []
    assert Upload.objects.get().completed_at is None


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"forbidden", "film.mp4", "Ce fichier n’est pas un film."),
        (b"a film...", "second.mp4", "Il y a déjà un film."),
    ],
)
def test_a_file_that_is_refused_says_why_and_leaves_nothing(
    sender, django_capture_on_commit_callbacks, content, name, why
):
    address = sender.begin(len(content), name=name)
    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.patch(address, 0, content)

    assert (answer.status_code, answer.content.decode()) == (422, f"{why}\n")
    assert (Upload.objects.count(), on_disk(), received.TAKEN, received.WOKEN) == (0, [], [], [])


def test_the_fourth_upload_of_a_target_replaces_the_one_that_was_left_longest(
    sender, client, django_capture_on_commit_callbacks
):
    other = Sender(client, write_grant("tests.film", 13)).begin(10)
    addresses = []
    for minute in range(3):
        with time_machine.travel(NOW + dt.timedelta(minutes=minute), tick=False):
            addresses.append(sender.begin(10))
            sender.patch(addresses[-1], 0, b"x")
    with (
        time_machine.travel(NOW + dt.timedelta(minutes=3), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        sender.patch(addresses[0], 1, b"x")
        addresses.append(sender.begin(10))

    kept = {str(key) for key in Upload.objects.filter(target="12").values_list("key", flat=True)}
    assert kept == {a.rpartition("/")[2] for i, a in enumerate(addresses) if i != 1}
    assert Upload.objects.filter(key=other.rpartition("/")[2]).exists()
    assert len(on_disk()) == 2


# --- In the reader's language -------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr", "fr"), ("zh-Hans", "zh-hans"), ("zh-Hans;q=0.9, fr;q=0.5", "zh-hans"), ("xx", "fr")],
)
def test_refusals_are_in_the_language_of_the_page(sender, accepted, language):
    sender.client.cookies["django_language"] = "fr" if language == "zh-hans" else "zh-hans"
    if accepted == "xx":
        sender.client.cookies.clear()

    answer = sender.create(700 * 1024**2, **{"Accept-Language": accepted})

    assert answer.headers["Content-Language"] == language
    assert ("trop lourd" in answer.content.decode()) == (language == "fr")


# --- What a crash leaves ------------------------------------------------------------------


def test_what_lies_beyond_the_offset_after_a_crash_is_cut_off(sender):
    address = sender.begin(10)
    sender.patch(address, 0, b"12345")
    with on_disk()[0].open("ab") as file:
        file.write(b"never acknowledged")

    sender.patch(address, 5, b"67890")

    assert on_disk()[0].read_bytes() == b"1234567890"


def test_what_a_disk_has_lost_is_sent_again(sender):
    address = sender.begin(10)
    sender.patch(address, 0, b"12345")
    on_disk()[0].write_bytes(b"123")

    assert sender.patch(address, 5, b"67890").status_code == 409
    assert sender.offset(address) == 3
    assert sender.patch(address, 3, b"4567890").status_code == 204
    assert on_disk()[0].read_bytes() == b"1234567890"


def test_who_is_killed_while_the_file_is_looked_at_sends_the_last_part_again(sender, monkeypatch):
    def killed(path, upload):
        raise KeyboardInterrupt

    address = sender.begin(10)
    sender.patch(address, 0, b"12345")
    with monkeypatch.context() as patched:
        looked_at_by(patched, killed)
        with pytest.raises(KeyboardInterrupt):
            sender.patch(address, 5, b"67890")

    assert sender.offset(address) == 5
    assert sender.patch(address, 5, b"67890").status_code == 204
    assert len(received.TAKEN) == 1


def test_a_disk_that_is_nearly_full_takes_nothing_new(sender, settings):
    address = sender.begin(10)
    settings.FILES_RESERVE = 10**18

    assert sender.create(10).status_code == 507
    assert sender.patch(address, 0, b"x").status_code == 507
    settings.FILES_RESERVE = 0
    assert sender.patch(address, 0, b"1234567890").status_code == 204

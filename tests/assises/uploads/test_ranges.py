"""A private file as players ask for it."""

import uuid

import pytest
from django.http import Http404
from django.test import RequestFactory

from assises import files, ranges
from assises.ranges import private_file

CONTENT = bytes(range(256)) * 4  # 1024 bytes


@pytest.fixture
def key():
    return files.put([CONTENT])


def ask(key, method="GET", *, as_attachment=False, **headers):
    request = RequestFactory().generic(
        method, "/", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    answer = private_file(
        request, key, media_type="video/mp4", name="film-12.mp4", as_attachment=as_attachment
    )
    content = b"".join(answer) if answer.streaming else answer.content
    return answer, content


def test_the_whole(key):
    answer, content = ask(key)

    assert (answer.status_code, content) == (200, CONTENT)
    assert dict(answer.headers) == {
        "Content-Type": "video/mp4",
        "Content-Length": "1024",
        "Accept-Ranges": "bytes",
        "ETag": f'"{key.hex}"',
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Content-Disposition": 'inline; filename="film-12.mp4"',
    }


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-1", 0, 2),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-9999", 1000, 1024),
        ("bytes=1000-", 1000, 1024),
        ("bytes=0-", 0, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-9999", 0, 1024),
    ],
)
def test_a_range(key, asked, begin, end):
    answer, content = ask(key, Range=asked)

    assert (answer.status_code, content) == (206, CONTENT[begin:end])
    assert answer.headers["Content-Range"] == f"bytes {begin}-{end - 1}/1024"
    assert answer.headers["Content-Length"] == str(end - begin)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_of_what_is_not_there(key, asked):
    answer, content = ask(key, Range=asked)

    assert (answer.status_code, content, answer.headers["Content-Range"]) == (416, b"", "bytes */1024")


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "lines=0-1",
        "bytes=٣-",
        "bytes=" + "9" * 30 + "-",
        "",
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole(key, asked):
    answer, content = ask(key, Range=asked)

    assert (answer.status_code, len(content)) == (200, 1024)


def test_a_range_of_the_file_that_one_has_begun_with(key):
    assert ask(key, Range="bytes=0-9", If_Range=f'"{key.hex}"')[0].status_code == 206
    assert ask(key, Range="bytes=0-9", If_Range=f'"{uuid.uuid4().hex}"')[0].status_code == 200
    assert ask(key, Range="bytes=0-9", If_Range="Mon, 15 Oct 2018 08:00:00 GMT")[0].status_code == 200


def test_who_has_it_is_not_sent_it_again(key):
    answer, content = ask(key, If_None_Match=f'"{key.hex}"', Range="bytes=0-9")

    assert (answer.status_code, content) == (304, b"")


def test_head_says_how_long_it_is_and_reads_nothing(key):
    answer, content = ask(key, "HEAD", Range="bytes=0-9")

    assert (answer.status_code, content, answer.headers["Content-Length"]) == (200, b"", "1024")


def test_a_player_is_not_fed_more_than_it_plays_soon(key, monkeypatch):
    monkeypatch.setattr(ranges, "OPEN_RANGE", 100)

    assert ask(key, Range="bytes=50-")[0].headers["Content-Range"] == "bytes 50-149/1024"
    assert len(ask(key, Range="bytes=50-", as_attachment=True)[1]) == 974
    assert len(ask(key, Range="bytes=50-1023")[1]) == 974


def test_a_file_that_is_not_there():
    with pytest.raises(Http404):
        ask(uuid.uuid4())


def test_to_keep(key):
    answer, _content = ask(key, as_attachment=True)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="film-12.mp4"'

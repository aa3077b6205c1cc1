"""Pages and files that everybody gets: made once, and not sent again to whoever has them."""

import datetime as dt
import gzip
import threading
import time

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from assises import memory
from assises.pages import Kept, answer, page_for_everybody

LONG = "中法地方政府合作高层论坛 ".encode() * 200
WHEN = dt.datetime(2018, 10, 1, 9, tzinfo=dt.UTC)


def ask(*, packs=True, **headers):
    return answer(RequestFactory().get("/x", headers=headers), Kept(LONG, modified=WHEN, packs=packs))


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("", None, bytes),
        ("identity", None, bytes),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
    ],
)
def test_who_asks_for_it_packed_gets_it_packed(accepted, encoding, unpack):
    response = ask(accept_encoding=accepted)

    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.content) == LONG
    assert response.headers["Vary"] == "Accept-Encoding"


def test_each_form_has_a_tag_of_its_own():
    tags = {ask(accept_encoding=name).headers["ETag"] for name in ("", "gzip", "br")}

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_what_is_packed_already_is_sent_as_it_is():
    response = ask(packs=False, accept_encoding="br")

    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


def test_whoever_has_it_is_told_so_and_gets_nothing():
    first = ask()

    by_tag = ask(if_none_match=first.headers["ETag"])
    by_date = ask(if_modified_since=first.headers["Last-Modified"])

    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.content == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_a_tag_of_another_body_wins_over_a_date_that_fits():
    first = ask()

    assert ask(if_none_match='"other"', if_modified_since=first.headers["Last-Modified"]).status_code == 200


def test_what_changed_since_is_sent():
    assert ask(if_modified_since="Sun, 30 Sep 2018 09:00:00 GMT").status_code == 200
    assert ask(if_modified_since="yesterday").status_code == 200


def test_a_page_is_drawn_once_for_everybody():
    drawn = []

    def draw():
        drawn.append(1)
        return "<p>the same</p>"

    request = RequestFactory().get("/fr/x/")
    request.user = AnonymousUser()
    for _unused in range(3):
        assert page_for_everybody(request, draw).content == b"<p>the same</p>"
    page_for_everybody(request, draw, keep=False)

    assert len(drawn) == 2


def test_what_is_kept_long_outlives_a_flood_of_pages():
    memory.remember("long", 3600, lambda: "kept")
    for n in range(1000):
        memory.remember(f"page {n}", 2, lambda: "x")

    assert memory.remember("long", 3600, lambda: "lost") == "kept"
    assert len(memory._kept) <= memory._MOST


def test_while_one_draws_a_page_anew_the_others_get_the_last_one():
    memory.remember("page", 0.05, lambda: "first")
    time.sleep(0.06)
    drawing, done = threading.Event(), threading.Event()

    def slowly():
        drawing.set()
        done.wait(5)
        return "second"

    somebody = threading.Thread(target=memory.remember, args=("page", 60, slowly))
    somebody.start()
    drawing.wait(5)
    meanwhile = memory.remember("page", 60, lambda: "drawn twice")
    done.set()
    somebody.join()

    assert meanwhile == "first"
    assert memory.remember("page", 60, lambda: "drawn again") == "second"


def test_what_could_not_be_drawn_is_tried_again():
    with pytest.raises(ZeroDivisionError):
        memory.remember("page", 60, lambda: 1 / 0)

    assert memory.remember("page", 60, lambda: "drawn") == "drawn"


def test_of_many_who_come_first_one_draws_and_the_others_wait_for_it():
    drawn, together = [], threading.Barrier(4)

    def draw():
        drawn.append(1)
        time.sleep(0.05)
        return "drawn"

    got = []

    def come():
        together.wait()
        got.append(memory.remember("page", 60, draw))

    people = [threading.Thread(target=come) for _unused in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert got == ["drawn"] * 4
    assert len(drawn) == 1


def test_what_needs_itself_does_not_wait_for_itself():
    assert memory.remember("page", 60, lambda: memory.remember("page", 60, lambda: "drawn")) == "drawn"

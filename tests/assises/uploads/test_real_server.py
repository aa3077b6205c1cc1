"""Lines that are cut, two at once, processes that are killed, disks that are full: on a real server, with real sockets."""

import os
import resource
import select
import subprocess
import threading

import pytest

from assises.models import Upload as Row
from tests.uploading import asking
from tests.uploading.server import Server, Upload, until

pytestmark = pytest.mark.django_db(transaction=True)
MEGABYTE = 1024 * 1024
CONTENT = os.urandom(6 * MEGABYTE)
#: A part of no even number of pieces.
SOME = 1_234_567


@pytest.fixture
def server(tmp_path, settings):
    folder = tmp_path / "server"
    folder.mkdir()
    with Server(folder, settings.FILES_ROOT) as running:
        yield running


@pytest.fixture
def film(server):
    return Upload(server, len(CONTENT))


def on_disk():
    [path] = asking.on_disk()
    return path


def arrived():
    """Bytes that the server has written."""
    return sum(path.stat().st_size for path in asking.on_disk())


def is_let_go(film):
    """Whether nobody writes it any more: another connection may."""
    status, _headers, _body = film.patch(10**9, b"")
    return status == 409


@pytest.mark.parametrize("cut", ["close", "reset"])
def test_what_arrived_before_a_line_was_cut_is_kept_to_the_last_byte(film, cut):
    line = film.start(0, len(CONTENT))
    line.send(CONTENT[:SOME])
    # The server has read what we sent: nothing is on the way when the line is cut.
    until(lambda: arrived() > SOME - 64 * 1024)
    getattr(line, cut)()
    until(lambda: is_let_go(film))

    here = film.offset()
    # A reset throws away what the kernel had not handed over yet.
    assert here == SOME if cut == "close" else SOME - 64 * 1024 < here <= SOME
    status, headers, _body = film.patch(here, CONTENT[here:])
    assert (status, int(headers["upload-offset"])) == (204, len(CONTENT))
    assert on_disk().read_bytes() == CONTENT
    assert Row.objects.get().completed_at is not None


def test_two_connections_at_once_never_mix_what_they_send(film):
    with film.start(0, len(CONTENT)) as first:
        first.send(CONTENT[:SOME])
        until(lambda: arrived() > 0)
        others = [film.patch(0, b"x" * 1000) for _unused in range(8)]
        first.send(CONTENT[SOME:])
        status, _headers, _body = first.answer()

    # With two processes of eight threads each, some of them met the other process.
    assert {code for code, _headers, _body in others} == {423}
    assert others[0][2].strip().endswith(".")
    assert status == 204
    assert on_disk().read_bytes() == CONTENT


def test_of_many_who_begin_at_the_same_instant_one_sends(film):
    gate = threading.Barrier(6)
    answers = []

    def send(byte):
        with film.start(0, len(CONTENT)) as line:
            gate.wait()
            line.send(byte * len(CONTENT))
            answers.append((line.answer()[0], byte))

    threads = [threading.Thread(target=send, args=(bytes([n]),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _byte in answers)[0] == 204
    assert {status for status, _byte in answers} <= {204, 409, 423, 503}
    [winner] = [byte for status, byte in answers if status == 204]
    assert on_disk().read_bytes() == winner * len(CONTENT)


def test_a_server_that_was_killed_goes_on_from_what_it_had_made_safe(server, film):
    line = film.start(0, len(CONTENT))
    line.send(CONTENT[: 5 * MEGABYTE])
    until(lambda: arrived() == 5 * MEGABYTE)
    server.crash()
    line.close()
    server.start_web()
    server._wait_until_it_answers()

    here = film.offset()
    assert here >= 4 * MEGABYTE
    assert film.patch(here, CONTENT[here:])[0] == 204
    assert on_disk().read_bytes() == CONTENT


def test_a_full_disk_loses_nothing_and_says_so(server, film):
    limit(server, 2 * MEGABYTE)
    status, _headers, body = film.patch(0, CONTENT)

    assert status == 507
    assert body.strip().endswith(".")
    assert film.offset() == 2 * MEGABYTE
    limit(server, resource.RLIM_INFINITY)
    assert film.patch(2 * MEGABYTE, CONTENT[2 * MEGABYTE :])[0] == 204
    assert on_disk().read_bytes() == CONTENT


def limit(server, size):
    """No web process may write a file larger than that: what the system then says is what a full disk says."""
    for pid in server.children("web"):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator makes a small disk")
def test_a_disk_that_is_really_full(tmp_path, settings):
    disk, folder = tmp_path / "disk", tmp_path / "server"
    disk.mkdir()
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False)
    if made.returncode:
        pytest.skip("no disk can be made here")
    settings.FILES_ROOT = disk
    try:
        with Server(folder, disk) as server:
            film = Upload(server, 2 * MEGABYTE)
            (disk / "something-else").write_bytes(bytes(2 * MEGABYTE))
            early, _headers, _body = film.patch(0, CONTENT[: 2 * MEGABYTE])
            (disk / "something-else").write_bytes(bytes(MEGABYTE // 2))
            with film.start(0, 2 * MEGABYTE) as line:
                line.send(CONTENT[:MEGABYTE])
                until(lambda: any(p.stat().st_size >= MEGABYTE for p in disk.glob("??/*")))
                (disk / "something-else").write_bytes(bytes(3 * MEGABYTE // 2))
                line.send(CONTENT[MEGABYTE : 2 * MEGABYTE])
                late, _headers, _body = line.answer()
            here = film.offset()
            (disk / "something-else").unlink()
            last, _headers, _body = film.patch(here, CONTENT[here : 2 * MEGABYTE])
    finally:
        subprocess.run(["umount", disk], check=True)

    assert (early, late, last) == (507, 507, 204)
    assert MEGABYTE <= here < 2 * MEGABYTE


def test_a_film_of_64_megabytes_takes_the_memory_of_some_pieces(server):
    film = Upload(server, 64 * MEGABYTE)
    # What a process needs once, whatever the size.
    Upload(server, MEGABYTE).patch(0, bytes(MEGABYTE))
    before = server.peak()

    status, _headers, _body = film.patch(0, (bytes(MEGABYTE) for _unused in range(64)), 64 * MEGABYTE)

    assert status == 204
    assert server.peak() - before < 16 * MEGABYTE


def test_slow_lines_leave_the_other_threads_alone(server):
    """Each process takes four parts at once; all that come beyond are told to come again, and pages are answered."""
    lines = []
    for n in range(12):
        lines.append(Upload(server, 1000, target=str(n)).start(0, 1000))
        lines[-1].send(b"x" * 500)
    sockets = {line.socket: line for line in lines}
    try:
        # Whoever is answered before having sent everything was refused.
        until(lambda: len(select.select(sockets, [], [], 0)[0]) >= 4)
        refused = [sockets[one] for one in select.select(sockets, [], [], 0)[0]]
        with server.line() as reader:
            reader.head("GET", "/healthz")
            page = reader.answer()[0]
        taken = [line for line in lines if line not in refused]
        for line in taken:
            line.send(b"x" * 500)
        answers = [line.answer()[0] for line in taken]
        refusals = [line.answer()[0] for line in refused]
    finally:
        for line in lines:
            line.close()

    assert page == 200
    assert 4 <= answers.count(204) <= 8
    assert set(refusals) == {503}

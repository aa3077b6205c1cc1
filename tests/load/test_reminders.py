"""Reminders sent by real workers on a real broker, which are killed and emptied in the middle."""

import datetime as dt
import os
import signal
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
from django.utils import timezone

from assises.models import OutgoingEmail, Reminded
from registration.models import Registration
from tests.factories import a_registration, an_edition
from tests.load.stack import PROJECT, Stack, emptied_redis
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db(transaction=True)
#: A Tuesday at work on both sides.
TUESDAY = dt.datetime(2018, 10, 16, 10, tzinfo=ZoneInfo("Europe/Paris"))
PEOPLE = 1000
SECONDS = 120


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


def test_killed_emptied_and_refused_each_reminder_leaves_once(tmp_path: Path, server: Server) -> None:
    """Three workers and two beats; one worker killed while it writes, the queue emptied, one letter in ten refused."""
    edition = an_edition(elected=0)
    pattern = a_registration(edition)
    rows = [
        Registration(
            **{
                f.attname: getattr(pattern, f.attname)
                for f in Registration._meta.concrete_fields
                if f.name not in ("id", "email", "code", "place", "status", "deadline", "is_contact")
            },
            email=f"personne{n}@example.org", code=f"W{n:09}", status="waiting", is_contact=False,
        )
        for n in range(1, PEOPLE)
    ]  # fmt: skip
    Registration.objects.bulk_create(rows)
    OutgoingEmail.objects.all().delete()
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
        # What was refused is tried again in a minute; the minute is over.
        until(lambda: not OutgoingEmail.objects.filter(sent_at=None, attempts=0).exists())
        OutgoingEmail.objects.filter(sent_at=None).update(next_attempt_at=TUESDAY)
        ask(stack, "assises.mail.tasks.deliver_pending")
        until(lambda: not OutgoingEmail.objects.filter(sent_at=None).exists())

    assert set(server.taken) == {pattern.email, *(row.email for row in rows)}
    assert set(server.taken.values()) == {1}
    assert len(server.refused) > PEOPLE // 20
    assert timezone.now() > TUESDAY

"""The real thing: web workers, a Celery worker and beat as processes, on a loopback port that was free."""

import contextlib
import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.request import urlopen

from django.conf import settings
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from redis import Redis

PROJECT = Path(__file__).resolve().parents[2]
#: A Redis database that nobody else uses: another stack's worker would take our tasks for its own.
REDIS_DB = 15
WEB_WORKERS = 2
THREADS = 8


class Stack:
    """The processes of one installation, all of them started here and ended here by their number."""

    def __init__(self, folder: Path, *, starts_at: dt.datetime, **environment: str) -> None:
        self.folder = folder
        self.letters = folder / "letters"
        self.letters.mkdir()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self.listener.getsockname()[1]
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "assises.settings",
            "ASSISES_DEVELOPMENT": "1",
            "ASSISES_DEMO": "empty",
            "ASSISES_ABUSE_PROTECTION": "off",
            "ASSISES_CLOCK_OFFSET": str(round((starts_at - timezone.now()).total_seconds())),
            "ASSISES_BASE_URL": f"http://127.0.0.1:{self.port}",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": _database_url(str(connection.settings_dict["NAME"])),
            "REDIS_URL": _redis_url(settings.REDIS_URL),
            "CELERY_BROKER_URL": _broker_url(_redis_url(settings.REDIS_URL)),
            "EMAIL_URL": f"filemail:///{self.letters}",
            **environment,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            self.start_web()
            self.start(
                "worker", "celery", "-A", "assises", "worker", "--concurrency", "1", "--loglevel", "WARNING"
            )
            self.start(
                "beat", "celery", "-A", "assises", "beat", "--loglevel", "WARNING",
                "--schedule", str(self.folder / "beat"), "--pidfile", "",
            )  # fmt: skip
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start_web(self, application: str = "assises.wsgi") -> None:
        self.start(
            "web", "gunicorn", application, "--worker-class", "gthread", "--workers", str(WEB_WORKERS),
            "--threads", str(THREADS), "--bind", f"fd://{self.listener.fileno()}", "--no-control-socket",
        )  # fmt: skip

    def stop(self, *names: str) -> None:
        """End the processes of these names, or all of them."""
        chosen = {name: self.processes.pop(name) for name in names or list(self.processes)}
        for process in chosen.values():
            process.send_signal(signal.SIGTERM)
        for process in chosen.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not self.processes and not names:
            self.listener.close()

    def children(self, name: str) -> list[int]:
        """The processes that do the work for the one of this name; itself where it has none."""
        pid = self.processes[name].pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in found] or [pid]

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def start(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self.listener.fileno()],
            )

    def _wait_until_it_answers(self) -> None:
        for _unused in range(300):
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} did not start:\n{self.log(name)[-3000:]}")
            with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return
            time.sleep(0.1)
        raise RuntimeError(f"The server does not answer:\n{self.log('web')[-3000:]}")


def _database_url(name: str) -> str:
    """The address of the database we are connected to; its name may be that of a test database."""
    return re.sub(r"^(\w+://[^/]*/)[^?]*", rf"\g<1>{name}", os.environ["DATABASE_URL"])


def _redis_url(url: str) -> str:
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={REDIS_DB}"
    return re.sub(r"^(\w+://[^/]+).*$", rf"\g<1>/{REDIS_DB}", url)


def _broker_url(redis_url: str) -> str:
    """The same database in the words of Celery, which calls a socket otherwise."""
    path, _question, _db = redis_url.partition("?")
    return (
        f"redis+socket{path.removeprefix('unix')}?virtual_host={REDIS_DB}"
        if path.startswith("unix:")
        else redis_url
    )


def cpu_seconds(pids: list[int]) -> float:
    """Processor time that these processes have used so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_megabytes(pid: int) -> float:
    """Resident memory of one process (VmRSS)."""
    [line] = [li for li in Path(f"/proc/{pid}/status").read_text().splitlines() if li.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


@contextlib.contextmanager
def emptied_redis() -> Iterator["Redis"]:
    """The Redis database of the stack, empty before and after."""
    from redis import Redis

    with Redis.from_url(_redis_url(settings.REDIS_URL)) as redis:
        redis.flushdb()
        try:
            yield redis
        finally:
            redis.flushdb()

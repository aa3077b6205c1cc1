"""A real PostgreSQL and a real Redis-protocol server, started on demand, shared, stopped by the last user.

What counts the users is a shared file lock, which the kernel gives back for a process that was killed.
DATABASE_URL and REDIS_URL always win: a server that is given is not started here. Standard library only.

    python -m assises.development.services COMMAND...    runs COMMAND with the services up, as the tests do
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assises.development.home import PROJECT, Home, ServiceError
from assises.development.keyvalue import KeyValue
from assises.development.postgresql import PostgreSQL

# Redis numbers its databases: the stack and the tests never share one.
STACK_REDIS_DB, TESTS_REDIS_DB = 0, 1


class Services:
    """The two servers of one copy of the project."""

    def __init__(self, project: Path = PROJECT) -> None:
        self.home = Home(project)
        self.postgresql = PostgreSQL(self.home) if not os.environ.get("DATABASE_URL") else None
        self.redis = KeyValue(self.home) if not os.environ.get("REDIS_URL") else None
        self.users: int | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator["Services"]:
        """Keep the servers up inside the block; the last one to leave stops them."""
        self.users = self.home.open_lock("users.lock")
        try:
            with self.home.lock("gate.lock"):
                fcntl.flock(self.users, fcntl.LOCK_SH)
                self.home.furnish()
                for server in self._ours():
                    server.start()
            yield self
        finally:
            with self.home.lock("gate.lock"):
                fcntl.flock(self.users, fcntl.LOCK_UN)
                if self._nobody_else(self.users):
                    self._stop_all()
            os.close(self.users)
            self.users = None

    def reset(self) -> None:
        """Forget all data; refuse while somebody uses it."""
        users = self.home.open_lock("users.lock")
        with self.home.lock("gate.lock"):
            if not self._nobody_else(users):
                raise ServiceError("it is running: stop it first (Ctrl-C in its window), then reset.")
            self._stop_all()
            self.home.clear()
        os.close(users)

    def environment(self, redis_db: int = STACK_REDIS_DB) -> dict[str, str]:
        """What the settings need to find the servers."""
        found = {}
        if self.postgresql:
            found["DATABASE_URL"] = self.postgresql.url
            # psql and pgbench, for whoever has none.
            found["PATH"] = f"{os.environ.get('PATH', os.defpath)}:{self.postgresql.programs}"
        if self.redis:
            found["REDIS_URL"] = self.redis.url(redis_db)
            found["CELERY_BROKER_URL"] = self.redis.broker_url(redis_db)
        return found

    def ended(self) -> str | None:
        """The server that should be up and is not."""
        for server in self._ours():
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(server.socket))
                continue
            return server.name
        return None

    def _ours(self) -> list[PostgreSQL | KeyValue]:
        return [server for server in (self.postgresql, self.redis) if server]

    def _stop_all(self) -> None:
        # Another user may have started the one that this one was given.
        for server in (KeyValue(self.home), PostgreSQL(self.home)):
            server.stop()
        shutil.rmtree(self.home.sockets, ignore_errors=True)

    def _nobody_else(self, users: int) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def call(command: list[str], environment: dict[str, str], services: Services) -> int:
    """Run ``command`` to its end. Ctrl-C is its business: we wait, and stop the servers after it."""
    # It keeps the lock: the servers stay for it even when this process is killed.
    locks = [services.users] if services.users is not None else []
    process = subprocess.Popen(command, env=environment, pass_fds=locks)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    return process.wait()


def main() -> int:
    try:
        with Services().running() as services:
            return call(sys.argv[1:] or ["env"], os.environ | services.environment(TESTS_REDIS_DB), services)
    except ServiceError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

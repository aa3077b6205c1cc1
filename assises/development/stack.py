"""./run: services, database, demonstration, web, worker and beat on one machine; Ctrl-C stops them in order.

Standard library only. It never imports Django: the project's own commands do the work.

    python -m assises.development.stack [up | manage ARGUMENTS... | reset]
"""

import contextlib
import ctypes
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from typing import Any

from assises.development.environment import (
    DEMO,
    DEMONSTRATION_DAY,
    HOST,
    PORT,
    address,
    fingerprint,
    project_environment,
    url,
)
from assises.development.home import PROJECT, ServiceError
from assises.development.services import Services, call

EDITION = "toulouse-2018"
MANAGE = [sys.executable, "manage.py"]
GRACE = 8  # seconds that a part has to stop by itself
LIBC = ctypes.CDLL(None)


class Interrupted(Exception):
    """Somebody wants to stop before everything was up."""


class Stack:
    """The processes that one ./run has started."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.data = services.home.data
        self.environment = project_environment(services)
        self.parts: dict[str, subprocess.Popen[str]] = {}
        self.signals: list[int] = []

    def obey(self) -> None:
        """Note the signals that ask to stop; they end the loops below."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self.signals.append(number))

    # --- Before: an up-to-date database -------------------------------------------------------

    def prepare(self) -> str:
        """Catalogues, migrations, demonstration; returns what there is to say about its accounts.

        Nothing runs when the very same was done to this very database before.
        """
        with self.services.home.lock("prepare.lock"):
            done, accounts = self.data / "prepared", self.data / "accounts"
            wanted = fingerprint(self.services)
            if wanted and done.exists() and done.read_text() == wanted:
                return accounts.read_text()
            done.unlink(missing_ok=True)
            self.step("compile_catalogues")
            self.step("migrate", "-v0")
            text = ""
            if DEMO != "none":
                say("loading the demonstration ...")
                self.step("load_edition", EDITION, *(["--with-people"] if DEMO == "full" else []))
                text = self.step("demo_accounts")
                if DEMO == "full":
                    self.step("demo_minutes")
            accounts.write_text(text)
            done.write_text(fingerprint(self.services))
            return text

    def step(self, *command: str) -> str:
        """Run a command of the project to its end and return what it printed."""
        with tempfile.TemporaryFile("w+") as output:
            process = self.start([*MANAGE, *command], output)
            while process.poll() is None:
                if self.signals:
                    process.terminate()
                time.sleep(0.02)
            output.seek(0)
            text = output.read()
        if self.signals:
            raise Interrupted
        if process.returncode:
            raise ServiceError(f"manage.py {' '.join(command)} failed:\n{text}")
        return text

    def start(self, command: list[str], output: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env=self.environment,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The terminal's Ctrl-C reaches only this process, which then stops the others in order.
            start_new_session=True,
            preexec_fn=die_with_parent,
            pass_fds=[self.services.users] if self.services.users is not None else [],
        )

    # --- Meanwhile ----------------------------------------------------------------------------

    def start_parts(self) -> None:
        # It warns of running as root, which on one's own machine is one's own affair.
        celery = [sys.executable, "-W", "ignore:::celery.platforms", "-m", "celery", "-q", "-A", "assises"]
        commands = {
            "web": [
                sys.executable, "-m", "gunicorn", "assises.wsgi", "--bind", address(),
                "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--keep-alive", "5",
                "--graceful-timeout", "5", "--preload", "--log-level", "warning", "--no-control-socket",
            ],
            "beat": [*celery, "beat", "-l", "WARNING", "--pidfile=", "-s", str(self.data / "beat")],
            # Threads: a pool of processes can hang when it is stopped just after a task.
            "worker": [
                *celery, "worker", "-l", "WARNING", "--pool", "threads", "--concurrency", "2",
                "--without-gossip", "--without-mingle",
            ],
        }  # fmt: skip
        self.parts = {name: self.start(command, subprocess.PIPE) for name, command in commands.items()}
        for name, process in self.parts.items():
            threading.Thread(target=relay, args=(name, process), daemon=True).start()

    def wait(self, announcement: str) -> str | None:
        """Announce the site once it answers; return what ended by itself, or None when asked to stop."""
        announced = False
        while not self.signals:
            for name, process in self.parts.items():
                if process.poll() is not None:
                    return name
            if ended := self.services.ended():
                return ended
            if not announced and answers():
                announced = True
                say(announcement)
            time.sleep(0.5 if announced else 0.05)
        return None

    # --- After --------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the parts one after the other; a second Ctrl-C kills what is left."""
        asked = min(len(self.signals), 1)
        for name, process in self.parts.items():
            if process.poll() is None:
                process.terminate()
            deadline = time.monotonic() + GRACE
            while process.poll() is None:
                if time.monotonic() > deadline or len(self.signals) > asked:
                    say(f"killing {name}")
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                time.sleep(0.02)


def up() -> int:
    must_be_free()
    with Services().running() as services:
        stack, ended = Stack(services), None
        stack.obey()
        try:
            accounts = stack.prepare()
            stack.start_parts()
            ended = stack.wait(announcement(stack.environment, accounts))
            say(f"{ended} ended by itself; stopping the rest" if ended else "stopping ...")
        except Interrupted:
            say("stopping ...")
        finally:
            stack.stop()
    say("stopped")
    if ended:
        return 1
    return 0 if stack.signals[0] == signal.SIGINT else 128 + stack.signals[0]


def manage(*arguments: str) -> int:
    with Services().running() as services:
        # What it does to the database is not known here.
        (services.home.data / "prepared").unlink(missing_ok=True)
        return call([*MANAGE, *arguments], project_environment(services), services)


def reset() -> int:
    Services().reset()
    say("the data are gone; ./run makes new ones.")
    return 0


def must_be_free() -> None:
    """Fail before anything is touched when somebody else answers at the address."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(HOST, int(PORT), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServiceError(
            f"cannot listen on {address()} ({reason}). Is another ./run open? To choose a port: PORT=8001 ./run"
        ) from error


def announcement(environment: dict[str, str], accounts: str) -> str:
    lines = ["", f"  {url()}"]
    if offset := int(environment["ASSISES_CLOCK_OFFSET"]):
        at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset)
        at = at.astimezone(DEMONSTRATION_DAY.tzinfo)
        lines += [f"  The clock there says {at:%A} {at.day} {at:%B %Y}, {at:%H:%M}."]
    if accounts:
        lines += [
            "",
            "  To look behind the scenes, at /admin/:",
            *(f"    {a}" for a in accounts.splitlines()),
        ]
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])


def answers() -> bool:
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"{url()}healthz", timeout=5).close()
        return True
    return False


def die_with_parent() -> None:
    """Linux: when this process is killed, no part of it stays and keeps the port."""
    with contextlib.suppress(AttributeError):
        LIBC.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def relay(name: str, process: "subprocess.Popen[str]") -> None:
    for line in process.stdout or ():
        say(f"{name:>6} | {line.rstrip()}")


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # a terminal that was closed must not keep us from stopping
        print(text, flush=True)


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["up"]
    try:
        return {"up": up, "manage": manage, "reset": reset}[command](*rest)
    except ServiceError as error:
        print(f"run: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What ./run makes up, and the order in which it stops."""

import datetime as dt
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assises.development import environment, stack
from assises.development.environment import DEMONSTRATION_DAY, clock_offset, remembered
from assises.development.home import ServiceError
from assises.development.services import Services
from assises.development.stack import Stack


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose parts are given by the test; no server is needed."""
    monkeypatch.setenv("DATABASE_URL", "postgres:///given")
    monkeypatch.setenv("REDIS_URL", "redis://given")
    services = Services(tmp_path)
    yield Stack(services)
    shutil.rmtree(services.home.data)


def part(toy: Stack, name: str, on_term: str) -> None:
    script = f"trap '{on_term}' TERM; echo ready; while :; do sleep 0.02; done"
    toy.parts[name] = toy.start(["sh", "-c", script], subprocess.PIPE)
    output = toy.parts[name].stdout
    assert output is not None
    output.readline()
    output.close()


@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2018, 10, 16, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 24, 3, 30, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 3, 23, 30, tzinfo=dt.UTC),
        dt.datetime(2017, 7, 2, 21, 59, tzinfo=dt.UTC),
    ],
)
def test_the_demonstration_begins_at_this_hour_of_its_first_day(now: dt.datetime) -> None:
    offset = dt.timedelta(seconds=int(clock_offset(now)))

    there = now + offset
    assert offset % dt.timedelta(days=1) == dt.timedelta()
    assert DEMONSTRATION_DAY <= there < DEMONSTRATION_DAY + dt.timedelta(days=1)
    assert there.time() == now.time()


def test_what_was_made_up_once_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    first, second = remembered(file, lambda: "first"), remembered(file, lambda: "second")

    assert (first, second) == ("first", "first")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_variable_that_is_set_wins(toy: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISES_CLOCK_OFFSET", "-60")

    found = environment.project_environment(toy.services)

    assert found["ASSISES_CLOCK_OFFSET"] == "-60"
    assert found["SECRET_KEY"] == toy.environment["SECRET_KEY"]


@pytest.mark.parametrize(
    ("host", "address", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000/"),
        ("::1", "[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_the_address_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str, url: str
) -> None:
    monkeypatch.setattr(environment, "HOST", host)
    monkeypatch.setattr(environment, "PORT", "8000")

    assert (environment.address(), environment.url()) == (address, url)


def test_an_address_in_use_is_said_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(stack, "HOST", "127.0.0.1")
        monkeypatch.setattr(stack, "PORT", str(other.getsockname()[1]))

        with pytest.raises(ServiceError, match=r"Is another \./run open\?"):
            stack.must_be_free()


def test_an_impossible_port_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "PORT", "eight thousand")

    with pytest.raises(ServiceError, match="cannot listen"):
        stack.must_be_free()


def test_the_parts_stop_in_order(toy: Stack, tmp_path: Path) -> None:
    order = tmp_path / "order"
    for name in ("web", "beat", "worker"):
        part(toy, name, f'echo {name} >>"{order}"; exit')

    toy.stop()

    assert order.read_text().split() == ["web", "beat", "worker"]


def test_a_second_interrupt_kills_what_does_not_stop(toy: Stack) -> None:
    part(toy, "worker", "")
    toy.signals = [signal.SIGINT, signal.SIGINT]

    toy.stop()

    assert toy.parts["worker"].returncode == -signal.SIGKILL


def test_a_command_that_fails_shows_what_it_said(toy: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "MANAGE", ["sh", "-c", 'echo "no such $1"; exit 2', "sh"])

    with pytest.raises(ServiceError, match="no such table"):
        toy.step("table")

"""The servers that ./run starts: really started here, in a project of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environ
import kombu
import psycopg
import pytest
import redis

from assises.development.home import PROJECT, ServiceError
from assises.development.services import TESTS_REDIS_DB, Services


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="a project "))
    yield folder
    for left in (Services(folder).home.data, folder):
        shutil.rmtree(left)


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own servers do not count as given."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def ask(services: Services, question: str) -> str:
    """What Django's connection, as the settings read it, is answered."""
    database = environ.Env.db_url_config(services.environment()["DATABASE_URL"])
    with psycopg.connect(
        dbname=database["NAME"], user=database["USER"], host=database["OPTIONS"]["host"]
    ) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def test_they_answer_to_what_the_settings_are_told(project: Path) -> None:
    with Services(project).running() as services:
        settings = {name: ask(services, f"show {name}") for name in ("fsync", "max_connections")}
        for number in (0, TESTS_REDIS_DB):
            environment = services.environment(number)
            redis.from_url(environment["REDIS_URL"]).set("number", number)
            with kombu.Connection(environment["CELERY_BROKER_URL"]) as broker:
                broker.ensure_connection(max_retries=1)
        kept = [
            redis.from_url(services.environment(n)["REDIS_URL"]).get("number") for n in (0, TESTS_REDIS_DB)
        ]

    assert settings == {"fsync": "on", "max_connections": "120"}
    assert kept == [b"0", b"1"]


def test_the_last_user_stops_them(project: Path) -> None:
    first, second = Services(project), Services(project)

    with first.running():
        with second.running():
            pass
        after_second = first.ended()

    assert after_second is None
    assert first.ended() == "PostgreSQL"


def test_a_killed_user_is_not_counted(project: Path) -> None:
    script = "import sys, time; from pathlib import Path; from assises.development.services import Services\n"
    script += "with Services(Path(sys.argv[1])).running(): print('up', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(project)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None
        user.stdout.readline()
        user.send_signal(signal.SIGKILL)
    services = Services(project)
    left_behind = services.ended()

    with services.running():
        pass

    assert left_behind is None
    assert services.ended() == "PostgreSQL"


def test_a_killed_postgresql_starts_again_with_its_data(project: Path) -> None:
    with Services(project).running() as services:
        assert services.postgresql
        before = services.postgresql.database_identity()
        pid = int((services.postgresql.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    with Services(project).running() as services:
        assert services.postgresql
        after = services.postgresql.database_identity()

    assert after == before


def test_a_dead_process_that_nobody_buried_does_not_block_the_start(project: Path) -> None:
    services = Services(project)
    assert services.postgresql
    with subprocess.Popen(["true"]) as zombie:
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        file = services.postgresql.data / "postmaster.pid"
        file.write_text(f"{zombie.pid}\n{services.postgresql.data}\n")
        services.home.give_away(file)

        with services.running():
            answered = ask(services, "select 1")

    assert answered == "1"


def test_what_is_given_is_not_started(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/assises")

    with Services(project).running() as services:
        environment = services.environment()
        postgresql_is_up = (services.home.data / "postgresql" / "postmaster.pid").exists()

    assert environment.keys() == {"REDIS_URL", "CELERY_BROKER_URL"}
    assert not postgresql_is_up


def test_reset_refuses_while_somebody_is_there_then_forgets_everything(project: Path) -> None:
    services = Services(project)

    with services.running(), pytest.raises(ServiceError, match="stop it first"):
        Services(project).reset()
    Services(project).reset()

    assert {path.name for path in services.home.data.iterdir()} == {"gate.lock", "users.lock"}


def test_a_command_runs_with_them_and_its_result_is_ours() -> None:
    command = [sys.executable, "-m", "assises.development.services", "sh", "-c", 'echo "$REDIS_URL"; exit 3']
    environment = os.environ | {"DATABASE_URL": "postgres:///given", "REDIS_URL": "redis://given"}

    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (3, "redis://given\n")

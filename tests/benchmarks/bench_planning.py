"""How fast the planning of a thousand milestones is read, beside an empty view, in the same run.

    python -m tests.benchmarks.bench_planning [--runs 3] [--milestones 1000]

Needs what ``bench_registration`` needs. On the ground of ``./run``:
``python -m assises.development.services python -m tests.benchmarks.bench_planning``. One reader asks for each page again and
again through the real web server, taking turns with an empty view. Exits with 1 where a target is missed.
"""

# Django is set up before its models can be imported.

import argparse
import asyncio
import datetime as dt
import statistics
import sys
import tempfile
import time
from pathlib import Path

# Sets Django up.
from tests.benchmarks.bench_registration import AT, own_database, say

# isort: split
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assises import accounts
from assises.models import Dependency, Edition, Milestone, Task, User
from tests.load.crowd import Browser
from tests.load.stack import Stack, emptied_redis

#: What is asked for, on two processors: seconds for 95 of 100, statements.
P95, STATEMENTS = 0.5, 15
REQUESTS = 30
PAGES = [
    "/admin/planning/",
    "/admin/planning/mois/?mois=2018-10",
    "/admin/planning/gantt/",
    "/admin/planning/chemin-critique/",
    "/admin/planning/par-partie/",
]
SIDES = ["FR", "CN", "both", ""]


def fill(edition: Edition, count: int) -> None:
    """So many milestones over a year, half as many again dependencies, half as many tasks."""
    first = dt.datetime(2018, 1, 8, tzinfo=dt.UTC)
    rows = [
        Milestone(
            edition=edition, key=f"jalon-{n}", label_fr=f"Jalon numéro {n} de la préparation",
            label_zh_hans=f"第{n}个筹备节点", starts_at=first + dt.timedelta(days=n * 330 / count),
            ends_at=first + dt.timedelta(days=n * 330 / count + n % 9) if n % 3 else None, owner_side=SIDES[n % 4],
            organisation=edition.host if n % 2 else None, kind="external" if n % 40 == 0 else "preparation",
        )
        for n in range(count)
    ]  # fmt: skip
    Milestone.objects.bulk_create(rows)
    pairs = [(n, n + step) for n in range(count) for step in (7, 11) if n + step < count][: count * 3 // 2]
    Dependency.objects.bulk_create(Dependency(before=rows[a], after=rows[b]) for a, b in pairs)
    Task.objects.bulk_create(
        Task(milestone=rows[n], title_fr=f"Tâche {n}", title_zh_hans=f"任务{n}", owner_side="FR")
        for n in range(0, count, 2)
    )


def statements(user: User, path: str, client: Client | None = None) -> int:
    """Of the second time that a page is asked for, by ``client`` if it has to be logged in in a way of its own."""
    if client is None:
        client = Client()
        client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


async def seconds(browser: Browser, path: str) -> float:
    start = time.perf_counter()
    answer = await browser.get(path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return time.perf_counter() - start


async def measure(site: Stack, bare: Stack, path: str, session: str) -> tuple[list[float], list[float], int]:
    """Ours, the empty view's, and the bytes of a page."""
    ours, empty = Browser(site.port, cookies={"sessionid": session}), Browser(bare.port)
    size = len((await ours.get(path)).body)
    taken: list[float] = []
    floor: list[float] = []
    for _unused in range(REQUESTS):
        taken.append(await seconds(ours, path))
        floor.append(await seconds(empty, "/empty/"))
    await ours.close()
    await empty.close()
    return taken, floor, size


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--milestones", type=int, default=1000)
    options = parser.parse_args()
    missed: list[str] = []
    with own_database(), tempfile.TemporaryDirectory() as folder:
        edition = Edition.objects.get(is_current=True)
        fill(edition, options.milestones)
        accounts.ensure_groups()
        user = User.objects.create(email="mesure@example.org", is_staff=True, is_superuser=True)
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        say(
            f"{options.milestones} milestones, {Dependency.objects.count()} dependencies, {Task.objects.count()} tasks"
        )
        say(
            f"{'page':38}{'bytes':>10}{'SQL':>5}{'p50 s':>8}{'p95 s':>8}{'empty p50':>11}{'times the empty':>17}"
        )
        with (
            emptied_redis(),
            Stack(Path(folder), starts_at=AT) as site,
            tempfile.TemporaryDirectory() as other,
        ):
            bare = Stack(Path(other), starts_at=AT, DJANGO_SETTINGS_MODULE="tests.benchmarks.bare_settings")
            bare.start_web("tests.benchmarks.bare")
            for path in PAGES:
                sql = statements(user, path)
                results = [asyncio.run(measure(site, bare, path, session)) for _unused in range(options.runs)]
                worst = max(p95(taken) for taken, _floor, _size in results)
                middle = statistics.median(t for taken, _f, _s in results for t in taken)
                floor = statistics.median(t for _t, empty, _s in results for t in empty)
                say(
                    f"{path:38}{results[0][2]:10}{sql:5}{middle:8.3f}{worst:8.3f}{floor:11.4f}{middle / floor:17.1f}"
                )
                if worst > P95:
                    missed.append(f"{path}: p95 of {worst:.3f} s")
                if sql > STATEMENTS:
                    missed.append(f"{path}: {sql} statements")
            bare.stop()
    for line in missed:
        say(f"missed: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

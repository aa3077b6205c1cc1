"""How fast the programme is read, beside an empty view and the mere sending of as many bytes, in the same run.

    python -m tests.benchmarks.bench_programme [--runs 3] [--sessions 40 2000]

Needs what ``bench_registration`` needs. On the ground of ``./run``:
``python -m assises.development.services python -m tests.benchmarks.bench_programme``.
"""

# Django is set up before its models can be imported.

import argparse
import asyncio
import datetime as dt
import os
import statistics
import tempfile
import time
from pathlib import Path

# Sets Django up.
from tests.benchmarks.bench_registration import AT, AT_ONCE, Run, first_visit, median, own_database, say

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assises import memory
from assises.models import Edition
from program.models import ProgrammeRelease
from program.programme import SessionFacts, Words
from program.services import file_of
from tests.load.crowd import Browser
from tests.load.stack import Stack, emptied_redis, memory_megabytes
from tests.program.showing import CHINESE_LEAD, FRENCH_LEAD, a_release, an_item

REQUESTS = 1200
#: What is asked for, on two processors.
RATIO, FIRST_VISIT_BYTES, COLD_SECONDS = 0.8, 100_000, 3
SUMMARY = Words(
    "Ce que deux territoires ont construit ensemble et que d’autres peuvent reprendre. " * 2,
    "两地共同建立、可供他人借鉴的做法。" * 4,
)
PDF = "/fr/programme.pdf"
FEEDS = ["/fr/programme.ics", "/schedule.xml", "/schedule.json", "/fr/programme.xlsx"]


def items(count: int) -> list[SessionFacts]:
    """Days full of workshops of half an hour, led by pairs."""
    return [
        an_item(
            f"Atelier numéro {n} : une coopération exemplaire",
            f"第{n}场分论坛：合作范例",
            code=f"atelier-{n}",
            kind="parallel",
            day=dt.date(2018, 12, 11 + n % 3),
            starts_at=dt.time(9 + n // 3 % 9),
            ends_at=dt.time(9 + n // 3 % 9, 30),
            theme="ville",
            room="salle-a",
            summary=SUMMARY,
            leads=(FRENCH_LEAD, CHINESE_LEAD),
        )
        for n in range(count)
    ]


def statements(path: str) -> tuple[int, int]:
    """SQL statements of the first reader in a process, and of the next."""
    memory.forget()
    Client().get("/fr/aide/")
    counts = []
    for _unused in range(2):
        with CaptureQueriesContext(connection) as seen:
            Client().get(path)
        counts.append(len(seen))
    return counts[0], counts[1]


def cold_pdf(release: ProgrammeRelease) -> float:
    """Seconds to make the booklet."""
    start = time.perf_counter()
    file_of(release, "programme.fr.pdf", at=AT)
    return time.perf_counter() - start


async def sizes(port: int, paths: list[str]) -> dict[tuple[str, str], int]:
    """Bytes of each body, plain and packed; it warms the caches of one worker, too."""
    found = {}
    for encoding in ("identity", "br"):
        browser = Browser(port, accept_encoding=encoding)
        for path in paths:
            found[path, encoding] = len((await browser.get(path)).body)
        await browser.close()
    return found


class Measured:
    """One address, asked for in one encoding, beside an empty view and the sending of as many bytes.

    The three take turns within seconds, so that whatever else the machine does falls on all of them.
    """

    def __init__(self, path: str, encoding: str, size: int) -> None:
        self.path, self.encoding, self.size = path, encoding, size
        self.ours: list[Run] = []
        self.empty: list[Run] = []
        self.same: list[Run] = []

    def take_turns(self, site: Stack, bare: Stack, runs: int) -> None:
        for _unused in range(runs):
            self.ours.append(Run(site, people=REQUESTS, page=self.path, accept_encoding=self.encoding))
            self.empty.append(Run(bare, people=REQUESTS, page="/empty/"))
            self.same.append(Run(bare, people=REQUESTS, page=f"/bytes/{self.size}/"))

    def beside(self, others: list[Run]) -> float:
        """The median of our rate by theirs, pair by pair."""
        return statistics.median(a.per_second / b.per_second for a, b in zip(self.ours, others, strict=True))

    def __str__(self) -> str:
        name = f"{self.path} {'' if self.encoding == 'identity' else self.encoding}"
        rates = f"{median(self.ours, 'per_second'):10.1f}{median(self.ours, 'p95'):8.3f}{median(self.empty, 'per_second'):10.1f}"
        cpu = f"{median(self.ours, 'web_ms'):9.2f}{median(self.empty, 'web_ms'):9.2f}"
        return (
            f"{name:34}{self.size:10}{rates}{self.beside(self.empty):9.2f}{self.beside(self.same):11.2f}{cpu}"
        )


def measure(count: int, runs: int) -> list[str]:
    """Print the table for a programme of so many items; returns what missed its target."""
    release = a_release(Edition.objects.get(is_current=True), *items(count))
    cold = cold_pdf(release)
    paths = [
        "/fr/programme/",
        "/zh-hans/programme/",
        "/fr/programme/?par=theme",
        "/fr/programme/atelier-1/",
        *FEEDS,
    ]
    paths.append(PDF)
    queries = statements("/fr/programme/")
    with (
        tempfile.TemporaryDirectory() as folder,
        emptied_redis(),
        Stack(Path(folder), starts_at=AT) as site,
        tempfile.TemporaryDirectory() as other,
    ):
        bare = Stack(Path(other), starts_at=AT, DJANGO_SETTINGS_MODULE="tests.benchmarks.bare_settings")
        bare.start_web("tests.benchmarks.bare")
        try:
            time.sleep(3)
            bodies = asyncio.run(sizes(site.port, paths))
            table = [Measured(path, encoding, size) for (path, encoding), size in bodies.items()]
            Run(site, people=REQUESTS, page=paths[0])
            Run(bare, people=REQUESTS, page="/empty/")
            say(f"\n{count} items")
            say(
                f"{'':34}{'bytes':>10}{'a second':>10}{'p95 s':>8}{'empty':>10}{'/ empty':>9}{'/ as bytes':>12}"
            )
            for row in table:
                row.take_turns(site, bare, runs)
                say(str(row))
            weights = asyncio.run(first_visit(site.port, "/fr/programme/"))
            megabytes = max(memory_megabytes(pid) for pid in site.children("web"))
        finally:
            bare.stop()
    return report(count, table, weights, queries, cold, megabytes)


def report(
    count: int, table: list[Measured], weights: list[tuple[str, int, int, int]], queries: tuple[int, int],
    cold: float | None, megabytes: float,
) -> list[str]:  # fmt: skip
    # The static files of a development server are not packed; those of a real one are, by WhiteNoise.
    plain, asked, packed = (sum(row[i] for row in weights) for i in (1, 2, 3))
    say(
        f"first visit of the programme: {plain} bytes plain, {asked} to a browser, {packed} with packed static files"
    )
    say(
        f"SQL statements of a page: {queries[0]} for the first reader of a process, {queries[1]} for the next"
    )
    say(f"web worker: {megabytes:.0f} MB")
    say(f"booklet, cold: {cold:.2f} s")
    missed = [
        f"{count} items, {row.path} {row.encoding}: {row.beside(row.empty):.2f} of an empty view, target {RATIO}"
        for row in table
        if row.beside(row.empty) < RATIO
    ]
    if count < 100 and asked > FIRST_VISIT_BYTES:
        missed.append(f"first visit {asked} bytes, target {FIRST_VISIT_BYTES}")
    if count < 100 and cold > COLD_SECONDS:
        missed.append(f"booklet in {cold:.2f} s, target {COLD_SECONDS}")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sessions", type=int, nargs="+", default=[40, 2000])
    options = parser.parse_args()
    settings.CLOCK_OFFSET = AT - timezone.now()
    say(
        f"Processors {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, {AT_ONCE} readers at once, {options.runs} runs, medians"
    )
    missed = []
    for count in options.sessions:
        # A release that was published stays: each size has a database of its own.
        with own_database():
            missed += measure(count, options.runs)
    say()
    for line in missed:
        say(f"MISSED  {line}")
    if not missed:
        say("all targets reached")


if __name__ == "__main__":
    main()

"""How long the printed programme takes, beside a document of one line printed in the same run.

    python -m tests.benchmarks.bench_documents [--sessions 40 2000] [--runs 3]

Cold is the first document of a new process, with the reading of the library and of the faces; warm is any later
one. Neither needs a database. With 2,000 sessions a booklet has some 800 pages: a few minutes, 2 GB of memory.
"""

# Django is set up before what it configures can be imported.
# ruff: noqa: E402

import argparse
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from assises.documents import render_pdf
from program import documents
from program.programme import Programme, sessions_in_order
from tests.printed_factories import a_programme, a_stamp

#: What is asked for, on two processors: a booklet of 12 pages, in a process that has printed before or not.
SECONDS = 3.0
DOCUMENTS = ["one line", "booklet, French", "booklet, both languages", "doors", "visits"]


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def programme_of(size: int) -> Programme:
    """So many sessions: those of the small programme, again and again, each time as other ones."""
    small = a_programme()
    kinds = small.sessions
    sessions = [
        dataclasses.replace(
            kinds[n % len(kinds)],
            guid=str(n),
            code=f"{kinds[n % len(kinds)].code}-{n}",
            short_code=f"{n:06}",
            # Two workshops at once are a choice; two hundred would be none.
            choice_group=kinds[n % len(kinds)].choice_group and f"choice-{n // len(kinds)}",
        )
        for n in range(size)
    ]
    return dataclasses.replace(small, sessions=sessions_in_order(sessions))


def maker(name: str, size: int) -> Callable[[], bytes]:
    programme = programme_of(size)
    stamp = a_stamp(programme)
    match name:
        case "one line":
            return lambda: render_pdf("base_pdf.html", language="fr")
        case "booklet, French":
            return lambda: documents.booklet(programme, stamp, languages=["fr"])
        case "booklet, both languages":
            return lambda: documents.booklet(programme, stamp, languages=["fr", "zh-hans"])
        case "doors":
            return lambda: documents.room_sheets(programme, stamp)
    return lambda: documents.visit_sheets(programme, stamp)


def measure(name: str, size: int, runs: int) -> dict[str, float]:
    """In this process, which has printed nothing yet: the first time, then the median of the others."""
    make = maker(name, size)
    taken = []
    data = b""
    for _ in range(1 + runs):
        start = time.perf_counter()
        data = make()
        taken.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    warm = statistics.median(taken[1:]) if runs else float("nan")
    return {"cold": taken[0], "warm": warm, "bytes": len(data), "pages": pages(data), "memory": memory}


def pages(data: bytes) -> int:
    # The tests' reader, imported late: it brings pytest.
    from tests.pdf import Pdf

    return len(Pdf(data).pages)


def in_a_new_process(name: str, size: int, runs: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_documents", "--measure", name]
    command += ["--sessions", str(size), "--runs", str(runs)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, nargs="+", default=[40, 2000])
    parser.add_argument("--runs", type=int, default=3, help="warm runs of each document")
    parser.add_argument("--measure", choices=DOCUMENTS, help="one document, in this process, as JSON")
    asked = parser.parse_args()
    if asked.measure:
        say(json.dumps(measure(asked.measure, asked.sessions[0], asked.runs)))
        return 0
    floor = in_a_new_process("one line", 1, asked.runs)
    say(
        f"{'document':24} {'sessions':>8} {'pages':>6} {'kB':>6} {'MB':>6} {'cold s':>8} {'warm s':>8}   cold and warm, times one line"
    )
    slow = False
    for size in asked.sessions:
        for name in DOCUMENTS[1:] if size <= 100 else DOCUMENTS[1:2]:
            # A large one is printed once cold and once warm.
            found = in_a_new_process(name, size, asked.runs if size <= 100 else 1)
            say(
                f"{name:24} {size:8} {found['pages']:6.0f} {found['bytes'] / 1000:6.0f} {found['memory']:6.0f}"
                f" {found['cold']:8.2f} {found['warm']:8.2f}   {found['cold'] / floor['cold']:.1f} and {found['warm'] / floor['warm']:.1f}"
            )
            slow |= name.startswith("booklet") and found["cold"] > SECONDS * max(found["pages"], 12) / 12
    say(
        f"{'one line':24} {'':8} {floor['pages']:6.0f} {floor['bytes'] / 1000:6.0f} {floor['memory']:6.0f} {floor['cold']:8.2f} {floor['warm']:8.2f}"
    )
    say(
        f"To reach: {SECONDS:.0f} s cold for 12 pages, as much more as there are more pages. {'Missed.' if slow else 'Reached.'}"
    )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())

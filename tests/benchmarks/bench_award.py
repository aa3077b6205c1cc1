"""How fast a juror's list of thousands of applications is read, how fast they are ranked, and how fast the minutes are
written, beside floors in the same run.

    python -m tests.benchmarks.bench_award [--runs 3] [--applications 2000] [--jurors 60]

Needs what ``bench_registration`` needs. On the ground of ``./run``:
``python -m assises.development.services python -m tests.benchmarks.bench_award``. The list is asked for through the real
web server, taking turns with an empty view. The ranking is computed from what stands in the database: once with the
applications dealt, two jurors of each side for each, as above thirty they are; once with every juror reading all of
them, which no jury does. Its floor is reading the same marks without computing. The minutes are written by their task,
with all sheets sealed in the chain; their floor is a document of one empty page. Exits with 1 where a target is missed.
"""

# Django is set up before its models can be imported.

import argparse
import asyncio
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

# Sets Django up.
from tests.benchmarks.bench_planning import measure, p95, statements
from tests.benchmarks.bench_registration import AT, own_database, say

# isort: split
from django.db import connection

from assises import accounts, files
from assises.documents import render_pdf
from assises.enums import Side
from assises.models import Edition, User
from awards import dealing, sealing
from awards.models import (
    Application,
    Assignment,
    Call,
    Interest,
    JuryMember,
    JuryMinutes,
    Partner,
    Pledge,
    Score,
    Seal,
    Sheet,
)
from awards.ranking import Mark, rank
from awards.reading_sheets import breaks_ties, marks_of, weights_of
from awards.tasks import write_minutes
from tests.account_factories import logged_in
from tests.load.stack import Stack, emptied_redis

#: What is asked for, on two processors: seconds for 95 of 100, statements, seconds, seconds.
P95, STATEMENTS, RANKING, MINUTES = 0.3, 15, 2.0, 30.0
PATHS = ["/admin/jury/notation/", "/admin/jury/notation/?page=20", "/admin/jury/"]


def fill(call: Call, applications: int, jurors: int) -> list[JuryMember]:
    """So many admissible applications of the three themes, and so many jurors who have signed and answered.

    By rows, with the triggers off: what a jury does to get here takes months.
    """
    categories = list(call.categories.exclude(theme=None))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    call.jury.all().delete()
    at = dt.datetime(2018, 10, 1, tzinfo=dt.UTC)
    rows = Application.objects.bulk_create(
        Application(
            call=call, category=categories[n % len(categories)], number=n + 1, state="admissible", original="fr",
            title_fr=f"Projet numéro {n + 1}", title_zh_hans=f"第{n + 1}号项目", begun_at=at, state_since=at,
            submitted_at=at, deadline=at + dt.timedelta(days=1), rules=call.rules.in_force().first(),
        )
        for n in range(applications)
    )  # fmt: skip
    Partner.objects.bulk_create(
        Partner(application=row, name=f"Ville {row.number}", side=side, leads=True)
        for row in rows
        for side in Side
    )
    members = []
    for n in range(jurors):
        side = list(Side)[n % 2]
        user = User.objects.create(email=f"jure{n}@example.org", is_staff=True, side=side)
        members.append(JuryMember.objects.create(call=call, user=user, side=side, role="juror"))
    Pledge.objects.bulk_create(Pledge(member=m, content={}, digest="0" * 64, at=at) for m in members)
    Interest.objects.bulk_create(
        (Interest(member=m, application=row, kind="none", at=at) for m in members for row in rows),
        batch_size=5000,
    )
    Call.objects.filter(pk=call.pk).update(phase="scoring", first_opened_at=at)
    return members


def mark(pairs: Iterable[tuple[int, int]], call: Call) -> int:
    """A sealed sheet for each pair of member and application; how many."""
    Score.objects.all().delete()
    Sheet.objects.all().delete()
    at = dt.datetime(2018, 10, 17, tzinfo=dt.UTC)
    criteria = list(call.criteria.values_list("pk", flat=True))
    sheets = Sheet.objects.bulk_create(
        (
            Sheet(member_id=member, application_id=row, opened_at=at, changed_at=at, sealed_at=at)
            for member, row in pairs
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        for n, criterion in enumerate(criteria):
            # Marks that differ, the same in each run.
            cursor.execute(
                "INSERT INTO awards_score (sheet_id, criterion_id, mark, comment) SELECT id, %s,"
                " 1 + (member_id * 7 + application_id * (%s + 3) + application_id / 5) %% 5, '' FROM awards_sheet",
                [criterion, n],
            )
        # As autovacuum does once so many rows have come.
        cursor.execute("ANALYZE")
    return len(sheets)


def timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def computed(marks: dict[str, list[Mark]], call: Call) -> None:
    weights, first = weights_of(call), breaks_ties(call)
    for given in marks.values():
        rank(given, weights, first)


def ranking(call: Call, name: str, runs: int, target: float | None) -> list[str]:
    reading, computing = [], []
    for _run in range(runs):
        reading.append(timed(lambda: marks_of(call)))
        marks = dict(marks_of(call))
        computing.append(timed(lambda marks=marks: computed(marks, call)))  # type: ignore[misc]
    read, worked = statistics.median(reading), statistics.median(computing)
    say(
        f"{name:44}{Sheet.objects.count():9} sheets{read:9.2f} s read{worked:9.2f} s ranked{worked / read:8.1f} times"
    )
    if target is not None and worked > target:
        return [f"ranking, {name}: {worked:.2f} s"]
    return []


def sealed(call: Call) -> int:
    """Every sheet, and every pledge, in the chain; how many links."""
    at = dt.datetime(2018, 10, 20, tzinfo=dt.UTC)
    for kind, rows in (("pledge", sealing.pledges(call)), ("sheet", sealing.sheets(call))):
        for subject, content in rows.items():
            sealing.seal(call, kind=kind, subject=subject, content=content, at=at)
            link = Seal.objects.filter(call=call).order_by("-number").values("number", "digest")[0]
            # The triggers are off: they count the links.
            Call.objects.filter(pk=call.pk).update(seals=link["number"], seal_digest=link["digest"])
    return Call.objects.get(pk=call.pk).seals


def minutes(call: Call, members: list[JuryMember], runs: int) -> list[str]:
    links = sealed(call)
    Call.objects.filter(pk=call.pk).update(phase="sealed")
    for side, member in zip(Side, members, strict=False):
        JuryMember.objects.filter(pk=member.pk).update(role="president")
        user = User.objects.create(email=f"secretaire.{side}@example.org", is_staff=True, side=side)
        last = JuryMember.objects.create(call=call, user=user, side=side, role="secretary")
    row = JuryMinutes.objects.create(call=call, number=1, begun_by=last, begun_at=AT)
    render_pdf("base_pdf.html", language="fr")
    taken, floor = [], []
    for _run in range(runs):
        JuryMinutes.objects.update(content=None, digest="", written_at=None, document=None)
        floor.append(timed(lambda: render_pdf("base_pdf.html", language="fr")))
        taken.append(timed(lambda: write_minutes.apply(throw=True)))
    row.refresh_from_db()
    assert row.document is not None
    assert row.content is not None
    assert (row.content["seals"]["count"], row.content["seals"]["findings"]) == (links, [])
    size = files.path_of(row.document).stat().st_size
    written, empty = statistics.median(taken), statistics.median(floor)
    say(
        f"minutes: {links} seals, {size / 1e6:.1f} MB{written:9.2f} s written{empty:9.3f} s empty{written / empty:8.0f} times"
    )
    return [f"minutes: {written:.2f} s"] if written > MINUTES else []


def lists(members: list[JuryMember], runs: int) -> list[str]:
    missed = []
    client = logged_in(members[0].user)
    session = client.cookies["sessionid"].value
    say(f"{'page':38}{'bytes':>10}{'SQL':>5}{'p50 s':>8}{'p95 s':>8}{'empty p50':>11}{'times the empty':>17}")
    with (
        tempfile.TemporaryDirectory() as folder,
        emptied_redis(),
        Stack(Path(folder), starts_at=AT) as site,
        tempfile.TemporaryDirectory() as other,
    ):
        bare = Stack(Path(other), starts_at=AT, DJANGO_SETTINGS_MODULE="tests.benchmarks.bare_settings")
        bare.start_web("tests.benchmarks.bare")
        for path in PATHS:
            sql = statements(members[0].user, path, client)
            results = [asyncio.run(measure(site, bare, path, session)) for _unused in range(runs)]
            worst = max(p95(taken) for taken, _floor, _size in results)
            middle = statistics.median(t for taken, _f, _s in results for t in taken)
            floor = statistics.median(t for _t, empty, _s in results for t in empty)
            say(
                f"{path:38}{results[0][2]:10}{sql:5}{middle:8.3f}{worst:8.3f}{floor:11.4f}{middle / floor:17.1f}"
            )
            if worst > P95:
                missed.append(f"{path}: p95 of {worst:.3f} s")
            if sql > STATEMENTS and path != "/admin/jury/":
                missed.append(f"{path}: {sql} statements")
        bare.stop()
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--jurors", type=int, default=60)
    options = parser.parse_args()
    with own_database():
        accounts.ensure_groups()
        call = _call()
        members = fill(call, options.applications, options.jurors)
        keys = list(call.applications.values_list("pk", flat=True))
        say(f"{options.applications} applications, {options.jurors} jurors")
        pairs: list[tuple[int, int]] = []
        for side in Side:
            dealt = dealing.deal(keys, [m.pk for m in members if m.side == side], ())
            pairs += [(member, row) for row, member in dealt]
        mark(pairs, call)
        missed = ranking(call, "dealt: two jurors of each side", options.runs, RANKING)
        mark([(m.pk, row) for m in members for row in keys], call)
        missed += minutes(call, members, options.runs)
        Call.objects.filter(pk=call.pk).update(phase="scoring")
        JuryMember.objects.filter(role="president").update(role="juror")
        # No jury reads all of so many: it is told, and not asked for.
        ranking(call, "every juror reads all", 1, None)
        Assignment.objects.all().delete()
        missed += lists(members, options.runs)
    for line in missed:
        say(f"missed: {line}")
    return 1 if missed else 0


def _call() -> Call:
    """The award of the edition that ``own_database`` has loaded, with rules in force."""
    call = Call.objects.get(edition=Edition.objects.get(is_current=True))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    call.rules.filter(frozen_at=None).update(
        frozen_at=dt.datetime(2018, 9, 10, tzinfo=dt.UTC), content={"dates": {}}, digest="0" * 64
    )
    return call


if __name__ == "__main__":
    sys.exit(main())

"""What stands of the programme on the first page of the back office."""

import datetime as dt
from typing import Any

from assises.back_office import panel
from assises.models import Edition
from program import services, snapshot
from program.admin.releases import halves_of, passed_of, releases_of
from program.changes import TOLD, compare
from program.models import ProgrammeRelease


@panel("program/back_office/_panel_releases.html", permission="program.view_session", order=30)
def releases_today(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """The last release, what has changed since, and what waits for whose approval."""
    found = list(releases_of(edition)[:10])
    out = next((r for r in found if r.published_at), None)
    passed = passed_of(edition)
    waiting = [r for r in found if r.published_at is None and r.pk not in passed]
    last = ProgrammeRelease.objects.filter(pk=found[0].pk).get() if found else None
    changes = compare(services.programme_of(last), snapshot.read(edition)) if last else []
    return {
        "out": out,
        "last": last,
        "waiting": [(release, halves_of(release)) for release in waiting],
        "changes": len(changes),
        "moves": sum(c.what in TOLD for c in changes),
    }

"""The minutes as a document in both languages: a PDF, and a page to print."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from assises.documents import BOTH, render_pdf
from assises.enums import LineVerdict, MinutesState, Side, Workstream
from assises.models import Minutes, MinutesLine, Verdict


@dataclass(frozen=True)
class Part:
    """The lines of one part of the minutes."""

    workstream: Workstream | None
    lines: list[MinutesLine]


@dataclass(frozen=True)
class Accepted:
    """When a side accepted the last line."""

    side: Side
    at: dt.datetime


def minutes_pdf(minutes: Minutes) -> bytes:
    """The minutes on A4, both languages side by side. Until both sides have validated, each page says that it is a draft.

    Validated minutes give the same bytes each time.
    """
    return render_pdf(
        "assises/pdf/minutes.html",
        language=BOTH[0],
        identifier=f"{minutes.pk} {minutes.digest}" if minutes.digest else "",
        **contents(minutes),
    )


def contents(minutes: Minutes) -> dict[str, Any]:
    """What the document shows."""
    lines = list(minutes.lines.order_by("order", "id"))
    is_validated = minutes.state == MinutesState.VALIDATED
    return {
        "languages": BOTH,
        "edition": minutes.meeting.edition,
        "meeting": minutes.meeting,
        "minutes": minutes,
        "is_validated": is_validated,
        "parts": _parts(lines),
        "accepted": _accepted(minutes) if is_validated else [],
    }


def _parts(lines: list[MinutesLine]) -> list[Part]:
    parts = [
        Part(Workstream(code) if code else None, [line for line in lines if line.workstream == code])
        for code in [*Workstream.values, ""]
    ]
    return [part for part in parts if part.lines]


def _accepted(minutes: Minutes) -> list[Accepted]:
    last: dict[str, dt.datetime] = {}
    accepted = Verdict.objects.filter(line__minutes=minutes, verdict=LineVerdict.ACCEPTED)
    for side, at in accepted.values_list("side", "at"):
        last[side] = max(at, last.get(side, at))
    return [Accepted(side, last[side]) for side in Side if side in last]

"""What minutes say, as plain values in one form, and the hash over it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from assises.canonical import hash_of
from assises.enums import MinutesState
from assises.models import JournalEntry, Minutes, MinutesLine, Verdict

#: What a line says in both languages.
TEXTS = ["text", "detail", "outcome"]
LANGUAGES = {"fr": "fr", "zh-Hans": "zh_hans"}


def both(row: Any, field: str) -> dict[str, str]:
    """A text in both languages, by their tags; a missing one is empty."""
    return {tag: getattr(row, f"{field}_{suffix}") or "" for tag, suffix in LANGUAGES.items()}


def content_of(minutes: Minutes) -> dict[str, Any]:
    """All that is validated: the meeting, the introduction, each line with its verdicts. The same values each time."""
    meeting = minutes.meeting
    lines = minutes.lines.select_related("item").prefetch_related("verdicts").order_by("order", "id")
    return {
        "edition": meeting.edition.code,
        "meeting": {
            "code": meeting.code,
            "held_on": _day(meeting.held_on),
            **{field: both(meeting, field) for field in ("title", "place", "attendance")},
        },
        "number": minutes.number,
        "introduction": both(minutes, "introduction"),
        "sent_at": _instant(minutes.sent_at),
        "deadline_at": _instant(minutes.deadline_at),
        "validated_at": _instant(minutes.validated_at),
        "lines": [_line(line) for line in lines],
    }


def digest_of(minutes: Minutes) -> str:
    """The hash of the content."""
    return hash_of(content_of(minutes))


def verify(minutes: Minutes) -> str:
    """What is wrong with validated minutes, in words; empty if they are what both sides validated."""
    if minutes.state != MinutesState.VALIDATED:
        return _("They are not validated.")
    found, noted = digest_of(minutes), {minutes.digest, *_noted().get(minutes.pk, [])}
    if noted != {found}:
        return _("They were changed after their validation: their hash is %(found)s, and was %(digest)s.") % {
            "found": found,
            "digest": ", ".join(sorted(noted - {found})),
        }
    return ""


def vanished() -> list[int]:
    """The keys of minutes that the journal saw validated, and that are not there as such any more."""
    validated = set(Minutes.objects.filter(state=MinutesState.VALIDATED).values_list("pk", flat=True))
    return sorted(_noted().keys() - validated)


def _noted() -> dict[int, list[str]]:
    """The hashes that the journal noted at validations, by the key of the minutes."""
    entries = JournalEntry.objects.filter(subject_type=Minutes._meta.label_lower, action="minutes_validated")
    found: dict[int, list[str]] = {}
    for pk, details in entries.values_list("subject_id", "details"):
        found.setdefault(pk, []).append(details["digest"])
    return found


def _line(line: MinutesLine) -> dict[str, Any]:
    verdicts = sorted(line.verdicts.all(), key=lambda v: (v.side, v.revision))
    return {
        "order": line.order,
        "item": line.item.number,
        "workstream": line.workstream,
        "kind": line.kind,
        "status": line.status,
        **{field: both(line, field) for field in TEXTS},
        "owner_side": line.owner_side,
        "due_on": _day(line.due_on),
        "source": line.source,
        "revision": line.revision,
        "verdicts": [_verdict(verdict) for verdict in verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "side": verdict.side,
        "revision": verdict.revision,
        "verdict": verdict.verdict,
        "comment": verdict.comment,
        "account": verdict.by_id,
        "at": _instant(verdict.at),
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""

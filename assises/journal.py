"""What was done, when, by whom and why."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from assises.models import JournalEntry, User


def entry(
    subject: Model, action: str, *, at: dt.datetime, by: User | None = None, reason: str = "", **details: Any
) -> JournalEntry:
    """An entry, not yet written; ``details`` hold no personal data."""
    return JournalEntry(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        action=action,
        at=at,
        actor=by,
        reason=reason,
        details=details,
    )


def write(entries: Iterable[JournalEntry]) -> None:
    """Write all of them in one statement."""
    JournalEntry.objects.bulk_create(entries)


def of(subject: Model) -> QuerySet[JournalEntry]:
    """What was done to ``subject``, latest first."""
    return JournalEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).select_related("actor")

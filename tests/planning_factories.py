"""Plans in one line each. Nothing here is random."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from assises.models import Dependency, Edition, Milestone, Task
from tests.reminder_factories import a_milestone

PARIS = ZoneInfo("Europe/Paris")


def on(day: str, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A day of 2018 as ``10-15``, and an hour on the clocks of Paris."""
    return dt.datetime.combine(dt.date.fromisoformat(f"2018-{day}"), dt.time(hour, minute), PARIS)


def planned(edition: Edition, first: str, last: str = "", **fields: Any) -> Milestone:
    """A milestone of whole days: ``planned(edition, "10-15", "10-20")``."""
    return a_milestone(edition, on(first), ends_at=on(last) if last else None, **fields)


def then(before: Milestone, after: Milestone, lag: int = 0) -> Dependency:
    return Dependency.objects.create(before=before, after=after, lag_days=lag)


def a_task(milestone: Milestone, **fields: Any) -> Task:
    defaults = {"title_fr": "Réserver la salle", "title_zh_hans": "预订会场", "owner_side": "FR"}
    return Task.objects.create(milestone=milestone, **{**defaults, **fields})

"""Reminders in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.models import Edition, Milestone, Reminder
from tests.factories import NOW, NUMBERS


def a_milestone(edition: Edition, at: dt.datetime, **fields: Any) -> Milestone:
    n = next(NUMBERS)
    defaults = {"key": f"milestone-{n}", "label_fr": f"Jalon {n}", "label_zh_hans": f"第{n}个节点"}
    return Milestone.objects.create(edition=edition, starts_at=at, **{**defaults, **fields})


def a_reminder(milestone: Milestone, **fields: Any) -> Reminder:
    """Approved, for everybody who has a place, at the hour of the milestone."""
    defaults = {
        "audience": "registration.seated",
        "subject_fr": "Choisissez votre atelier",
        "subject_zh_hans": "请选择研讨会",
        "text_fr": "Les ateliers sont ouverts.",
        "text_zh_hans": "研讨会已开放选择。",
        "approved_at": NOW,
    }
    return Reminder.objects.create(edition=milestone.edition, milestone=milestone, **{**defaults, **fields})

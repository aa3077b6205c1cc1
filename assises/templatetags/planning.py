"""How dates of the planning are written in letters and on pages."""

import datetime as dt
from typing import Any

from django import template
from django.utils.translation import get_language

from assises.models import Milestone
from assises.planning.wording import in_both_calendars
from assises.templatetags.typography import write_date

register = template.Library()


@register.simple_tag
def both_calendars(about: Any, edition: Any) -> list[tuple[str, str]]:
    """``{% both_calendars milestone edition as dates %}``: its date by the name of each place; days are the same in both.

    Of a point or a task, the day on which it is due; nothing where there is none.
    """
    if isinstance(about, Milestone):
        about.edition = edition
        return in_both_calendars(about, get_language())
    return [("", write_date(about.due_on, get_language(), weekday=True))] if about.due_on else []


@register.simple_tag
def days_late(about: Any, at: dt.datetime) -> int:
    """``{% days_late point written_at as days %}``: how many days a point or a task is late; 0 while it is not."""
    due = getattr(about, "due_on", None)
    return max(0, (at.date() - due).days) if due else 0

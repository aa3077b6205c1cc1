"""What the letters and documents of a registration ask about it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django import template
from django.db.models import Prefetch, prefetch_related_objects

from assises.models import Edition
from registration.models import Booking, Registration, SessionChoice
from registration.sessions import describe

register = template.Library()


@register.simple_tag
def hold_ends(booking: Booking, edition: Edition) -> dt.datetime:
    """``{% hold_ends booking edition as until %}``: until when the places of this request are kept.

    Counted from the submission, because a person who is registered already has no time limit of her own, and the
    letter to the contact person must not tell.
    """
    return booking.submitted_at + dt.timedelta(hours=edition.hold_hours)


@register.simple_tag
def count_by_state(registrations: Iterable[Registration]) -> Counter[str]:
    """``{% count_by_state registrations as people %}{{ people.waiting }}``: how many are shown in each state."""
    return Counter(registration.public_status.value for registration in registrations)


@register.simple_tag
def chosen_sessions(registration: Registration) -> list[str]:
    """``{% chosen_sessions registration as sessions %}``: title, day and hours of each.

    Read in one query for both parts of a letter.
    """
    choices = SessionChoice.objects.select_related("session").order_by("session")
    prefetch_related_objects([registration], Prefetch("choices", choices))
    return [describe(choice.session) for choice in registration.choices.all()]

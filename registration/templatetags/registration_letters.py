"""What the letters and documents of a registration ask about it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django import template
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import get_language

from assises.models import Edition
from assises.templatetags.typography import is_chinese, write_time
from program.models import Session
from registration.models import Booking, Registration, SessionChoice
from registration.sessions import describe
from registration.visits import are_assigned

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
def chosen_sessions(registration: Registration) -> list[Session]:
    """``{% chosen_sessions registration as sessions %}``: those attended, read once for both parts of a letter."""
    return [choice.session for choice in _choices(registration) if not choice.is_waiting]


@register.simple_tag
def awaited_sessions(registration: Registration) -> list[Session]:
    """``{% awaited_sessions registration as awaited %}``: those on whose waiting lists the person stands."""
    return [choice.session for choice in _choices(registration) if choice.is_waiting]


def _choices(registration: Registration) -> list[SessionChoice]:
    choices = SessionChoice.objects.select_related("session").order_by("session")
    prefetch_related_objects([registration], Prefetch("choices", choices))
    return list(registration.choices.all())


@register.simple_tag
def wished_visits(registration: Registration) -> list[Session]:
    """``{% wished_visits registration as visits %}``: until the visits are assigned, the dearest wish first."""
    if are_assigned(registration.edition):
        return []
    return [wish.session for wish in registration.wishes.select_related("session").order_by("rank")]


@register.filter
def described(session: Session) -> str:
    """``{{ session|described }}``: title, day and hours, in the language of the page."""
    return describe(session)


@register.filter
def hours(session: Session) -> str:
    """``{{ session|hours }}``: 14 h – 16 h 30; the start alone, or nothing, where the rest is open."""
    language = get_language()
    times = [write_time(time, language) for time in (session.starts_at, session.ends_at) if time is not None]
    return ("—" if is_chinese(language) else " – ").join(times)

"""What pages of the programme show of the seats."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assises.current import current_edition
from assises.templatetags.components import icon
from registration import seat_counts
from registration.seat_counts import SeatCount

register = template.Library()


@register.simple_tag
def seats_left(code: str) -> SeatCount | None:
    """``{% seats_left session.code as seats %}``: ``seats.total``, ``.left``, ``.waiting`` of the current edition.

    None where seats are not counted. All sessions are read at once, and the answer is given for two seconds.
    """
    edition = current_edition()
    return seat_counts.seat_counts(edition).get(code) if edition else None


@register.filter
def in_words(seats: SeatCount) -> str:
    """``{{ seats|in_words }}``: “12 seats left”, or what choosing the full session means."""
    return seat_counts.in_words(seats)


@register.simple_tag
def seat_state(seats: SeatCount) -> SafeString:
    """``{% seat_state seats %}``: the same with sign and colour."""
    sign = "queue" if seats.is_full else "check"
    colour = "waiting" if seats.is_full else "confirmed"
    return format_html('<span class="seats seats-{}">{} {}</span>', colour, icon(sign), in_words(seats))

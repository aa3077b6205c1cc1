"""What the board of meeting rooms says of who has a half-hour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assises.templatetags.typography import in_own_script
from registration.meeting_rooms import HalfHour

register = template.Library()


@register.filter
def organisation_name(half_hour: HalfHour) -> SafeString:
    """The organisation that has it, in the language of the page or marked as of another one."""
    if half_hour.slot is None:
        return SafeString("")
    booking = half_hour.slot.registration.booking
    if booking.organisation:
        return in_own_script(booking.organisation.name_fr, booking.organisation.name_zh_hans)
    return format_html('<span lang="fr">{}</span>', booking.organisation_name)

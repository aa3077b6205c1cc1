"""Where things of the minutes are found."""

from django.urls import reverse

from assises.models import Minutes


def minutes_path(minutes: Minutes) -> str:
    """The page of the minutes in the back office."""
    return reverse("admin:minutes", args=[minutes.meeting.code, minutes.number])

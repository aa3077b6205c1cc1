"""The one place that asks what time it is."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """The present instant, aware, in UTC. In the demonstration it is shifted to the days of its edition."""
    return timezone.now() + settings.CLOCK_OFFSET

"""What every page is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from assises import clock
from assises.current import current_edition


def site(request: HttpRequest) -> dict[str, Any]:
    """The edition (or None), and in the demonstration the shifted clock that a banner tells of."""
    return {
        "edition": current_edition(),
        "demo": settings.DEMO != "none",
        "clock_now": clock.now(),
    }

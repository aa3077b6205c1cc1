"""The back office of the programme: lists, and pages by task."""

from program.admin import (  # noqa: F401
    contributions,
    preparing,
    protocol,
    releases,
    sessions,
    speakers,
    today,
    today_contributions,
)

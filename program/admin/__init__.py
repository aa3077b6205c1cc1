"""The back office of the programme: lists, and pages by task."""

from program.admin import contributions, protocol, sessions, speakers, today_contributions  # noqa: F401

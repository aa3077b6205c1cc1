"""The back office of the programme: lists, and pages by task."""

from program.admin import preparing, releases, sessions, today  # noqa: F401

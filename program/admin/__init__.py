"""The back office of the programme: lists, and pages by task."""

from program.admin import (  # noqa: F401
    sessions,
    today_translations,
    translation_files,
    translations,
)

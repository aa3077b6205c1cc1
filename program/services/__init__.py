"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.files import file_of
from program.services.releases import approve, discard, prepare, publish
from program.services.sessions import Conflict, change_session, create_session
from program.services.translations import (
    Outcome,
    TextChanged,
    Translation,
    follow,
    translate,
    translate_all,
)

__all__ = [
    "Conflict",
    "Outcome",
    "TextChanged",
    "Translation",
    "approve",
    "change_session",
    "create_session",
    "discard",
    "file_of",
    "follow",
    "prepare",
    "publish",
    "translate",
    "translate_all",
]

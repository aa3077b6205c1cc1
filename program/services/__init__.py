"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.files import file_of
from program.services.releases import approve, discard, prepare, publish
from program.services.sessions import Conflict, change_session, create_session

__all__ = [
    "Conflict",
    "approve",
    "change_session",
    "create_session",
    "discard",
    "file_of",
    "prepare",
    "publish",
]

"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.files import KINDS, file_of
from program.services.releases import (
    APPROVERS,
    Outdated,
    approve,
    before,
    changes_of,
    discard,
    fingerprint,
    prepare,
    programme_of,
    publish,
    stamp_of,
)
from program.services.sessions import Conflict, change_session, create_session
from program.services.telling import readers_told

__all__ = [
    "APPROVERS",
    "KINDS",
    "Conflict",
    "Outdated",
    "approve",
    "before",
    "change_session",
    "changes_of",
    "create_session",
    "discard",
    "file_of",
    "fingerprint",
    "prepare",
    "programme_of",
    "publish",
    "readers_told",
    "stamp_of",
]

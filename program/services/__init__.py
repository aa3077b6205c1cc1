"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.files import file_of
from program.services.leads import Half, set_leads
from program.services.parts import Part, set_running_order
from program.services.points import add_point, change_point, close_point, reopen_point
from program.services.releases import approve, discard, prepare, publish
from program.services.sessions import (
    Conflict,
    abandon_session,
    change_session,
    create_session,
    delete_session,
    is_released,
    move_session,
)
from program.services.visits import decide_visit, give_verdict, may_give_verdict, write_sheet

__all__ = [
    "Conflict",
    "Half",
    "Part",
    "abandon_session",
    "add_point",
    "approve",
    "change_point",
    "change_session",
    "close_point",
    "create_session",
    "decide_visit",
    "delete_session",
    "discard",
    "file_of",
    "give_verdict",
    "is_released",
    "may_give_verdict",
    "move_session",
    "prepare",
    "publish",
    "reopen_point",
    "set_leads",
    "set_running_order",
    "write_sheet",
]

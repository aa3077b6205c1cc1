"""What can be done to a registration. Forms, pages, tasks, commands and the back office only call these."""

from registration.services.booking import BookingRequest, PersonDetails, register
from registration.services.desk import admit, check_in, undo_check_in
from registration.services.moves import (
    cancel,
    change,
    confirm,
    lapse_overdue,
    move_category,
    personal_data,
    refuse,
    remind_before_lapse,
    replace,
    send_link,
    separate,
)
from registration.services.places import rank, set_capacity, settle
from registration.services.retention import erase, purge

__all__ = [
    "BookingRequest",
    "PersonDetails",
    "admit",
    "cancel",
    "change",
    "check_in",
    "confirm",
    "erase",
    "lapse_overdue",
    "move_category",
    "personal_data",
    "purge",
    "rank",
    "refuse",
    "register",
    "remind_before_lapse",
    "replace",
    "send_link",
    "separate",
    "set_capacity",
    "settle",
    "undo_check_in",
]

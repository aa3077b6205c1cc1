"""What can be done to a registration. Forms, pages, tasks, commands and the back office only call these."""

from registration.services.booking import BookingRequest, PersonDetails, register
from registration.services.desk import admit, check_in, undo_check_in
from registration.services.meeting_rooms import (
    free_half_hour,
    free_those_outside,
    give_half_hour_back,
    take_half_hour,
)
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
from registration.services.session_seats import ensure_seats, set_seats
from registration.services.visits import apply_visits, propose_visits

__all__ = [
    "BookingRequest",
    "PersonDetails",
    "admit",
    "apply_visits",
    "cancel",
    "change",
    "check_in",
    "confirm",
    "ensure_seats",
    "erase",
    "free_half_hour",
    "free_those_outside",
    "give_half_hour_back",
    "lapse_overdue",
    "move_category",
    "personal_data",
    "propose_visits",
    "purge",
    "rank",
    "refuse",
    "register",
    "remind_before_lapse",
    "replace",
    "send_link",
    "separate",
    "set_capacity",
    "set_seats",
    "settle",
    "take_half_hour",
    "undo_check_in",
]

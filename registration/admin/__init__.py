"""The back office of the registrations: lists, and pages by task."""

from registration.admin import (  # noqa: F401
    authorities,
    bookings,
    by_hand,
    delegations,
    files,
    numbers,
    places,
    registrations,
    rooms,
    sessions,
    today,
    visits,
    waiting,
)

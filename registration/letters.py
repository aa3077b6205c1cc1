"""The letters of a registration. Each goes to its reader once, in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from assises.mail import outbox
from assises.mail.outbox import Letter
from assises.models import Edition
from registration import links
from registration.models import Booking, Registration


def tell(
    event: str,
    registrations: Iterable[Registration],
    *,
    edition: Edition,
    at: dt.datetime,
    once: str = "",
    **context: Any,
) -> None:
    """Write ``event`` to each person; ``once`` tells apart letters that may come again (a change, a day)."""
    outbox.write([to_person(event, r, edition=edition, once=once, **context) for r in registrations], at=at)


def to_person(
    event: str, registration: Registration, *, edition: Edition, once: str = "", **context: Any
) -> Letter:
    """One letter to the person of ``registration``, with the link to the page that is hers."""
    return Letter(
        event=f"registration/{event}",
        # The badge code changes when a colleague takes over: that person has letters of her own.
        key=f"registration:{registration.code}:{event}{once and ':' + once}",
        to_email=registration.email,
        to_name=registration.full_name,
        language=registration.language,
        context={
            "edition": edition,
            "registration": registration,
            "booking": registration.booking,
            "token": links.letter_token(registration),
            **context,
        },
    )


def to_contact(
    event: str, booking: Booking, registrations: Sequence[Registration], *, edition: Edition, **context: Any
) -> Letter:
    """One letter to the contact person, about everybody of the request."""
    return Letter(
        event=f"registration/{event}",
        key=f"booking:{booking.key}:{event}",
        to_email=booking.email,
        to_name=f"{booking.given_name} {booking.family_name}",
        language=booking.language,
        context={
            "edition": edition,
            "booking": booking,
            "registrations": registrations,
            "token": links.booking_token(booking),
            **context,
        },
    )

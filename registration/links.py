"""Signed links: whoever has the link has the page. Nothing of them is stored."""

from django.urls import reverse

from assises.signed_links import Tokens
from registration.models import Booking, Registration

#: screen: shown right after the form was sent; it lets one look, and nothing else.
#: booking: in letters to the contact person; it proves the address and manages the whole request.
#: person: in letters to a participant; it manages this one registration, as long as its badge code is the same.
_tokens = Tokens("registration.links", {"s": "screen", "b": "booking", "p": "person"})
read = _tokens.read


def version_of(booking: Booking) -> str:
    """Changes with the contact person's address: with it, older links to the request die."""
    return _tokens.version_of(booking.email)


def screen_token(booking: Booking) -> str:
    return _tokens.write("screen", booking.pk, version_of(booking))


def booking_token(booking: Booking) -> str:
    return _tokens.write("booking", booking.pk, version_of(booking))


def person_token(registration: Registration) -> str:
    return _tokens.write("person", registration.pk, registration.code)


def own_page(token: str) -> str:
    """The path of the page behind the token, in the active language."""
    return reverse("registration:own_page", args=[token])


def letter_token(registration: Registration) -> str:
    """The token for letters to this person: contact persons manage their whole request."""
    return booking_token(registration.booking) if registration.is_contact else person_token(registration)

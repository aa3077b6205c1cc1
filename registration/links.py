"""Signed links: whoever has the link has the page. Nothing of them is stored."""

from dataclasses import dataclass
from typing import Literal

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from registration.models import Booking, Registration

#: screen: shown right after the form was sent; it lets one look, and nothing else.
#: booking: in letters to the contact person; it proves the address and manages the whole request.
#: person: in letters to a participant; it manages this one registration.
Kind = Literal["screen", "booking", "person"]

_LETTERS: dict[str, Kind] = {"s": "screen", "b": "booking", "p": "person"}
_signer = Signer(sep=".", salt="registration.links")


@dataclass(frozen=True)
class Link:
    """What a token stands for.

    ``version`` is the badge code of a person, or stands for the address of a contact person: the link dies when
    somebody else takes over.
    """

    kind: Kind
    pk: int
    version: str = ""


def version_of(booking: Booking) -> str:
    """Changes with the contact person's address: with it, older links to the request die."""
    return salted_hmac("registration.links.version", booking.email.lower()).hexdigest()[:8]


def screen_token(booking: Booking) -> str:
    return _signer.sign(f"s{booking.pk}-{version_of(booking)}")


def booking_token(booking: Booking) -> str:
    return _signer.sign(f"b{booking.pk}-{version_of(booking)}")


def person_token(registration: Registration) -> str:
    return _signer.sign(f"p{registration.pk}-{registration.code}")


def read(token: str) -> Link | None:
    """What the token stands for; None if it was not signed here."""
    try:
        value = _signer.unsign(token)
    except BadSignature:
        return None
    pk, _dash, version = value[1:].partition("-")
    return Link(_LETTERS[value[0]], int(pk), version)


def own_page(token: str) -> str:
    """The path of the page behind the token, in the active language."""
    return reverse("registration:own_page", args=[token])


def letter_token(registration: Registration) -> str:
    """The token for letters to this person: contact persons manage their whole request."""
    return booking_token(registration.booking) if registration.is_contact else person_token(registration)

"""What the registration gives people to print."""

import segno

from assises.documents import render_pdf
from registration.badges import badge_payload
from registration.models import Registration


def confirmation_pdf(registration: Registration, *, language: str) -> bytes:
    """The confirmation of one person with the QR code of the badge, A4, in ``language``.

    For confirmed registrations (and those checked in); whoever calls has made sure of it.
    """
    return render_pdf(
        "registration/pdf/confirmation.html",
        language=language,
        edition=registration.edition,
        booking=registration.booking,
        registration=registration,
        qr=qr_code(registration),
    )


def qr_code(registration: Registration) -> str:
    """The QR code of the badge as a ``data:`` address of an SVG; it stays readable when a part is lost."""
    code = segno.make(badge_payload(registration), error="m", boost_error=True, micro=False)
    return code.svg_data_uri(scale=4, border=2, dark="#1c2433", omitsize=True)

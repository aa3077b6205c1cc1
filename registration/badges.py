"""What the QR code of a badge says, and how it is read.

A badge says ``ASSISES:`` and the ten letters of its code, nothing else: no name, and no address. A stranger's
camera that reads it opens no page, and no code is left behind in histories and logs. All characters are in the
alphanumeric set of QR codes, so that the smallest symbol (21 modules a side) is enough, with level M.
"""

import re

from registration.models import Registration

PREFIX = "ASSISES:"
#: The letters of ``new_badge_code``: none that is taken for another.
CODE = re.compile(r"[A-HJ-NP-Z2-9]{10}")


def badge_payload(registration: Registration) -> str:
    """The text to write into the QR code of this person's badge or confirmation."""
    return PREFIX + registration.code


def read_badge(text: str) -> str | None:
    """The code in what a camera read or a hand typed (any case, spaces, hyphens); None if it is no badge of ours."""
    code = re.sub(r"[\s\u00a0-]", "", text).upper().removeprefix(PREFIX)
    return code if CODE.fullmatch(code) else None

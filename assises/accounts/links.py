"""The links by which somebody chooses a password. Nothing of them is stored.

A link dies when it was used or when the address changes, because it was signed for the password and the address of
then; and after some days, because it carries its hour.
"""

import datetime as dt
from enum import Enum, auto

from django.urls import reverse

from assises.models import User
from assises.signed_links import Link, Tokens

INVITATION = "invitation"
FORGOTTEN = "forgotten"
#: How long each kind lives.
LIFE = {INVITATION: dt.timedelta(days=14), FORGOTTEN: dt.timedelta(days=1)}

_tokens = Tokens("assises.accounts", {"i": INVITATION, "f": FORGOTTEN})
read = _tokens.read


class Life(Enum):
    """What has become of a link."""

    ALIVE = auto()
    LATE = auto()
    USED = auto()


def token(kind: str, user: User, *, at: dt.datetime) -> str:
    return _tokens.write(kind, user.pk, _version(user, f"{int(at.timestamp()):x}"))


def page(token: str, *, leads_to: str = "") -> str:
    """The path of the page behind the token, in the active language; it ends at ``leads_to``."""
    return reverse("account_choose_password", args=[token], query={"next": leads_to} if leads_to else None)


def life(link: Link, user: User, *, at: dt.datetime) -> Life:
    """Whether the link may still be used at ``at``; USED too where the address is another one now."""
    stamp = link.version.partition("-")[0]
    if link.version != _version(user, stamp):
        return Life.USED
    written = dt.datetime.fromtimestamp(int(stamp, 16), dt.UTC)
    return Life.ALIVE if at < written + LIFE[link.kind] else Life.LATE


def _version(user: User, stamp: str) -> str:
    return f"{stamp}-{_tokens.version_of(stamp, user.password, user.email)}"

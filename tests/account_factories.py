"""Second factors for tests: enrolled without a page, used in a session without typing."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from assises import accounts
from assises.models import User

SECRET = accounts.DEMO_TOTP_SECRET


def a_second_factor(user: User, *, secret: str = SECRET) -> list[str]:
    """An app for codes; returns the recovery codes."""
    TOTP.activate(user, secret)
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret: str = SECRET, *, ahead: int = 0) -> str:
    """What the app shows; ``ahead=1`` is what it shows next, which is good already."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def logged_in(user: User, *, factor: bool = True) -> Client:
    """The browser of ``user``; with ``factor`` the second factor was enrolled, and used in this session."""
    client = Client()
    if factor and not accounts.has_second_factor(user):
        a_second_factor(user)
    client.force_login(user)
    if factor:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
        session.save()
    return client

"""Accounts of the back office and of the jury: roles, second factor, invitations, the demonstration.

The forms and pages are those of django-allauth in our look; only what ``urls`` names is reachable.
"""

from assises.accounts.demonstration import (
    DEMO_ACCOUNTS,
    DEMO_PASSWORD,
    DEMO_TOTP_SECRET,
    DemoAccount,
    demo_code,
    ensure_demo_accounts,
    seconds_left,
)
from assises.accounts.invitations import (
    choose_password,
    invitation_of,
    invite,
    send_forgotten,
    user_behind,
)
from assises.accounts.roles import (
    ACCESS_NEEDS,
    APCAE,
    CHINESE_APPROVAL,
    DESK,
    FRENCH_APPROVAL,
    JURY,
    ORGANISERS,
    PROGRAMME,
    TRANSLATORS,
    ensure_groups,
)
from assises.accounts.second_factor import (
    has_second_factor,
    led_elsewhere,
    must_have_second_factor,
    requires_second_factor,
    reset_second_factor,
    used_second_factor,
)

__all__ = [
    "ACCESS_NEEDS", "APCAE", "CHINESE_APPROVAL", "DEMO_ACCOUNTS", "DEMO_PASSWORD", "DEMO_TOTP_SECRET", "DESK",
    "FRENCH_APPROVAL", "JURY", "ORGANISERS", "PROGRAMME", "TRANSLATORS", "DemoAccount", "choose_password", "demo_code",
    "ensure_demo_accounts", "ensure_groups", "has_second_factor", "invitation_of", "invite", "led_elsewhere",
    "must_have_second_factor", "requires_second_factor", "reset_second_factor",
    "seconds_left", "send_forgotten", "used_second_factor", "user_behind",
]  # fmt: skip

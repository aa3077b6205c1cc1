"""The accounts of the demonstration: their password and their second factor are known to everybody, and protect nothing."""

import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext

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
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User

DEMO_PASSWORD = "assises-2018-demo"
#: What an authenticator app of the demonstration's jury is given.
DEMO_TOTP_SECRET = "DEMOASSISESTOULOUSECHENGDU234567"


@dataclass(frozen=True)
class DemoAccount:
    email: str
    first_name: str
    last_name: str
    groups: tuple[str, ...] = ()
    language: str = "fr"
    side: Side = Side.FRENCH
    is_superuser: bool = False

    @property
    def has_second_factor(self) -> bool:
        """Jurors have one, as in earnest."""
        return JURY in self.groups


DEMO_ACCOUNTS = [
    DemoAccount("organisatrice@example.org", "Claire", "Exemple", (ORGANISERS,)),
    DemoAccount("besoins@example.org", "Sacha", "Exemple", (ORGANISERS, ACCESS_NEEDS)),
    DemoAccount("accueil@example.org", "Dominique", "Exemple", (DESK,)),
    DemoAccount("programme@example.org", "Maël", "Exemple", (PROGRAMME,)),
    DemoAccount("approbation@example.org", "Solène", "Référent", (FRENCH_APPROVAL,)),
    DemoAccount("apcae@example.org", "示例", "李", (APCAE, CHINESE_APPROVAL), "zh-hans", Side.CHINESE),
    DemoAccount("traduction@example.org", "示译", "陈", (TRANSLATORS,), "zh-hans"),
    DemoAccount("copresidence@example.org", "Ariane", "Exemple", (JURY,)),
    DemoAccount("jure.deux@example.org", "Basile", "Exemple", (JURY,)),
    DemoAccount("jure.trois@example.org", "Clémence", "Exemple", (JURY,)),
    DemoAccount("suppleance@example.org", "Damien", "Exemple", (JURY,)),
    DemoAccount("secretariat@example.org", "Estelle", "Exemple", (JURY,)),
    DemoAccount("zhuxi@example.org", "示评", "周", (JURY,), "zh-hans", Side.CHINESE),
    DemoAccount("pingwei.er@example.org", "示审", "吴", (JURY,), "zh-hans", Side.CHINESE),
    DemoAccount("pingwei.san@example.org", "示议", "郑", (JURY,), "zh-hans", Side.CHINESE),
    DemoAccount("houbu@example.org", "示补", "冯", (JURY,), "zh-hans", Side.CHINESE),
    DemoAccount("mishu@example.org", "示记", "褚", (JURY,), "zh-hans", Side.CHINESE),
    DemoAccount("admin@example.org", "Alex", "Exemple", is_superuser=True),
]


@transaction.atomic
def ensure_demo_accounts() -> list[DemoAccount]:
    """Make the accounts of the demonstration, or bring their rights back to what they were; passwords and factors that somebody changed stay.

    Refused outside the demonstration: everybody knows their passwords.
    """
    if settings.DEMO == "none":
        raise Refusal(gettext("This is no demonstration: accounts with a known password are not made here."))
    ensure_groups()
    for account in DEMO_ACCOUNTS:
        user = User.objects.filter(email=account.email).first() or User(email=account.email)
        user.first_name, user.last_name = account.first_name, account.last_name
        user.language, user.side = account.language, account.side
        user.is_staff, user.is_superuser, user.is_active = True, account.is_superuser, True
        if not user.pk:
            user.set_password(DEMO_PASSWORD)
        user.save()
        user.groups.set(Group.objects.filter(name__in=account.groups))
        if account.has_second_factor and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, DEMO_TOTP_SECRET)
    return DEMO_ACCOUNTS


def demo_code(*, ahead: int = 0) -> str:
    """The code that the app shows now, by the real hour as all apps do; ``ahead`` counts those to come."""
    return format_hotp_value(hotp_value(DEMO_TOTP_SECRET, _counter() + ahead))


def seconds_left() -> int:
    """How long the code of now is still shown."""
    period = app_settings.TOTP_PERIOD
    return period - int(time.time()) % period


def _counter() -> int:
    return int(time.time()) // app_settings.TOTP_PERIOD

"""Who has a second factor, who must have one, and who has used it in this session.

An app says in its ``accounts.py`` whose accounts must have one, with ``requires_second_factor``.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import Min
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from assises import journal
from assises.accounts.letters import reset_letter
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import User

Predicate = Callable[[User], bool]

_PREDICATES: list[Predicate] = []


def requires_second_factor(predicate: Predicate) -> Predicate:
    """Declare whose accounts must have a second factor; it is asked at each page until the factor was used."""
    _PREDICATES.append(predicate)
    return predicate


@requires_second_factor
def administrators(user: User) -> bool:
    return user.is_superuser and settings.SECOND_FACTOR_FOR_STAFF


@cache
def _declared() -> list[Predicate]:
    autodiscover_modules("accounts")
    return _PREDICATES


def must_have_second_factor(user: User) -> bool:
    return any(predicate(user) for predicate in _declared())


def has_second_factor(user: User) -> bool:
    """Whether the account has an app or a key; recovery codes alone are no factor."""
    return _since(user) is not None


def used_second_factor(request: HttpRequest) -> bool:
    """Whether whoever asks has given the second factor of this account in this session.

    Enrolling counts, for a valid code was given. What was given before the present factors were enrolled does not:
    with a reset by an administrator all sessions lose it. A page that asks again after its guard costs no query.
    """
    if getattr(request, "second_factor_was_used", False):
        return True
    given = [
        record["at"]
        for record in get_authentication_records(request, _user(request))
        if record["method"] == "mfa"
    ]
    if not given:
        return False
    since = _since(request.user)
    used = since is not None and max(given) >= since.timestamp()
    request.second_factor_was_used = used  # type: ignore[attr-defined]
    return used


def led_elsewhere(
    request: HttpRequest, *, factor: bool = False, otherwise: str = ""
) -> HttpResponseBase | None:
    """Where whoever asks must go before a page that is not public, and comes back from; None: the page may open.

    To log in; and whoever must have a second factor, or everybody where the page wants the ``factor``, to enrol or
    to give a code, unless that was done in this session. What was sent is not sent again: one comes back to the page
    ``otherwise``.
    """
    user = _user(request)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else otherwise
    if user is None or not user.is_active:
        return _led_to(settings.LOGIN_URL, back)
    if used_second_factor(request) or not (factor or must_have_second_factor(user)):
        return None
    with translation.override(user.language):
        return _led_to("mfa_reauthenticate" if has_second_factor(user) else "mfa_activate_totp", back)


@transaction.atomic
def reset_second_factor(user: User, *, at: dt.datetime, by: User | None) -> None:
    """Take all factors and recovery codes from the account, whose phone is lost; nobody reads them.

    The person is told by letter. ``by`` is None where it is done on the machine itself, for the only administrator.
    Refused for one's own account, and where there is no factor.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if user == by:
        raise Refusal(_("Your own second factor is changed on your own page, with a code."))
    found = Authenticator.objects.filter(user=user)
    if not found.exists():
        raise Refusal(_("This account has no second factor."))
    found.delete()
    journal.write([journal.entry(user, "second_factor_reset", at=at, by=by)])
    outbox.write([reset_letter(user, at=at)], at=at)


def _led_to(name: str, back: str) -> HttpResponseBase:
    return redirect_to_login(back, reverse(name)) if back else redirect(name)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _since(user: Any) -> dt.datetime | None:
    found = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    since: dt.datetime | None = found.aggregate(since=Min("created_at"))["since"]
    return since

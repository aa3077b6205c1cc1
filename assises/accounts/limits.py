"""Whoever tries passwords or codes is made to wait: the one rate limit of all doors (allauth's own are off)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from assises.abuse import address_of, allow, give_back
from assises.models import User

HOUR = 3600
#: Wrong codes of one account: six digits must not be found by trying, from however many addresses.
CODES_PER_HOUR = 10

View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Count what an address sends to the page; what was right is not counted, for a jury comes in from one address."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        who = address_of(request)
        if not allow("login", who, limit=settings.ABUSE_LOGINS_PER_HOUR, seconds=HOUR):
            return render(request, "account/429.html", status=429)
        response = view(request, *args, **kwargs)
        if response.status_code != 200:  # a form that comes back was wrong
            give_back("login", who)
        return response

    return counted


def may_try_code(user: User) -> bool:
    return allow("code", str(user.pk), limit=CODES_PER_HOUR, seconds=HOUR)


def code_was_right(user: User) -> None:
    give_back("code", str(user.pk))

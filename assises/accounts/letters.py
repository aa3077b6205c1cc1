"""The letters about an account, each in the language of the account."""

import datetime as dt

from django.urls import reverse
from django.utils import translation

from assises.accounts import links
from assises.current import current_edition
from assises.mail.outbox import Letter
from assises.models import User

INVITATION = "assises/invitation"


def invitation_letter(user: User, *, leads_to: str, at: dt.datetime) -> Letter:
    return _letter(user, INVITATION, at=at, path=_link(user, links.INVITATION, leads_to, at))


def forgotten_letter(user: User, *, at: dt.datetime) -> Letter:
    """At most one in five minutes, however often it is asked for."""
    fifth = at.replace(minute=at.minute // 5 * 5, second=0)
    return _letter(user, "assises/password_forgotten", at=fifth, path=_link(user, links.FORGOTTEN, "", at))


def reset_letter(user: User, *, at: dt.datetime) -> Letter:
    with translation.override(user.language):
        path = reverse("mfa_index")
    return _letter(user, "assises/second_factor_reset", at=at, path=path)


def _link(user: User, kind: str, leads_to: str, at: dt.datetime) -> str:
    with translation.override(user.language):
        return links.page(links.token(kind, user, at=at), leads_to=leads_to)


def _letter(user: User, event: str, *, at: dt.datetime, path: str) -> Letter:
    return Letter(
        event=event,
        key=f"account:{user.pk}:{event.partition('/')[2]}:{at:%Y%m%dT%H%M%S}",
        to_email=user.email,
        to_name=str(user),
        language=user.language,
        context={"edition": current_edition(), "path": path, "user": user},
    )

"""Who does not want to be reminded: kept as a keyed hash of the address, never the address itself (RFC 8058)."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from assises.models import Silenced

_signer = Signer(sep=".", salt="reminders are not wanted")


def mark_of(email: str) -> str:
    """What stands for an address, capitals aside; 64 hexadecimal digits."""
    return salted_hmac("assises.silence", email.casefold(), algorithm="sha256").hexdigest()


def silenced(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that asked to be left alone; one query."""
    marks = {email: mark_of(email) for email in emails}
    found = set(Silenced.objects.filter(mark__in=marks.values()).values_list("mark", flat=True))
    return {email for email, mark in marks.items() if mark in found}


def silence(mark: str, *, at: dt.datetime) -> None:
    """Write no reminders to this address any more. Asking twice changes nothing."""
    Silenced.objects.get_or_create(mark=mark, defaults={"at": at})


def speak_again(mark: str) -> None:
    """Remind this address again."""
    Silenced.objects.filter(mark=mark).delete()


def is_silenced(mark: str) -> bool:
    return Silenced.objects.filter(mark=mark).exists()


def page_of(email: str, language: str) -> str:
    """The whole address of the page on which somebody stops reminders to themselves, in their language."""
    with translation.override(language):
        path = reverse("reminders_stop", args=[_signer.sign(mark_of(email))])
    return settings.BASE_URL.rstrip("/") + path


def headers_of(email: str) -> dict[str, str]:
    """What a mail program needs to stop them with one click."""
    path = reverse("reminders_stop_at_once", args=[_signer.sign(mark_of(email))])
    return {
        "List-Unsubscribe": f"<{settings.BASE_URL.rstrip('/')}{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read(token: str) -> str | None:
    """The mark in a token; None if it was not signed here."""
    try:
        return _signer.unsign(token)
    except BadSignature:
        return None

"""The registered people that a reminder can be for."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assises.models import Edition
from assises.reminding.audiences import About, Recipient, audience
from registration import links
from registration.enums import Status
from registration.models import Registration


@audience("registration.seated", _("everybody who has a place"))
def seated(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    return _recipients(Registration.objects.seated().filter(edition=edition))


@audience("registration.unconfirmed", _("whose address is not confirmed yet"))
def unconfirmed(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    return _recipients(Registration.objects.filter(edition=edition, status=Status.HELD))


@audience("registration.waiting", _("everybody on the waiting list"))
def waiting(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    return _recipients(Registration.objects.waiting().filter(edition=edition))


@audience("registration.without_session", _("who has a place and has chosen no session"))
def without_session(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    return _recipients(Registration.objects.seated().filter(edition=edition, choices=None))


def _recipients(rows: QuerySet[Registration]) -> Iterator[Recipient]:
    for row in rows.select_related("booking").order_by("pk"):
        with translation.override(row.language):
            link = links.own_page(links.letter_token(row))
        yield Recipient(f"registration:{row.code}", row.email, row.full_name, row.language, link=link)

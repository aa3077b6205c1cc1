"""The registered people whom a moved session concerns: those who hold a place and have chosen it."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.postgres.aggregates import ArrayAgg
from django.utils import translation

from assises.models import Edition
from program.audiences import Reader, told_of_moves
from registration import links
from registration.models import Registration


@told_of_moves
def whoever_chose_it(edition: Edition, guids: set[str], at: dt.datetime) -> Iterable[Reader]:
    """In one query; the link leads to the page where the choice is changed."""
    chose = Registration.objects.seated().filter(edition=edition, choices__session__guid__in=guids)
    rows = chose.annotate(moved=ArrayAgg("choices__session__guid")).select_related("booking").order_by("pk")
    for registration in rows:
        with translation.override(registration.language):
            link = links.own_page(links.letter_token(registration))
        yield Reader(
            f"registration:{registration.code}",
            registration.email,
            registration.full_name,
            registration.language,
            frozenset(str(guid) for guid in registration.moved),
            link,
        )

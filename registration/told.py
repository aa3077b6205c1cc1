"""The registered people whom a moved session concerns: those who hold a place and go there, or wish to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils import translation

from assises.models import Edition
from program.audiences import Reader, told_of_moves
from registration import links
from registration.models import MeetingSlot, Registration, SessionChoice, VisitAssignment, VisitWish


@told_of_moves
def whoever_goes_there(edition: Edition, guids: set[str], at: dt.datetime) -> Iterable[Reader]:
    """Who chose a session, took a half-hour of a meeting room, or wishes for a visit that is not assigned yet.

    In two queries; the link leads to the page where the choice is changed.
    """
    moved = {"session__edition": edition, "session__guid__in": guids}
    applied = VisitAssignment.objects.filter(edition=edition, applied_at__isnull=False)
    chose, took, wished = (
        rows.filter(**moved).order_by().values_list("registration", "session__guid")
        for rows in (
            SessionChoice.objects.all(),
            MeetingSlot.objects.all(),
            # Once the visits are assigned, a wish says nothing any more.
            VisitWish.objects.exclude(session__edition__in=applied.values("edition")),
        )
    )
    concerned: defaultdict[int, set[str]] = defaultdict(set)
    for registration, guid in chose.union(took, wished):
        concerned[registration].add(str(guid))
    people = Registration.objects.seated().filter(edition=edition, pk__in=concerned)
    for person in people.select_related("booking").order_by("pk"):
        with translation.override(person.language):
            link = links.own_page(links.letter_token(person))
        yield Reader(
            f"registration:{person.code}",
            person.email,
            person.full_name,
            person.language,
            frozenset(concerned[person.pk]),
            link,
        )

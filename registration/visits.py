"""Field visits: which can be wished for, and what the assignment gave, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises.models import Edition
from assises.templatetags.typography import typo
from program.enums import Audience, SessionKind
from program.models import Session
from registration.models import AssignedVisit, VisitAssignment

RANKS: dict[int, str | Promise] = {
    1: gettext_lazy("your first wish"),
    2: gettext_lazy("your second wish"),
    3: gettext_lazy("your third wish"),
}
THE_RANKS: dict[int, str | Promise] = {
    1: gettext_lazy("first wish"),
    2: gettext_lazy("second wish"),
    3: gettext_lazy("third wish"),
}


def visits_of(edition: Edition) -> list[Session]:
    """Visits that anybody may choose: on the form, open to all, neither dropped by a side nor abandoned."""
    visits = Session.objects.kept().filter(
        edition=edition, kind=SessionKind.VISIT, on_form=True, audience=Audience.PUBLIC
    )
    # A visit without a sheet is one that nobody has dropped.
    return list(visits.filter(Q(visit=None) | ~Q(visit__is_kept=False)).select_related("visit"))


def are_assigned(edition: Edition) -> bool:
    """Whether the wishes were fulfilled already: from then on visits have seats and waiting lists as workshops."""
    return VisitAssignment.objects.filter(edition=edition, applied_at__isnull=False).exists()


def explain(row: AssignedVisit, sessions: Mapping[int, Session]) -> str:
    """Why somebody got this visit, or none, in the active language; ``sessions`` are those it speaks of."""
    if row.session_id is None:
        head = _("No visit: none of those you wished for has a seat left.")
    else:
        words = {"visit": typo(sessions[row.session_id]), "rank": RANKS[row.rank or 1]}
        head = _("%(visit)s: %(rank)s.") % words
    return " ".join([head, *[_why_missed(missed, sessions) for missed in row.missed]])


def sessions_spoken_of(rows: Iterable[AssignedVisit]) -> dict[int, Session]:
    """The sessions that the explanations of these rows name; in one query."""
    rows = list(rows)
    ids = {row.session_id for row in rows} | {missed["session"] for row in rows for missed in row.missed}
    return Session.objects.in_bulk(pk for pk in ids if pk)


def _why_missed(missed: Mapping[str, Any], sessions: Mapping[int, Session]) -> str:
    visit = sessions.get(missed["session"])
    words = {
        "visit": typo(visit) if visit else "–",
        "rank": THE_RANKS[missed["rank"]],
        "seats": missed["seats"],
        "wishes": missed["wishes"],
        "later": missed["later"],
    }
    if not missed["seats"]:
        return _("%(visit)s (%(rank)s) has no seats to give.") % words
    if not missed["later"]:
        return (
            ngettext(
                "%(visit)s (%(rank)s) had %(seats)d seat for %(wishes)d wishes, and those who have it registered before you.",
                "%(visit)s (%(rank)s) had %(seats)d seats for %(wishes)d wishes, and those who have them registered before you.",
                missed["seats"],
            )
            % words
        )
    return (
        ngettext(
            "%(visit)s (%(rank)s) had %(seats)d seat for %(wishes)d wishes. %(later)d of those who have one registered after you: otherwise fewer people would have a visit, or more of them one that they wished less.",
            "%(visit)s (%(rank)s) had %(seats)d seats for %(wishes)d wishes. %(later)d of those who have one registered after you: otherwise fewer people would have a visit, or more of them one that they wished less.",
            missed["seats"],
        )
        % words
    )


def by_rank(rows: Sequence[AssignedVisit]) -> list[tuple[str | Promise, int]]:
    """How many get their first, second and third wish, and how many go without."""
    counts = {rank: sum(row.rank == rank for row in rows) for rank in (1, 2, 3, None)}
    return [
        (gettext_lazy("first wish"), counts[1]),
        (gettext_lazy("second wish"), counts[2]),
        (gettext_lazy("third wish"), counts[3]),
        (gettext_lazy("no visit"), counts[None]),
    ]

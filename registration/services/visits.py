"""The assignment of visits: proposed, looked at, applied."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, User
from program.models import Session
from registration import letters
from registration.assignment import Person, assign, fingerprint
from registration.models import (
    AssignedVisit,
    Registration,
    Seat,
    SessionChoice,
    VisitAssignment,
    VisitWish,
)
from registration.services import places, session_seats
from registration.visits import are_assigned, explain, sessions_spoken_of, visits_of


def inputs(edition: Edition) -> tuple[list[Person], dict[int, int]]:
    """Everybody with a place and with wishes, in the order of registration; and the seats to give, by visit.

    Without counted seats a visit has room for all who wish for it. Whoever attends a visit already (by hand, or a
    session that became a visit) keeps it: the seat is not to give, and the wishes count no more.
    """
    visits = visits_of(edition)
    attending = SessionChoice.objects.filter(session__in=visits).held().values("registration")
    wished: defaultdict[int, list[int]] = defaultdict(list)
    wishes = VisitWish.objects.filter(registration__edition=edition).order_by("registration", "rank")
    for registration, session in wishes.values_list("registration", "session"):
        wished[registration].append(session)
    seated = Registration.objects.filter(edition=edition, pk__in=wished).seated()
    order = (
        seated.exclude(pk__in=attending)
        .order_by("booking__submitted_at", "booking_id", "pk")
        .values_list("pk", flat=True)
    )
    people = [Person(pk, tuple(wished[pk])) for pk in order]
    held = held_by_others(visits, order)
    seats = {
        visit.pk: len(people) if visit.seats is None else seats_to_give(visit, held[visit.pk])
        for visit in visits
    }
    return people, seats


def held_by_others(visits: Iterable[Session], people: Collection[int]) -> Counter[int]:
    """How many seats of these visits are held by anybody but ``people`` (ids of registrations); in one query."""
    others = SessionChoice.objects.filter(session__in=visits, seat__isnull=False)
    return Counter(others.exclude(registration__in=people).values_list("session", flat=True))


def seats_to_give(visit: Session, held: int) -> int:
    """What is left of a coach: without the places of the Chinese side, those the organisers reserve, those held."""
    sheet = getattr(visit, "visit", None)
    kept = sheet.seats_chinese + sheet.seats_reserved if sheet else 0
    return max((visit.seats or 0) - kept - held, 0)


@transaction.atomic
def propose_visits(edition: Edition, *, at: dt.datetime, by: User | None) -> VisitAssignment:
    """Compute who would make which visit, and keep it to be looked at. It replaces a proposal before it.

    Refuses where the visits are assigned, where nobody wishes for one, and where there is none.
    """
    if are_assigned(edition):
        raise Refusal(_("The visits are assigned already."))
    people, seats = inputs(edition)
    if not seats:
        raise Refusal(_("There is no visit to assign: none is on the form, open to all and kept."))
    if not people:
        raise Refusal(_("Nobody with a place has wished for a visit yet."))
    VisitAssignment.objects.filter(edition=edition, applied_at=None).delete()
    proposal = VisitAssignment.objects.create(
        edition=edition, proposed_at=at, proposed_by=by, inputs_hash=fingerprint(people, seats)
    )
    AssignedVisit.objects.bulk_create(
        AssignedVisit(
            assignment=proposal, registration_id=given.key, session_id=given.session, rank=given.rank,
            missed=given.missed_as_json(),
        )
        for given in assign(people, seats)
    )  # fmt: skip
    journal.write([journal.entry(edition, "visits proposed", at=at, by=by, people=len(people))])
    return proposal


@transaction.atomic
def apply_visits(proposal: VisitAssignment, *, at: dt.datetime, by: User | None) -> int:
    """Make it so: seats, a line of the journal and a letter for each person; returns how many have a visit.

    Many letters wait for approval, as every mailing does; visits and seats do not. Refuses if anything it was computed from has changed since. Asking twice changes nothing.
    """
    edition = proposal.edition
    places.lock_alone(edition)
    now = VisitAssignment.objects.select_for_update().filter(pk=proposal.pk).first()
    if now is None:
        raise Refusal(_("Another proposal has replaced this one. Look at it first."))
    if now.applied_at is not None:
        return 0
    people, seats = inputs(edition)
    if fingerprint(people, seats) != now.inputs_hash:
        raise Refusal(
            _("Since this was proposed, wishes, people or seats have changed. Propose again, and look at it.")
        )
    session_seats.ensure_seats(edition, at=at)
    rows = list(
        now.rows.select_related(
            "registration__booking__organisation", "registration__category", "session"
        ).order_by("pk")
    )
    now.applied_at, now.applied_by = at, by
    now.save(update_fields=["applied_at", "applied_by"])
    _seat(rows, at=at)
    sessions = sessions_spoken_of(rows)
    journal.write(
        [
            journal.entry(edition, "visits assigned", at=at, by=by, people=len(rows)),
            *[
                journal.entry(
                    row.registration, "visit assigned", at=at, by=by, rank=row.rank,
                    session=row.session.code if row.session else "",
                )
                for row in rows
            ],
        ]
    )  # fmt: skip
    outbox.write(_letters(rows, sessions, edition), at=at, by=by, is_mailing=True)
    return sum(row.session_id is not None for row in rows)


def _seat(rows: list[AssignedVisit], *, at: dt.datetime) -> None:
    """A seat for each; whoever waits for another visit, or attended one that was dropped, gives that up.

    Refuses where a visit has fewer free seats than the rows say.
    """
    given = [row for row in rows if row.session is not None]
    groups = {row.session.choice_group for row in given if row.session} - {""}
    SessionChoice.objects.filter(
        registration__in=[row.registration_id for row in given], choice_group__in=groups
    ).delete()
    free: defaultdict[int, list[int]] = defaultdict(list)
    counted = {row.session_id for row in given}
    for pk, session in (
        Seat.objects.free().filter(session__in=counted).order_by("-number").values_list("pk", "session")
    ):
        free[session].append(pk)
    choices = []
    for row in given:
        assert row.session is not None
        if row.session.seats is not None and not free[row.session.pk]:
            raise Refusal(
                _("“%(visit)s” has fewer free seats than were proposed. Propose again, and look at it.")
                % {"visit": row.session}
            )
        choices.append(
            SessionChoice(
                registration=row.registration, session=row.session, choice_group=row.session.choice_group,
                seat_id=None if row.session.seats is None else free[row.session.pk].pop(), chosen_at=at,
            )
        )  # fmt: skip
    SessionChoice.objects.bulk_create(choices)


def _letters(
    rows: list[AssignedVisit], sessions: Mapping[int, Session], edition: Edition
) -> list[outbox.Letter]:
    return [
        letters.to_person(
            "visit", row.registration, edition=edition, row=row, visit=row.session,
            explanation=Explanation(row, sessions),
        )
        for row in rows
    ]  # fmt: skip


class Explanation:
    """Says why in the language that is active when it is read: a letter has its reader's."""

    def __init__(self, row: AssignedVisit, sessions: Mapping[int, Session]) -> None:
        self.row, self.sessions = row, sessions

    def __str__(self) -> str:
        return explain(self.row, self.sessions)

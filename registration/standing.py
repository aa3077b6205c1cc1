"""Where somebody stands with the sessions that she chose, in words and for the own page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assises.enums import AgreementStatus
from program.enums import SessionKind
from program.models import Session
from registration.enums import SEATED
from registration.models import AssignedVisit, Registration, SessionChoice, VisitWish
from registration.services import seats
from registration.visits import are_assigned, explain, sessions_spoken_of


@dataclass(frozen=True)
class Standing:
    """One session of one person."""

    session: Session
    #: On the session's waiting list; None for whoever attends it.
    rank: int | None = None
    rank_at_entry: int | None = None
    #: Whether the place at the Assises itself is still awaited: until then there is no seat.
    needs_place: bool = False
    #: Whether a seat is kept for this person, where seats are counted.
    has_seat: bool = False

    @property
    def is_dropped(self) -> bool:
        """The session has left the programme since; whoever had chosen it may choose another."""
        return self.session.status == AgreementStatus.ABANDONED

    @property
    def is_waiting(self) -> bool:
        return self.rank is not None

    @property
    def moved_up(self) -> int:
        return max((self.rank_at_entry or 0) - (self.rank or 0), 0)

    @property
    def words(self) -> str:
        if self.is_dropped:
            return _("no longer in the programme")
        if self.rank is not None:
            return _("you wait for a seat, with rank %(rank)d") % {"rank": self.rank}
        return _("you have a seat") if self.has_seat else ""

    @property
    def words_for_staff(self) -> str:
        if self.is_dropped:
            return _("no longer in the programme")
        if self.rank is not None:
            return _("waits for a seat, rank %(rank)d") % {"rank": self.rank}
        return _("has a seat") if self.has_seat else ""


def standings(registration: Registration, choices: Iterable[SessionChoice]) -> list[Standing]:
    """In the order of the programme; the sessions of ``choices`` are read. One query if anybody waits."""
    rows = list(choices)
    ranks = seats.ranks(rows)
    needs_place = registration.status not in SEATED
    found = [
        Standing(
            choice.session,
            # Between the two looks the seat may have come.
            ranks.get(choice.pk) if choice.is_waiting else None,
            choice.rank_at_entry,
            needs_place=needs_place,
            has_seat=choice.seat_id is not None,
        )
        for choice in rows
    ]
    return sorted(
        found,
        key=lambda s: (s.session.day, s.session.starts_at is None, s.session.starts_at, s.session.order),
    )


def standing_of(registration: Registration, choices: Iterable[SessionChoice]) -> dict[str, str]:
    """The same in words, by code of session."""
    return {standing.session.code: standing.words for standing in standings(registration, choices)}


@dataclass(frozen=True)
class OwnSessions:
    """What the own page tells about sessions and visits."""

    standings: Sequence[Standing]
    #: Wishes for visits, until the visits are assigned.
    wishes: Sequence[VisitWish]
    #: What the assignment gave, and why; empty before it, or for whoever was not part of it.
    visit: str
    #: The visits were assigned without this person, who had no place then: her wishes count no more.
    came_late: bool = False

    @property
    def waits(self) -> bool:
        return any(standing.is_waiting and not standing.is_dropped for standing in self.standings)


def _is_a_visit(choice: SessionChoice) -> bool:
    """Whether it is a visit that this person will make."""
    session = choice.session
    return (
        session.kind == SessionKind.VISIT
        and session.status != AgreementStatus.ABANDONED
        and not choice.is_waiting
    )


def own_sessions(registration: Registration) -> OwnSessions:
    """In four to six queries."""
    choices = list(registration.choices.select_related("session"))
    row = (
        AssignedVisit.objects.filter(registration=registration, assignment__applied_at__isnull=False)
        .select_related("session")
        .first()
    )
    # Whoever attends a visit has one: wishes count no more.
    asks = row is None and not any(_is_a_visit(choice) for choice in choices)
    wishes = list(registration.wishes.select_related("session").order_by("rank")) if asks else []
    came_late = bool(wishes) and are_assigned(registration.edition)
    return OwnSessions(
        standings(registration, choices),
        [] if came_late else wishes,
        explain(row, sessions_spoken_of([row])) if row else "",
        came_late,
    )

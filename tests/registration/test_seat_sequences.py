"""Sequences of choices, changes and cancellations on the real database; after each, what must always be true."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assises.enums import MilestoneKey
from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, Milestone, OutgoingEmail
from program.models import Session
from registration import services
from registration.enums import SEATED, Status
from registration.models import Registration, Seat, SessionChoice
from tests.factories import NOW, a_booking, a_person, an_edition
from tests.load import checks
from tests.seat_factories import a_session, two_workshops

HOUR = dt.timedelta(hours=1)
CLOSE = NOW + 24 * HOUR
GROUP = "workshops"


class Seating(RuleBasedStateMachine):
    """What people and organisers do to three workshops at the same hour, and to a session beside them."""

    edition: Edition

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.at = NOW
        self.workshops: list[Session] = []
        #: What each person asked for last, and whether a seat in another one was wanted meanwhile.
        self.asked: dict[int, Session | None] = {}
        self.before: set[int] = set()
        self.places_before: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(places=st.integers(5, 12), seats=st.tuples(*[st.integers(1, 2)] * 3), uncounted=st.booleans())
    def begin(self, places: int, seats: tuple[int, ...], uncounted: bool) -> None:
        category = self.edition.categories.get()
        services.set_capacity(self.edition, {category.pk: places}, at=self.at, by=None, reason="")
        self.workshops = two_workshops(self.edition, *seats[:2], None if uncounted else seats[2])
        self.beside = a_session(self.edition, seats[0])

    # --- What people do -------------------------------------------------------------------

    @rule(
        size=st.integers(1, 4),
        wanted=st.integers(0, 3),
        meanwhile=st.integers(0, 2),
        beside=st.booleans(),
    )
    def register(self, size: int, wanted: int, meanwhile: int, beside: bool) -> None:
        chosen = self.workshops[wanted] if wanted < 3 else None
        sessions = [*([chosen] if chosen else []), *([self.beside] if beside else [])]
        people = [
            a_person(is_contact=n == 0, sessions=sessions, meanwhile=self._meanwhile(meanwhile))
            for n in range(size)
        ]
        booking = a_booking(self.edition, *people, at=self.at)
        for registration in booking.registrations.all():
            self.asked[registration.pk] = chosen

    @rule(pick=st.integers(0, 50), wanted=st.integers(0, 3), meanwhile=st.none() | st.integers(0, 3))
    def change(self, pick: int, wanted: int, meanwhile: int | None) -> None:
        person = self._one(pick)
        if person is None:
            return
        chosen = self.workshops[wanted] if wanted < 3 else None
        beside = [c.session for c in person.choices.exclude(choice_group=GROUP)]
        services.change(
            person,
            details={},
            sessions=[*([chosen] if chosen else []), *beside],
            meanwhile={GROUP: None} if meanwhile == 3 else self._meanwhile(meanwhile),
            at=self.at,
        )
        self.asked[person.pk] = chosen

    @rule(pick=st.integers(0, 50), refuse=st.booleans())
    def leave(self, pick: int, refuse: bool) -> None:
        person = self._one(pick)
        if person is None:
            return
        if refuse:
            services.refuse(person, reason="not an authority", at=self.at, by=None)
        else:
            services.cancel(person, at=self.at)
        assert not person.choices.exists()

    @rule(pick=st.integers(0, 50))
    def confirm(self, pick: int) -> None:
        person = self._one(pick)
        if person is not None:
            try:
                services.confirm([person], at=self.at)
            except Refusal:
                assert person.status != Status.CONFIRMED

    # --- What organisers and time do ------------------------------------------------------

    @rule(which=st.integers(0, 2), seats=st.none() | st.integers(0, 5))
    def set_seats(self, which: int, seats: int | None) -> None:
        session = self.workshops[which]
        held = SessionChoice.objects.filter(session=session, registration__place__isnull=False).held().count()
        try:
            services.set_seats(session, seats, at=self.at, by=None)
        except Refusal:
            assert seats is not None
            assert seats < held
        else:
            assert seats is None or seats >= held
        session.refresh_from_db()

    @rule(hours=st.sampled_from([1, 13, 49]))
    def time_passes(self, hours: int) -> None:
        self.at += hours * HOUR
        services.lapse_overdue(self.edition, at=self.at)
        services.settle(self.edition, at=self.at)

    # --- What is always true --------------------------------------------------------------

    @invariant()
    def seats_add_up(self) -> None:
        for session in Session.objects.filter(edition=self.edition):
            choices = SessionChoice.objects.filter(session=session)
            held = choices.exclude(seat=None).count()
            rows = Seat.objects.filter(session=session)
            assert rows.count() == (session.seats or 0)
            assert held + rows.free().count() == rows.count()
            if session.seats is not None:
                assert choices.held().count() == held
            else:
                assert not choices.waiting().exists()

    @invariant()
    def nobody_has_two_seats_at_once_or_a_seat_without_a_place(self) -> None:
        held = SessionChoice.objects.filter(choice_group=GROUP).held().values_list("registration", flat=True)
        assert max(Counter(held).values(), default=0) <= 1
        seated = SessionChoice.objects.exclude(seat=None)
        assert not seated.exclude(registration__status__in=SEATED).exists()

    @invariant()
    def nobody_is_lost(self) -> None:
        """Whoever asked for a session attends it or waits for it, and nobody who has gone keeps anything."""
        for registration in Registration.objects.filter(edition=self.edition):
            mine = {c.session_id: c for c in registration.choices.filter(choice_group=GROUP)}
            asked = self.asked[registration.pk]
            if registration.status not in [*SEATED, Status.WAITING] or asked is None:
                assert mine == {}
                continue
            assert asked.pk in mine
            assert len(mine) == 1 or mine[asked.pk].is_waiting

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Who may sit does not wait beside a free seat, nor see somebody who chose later come in before."""
        closed = self.at >= CLOSE
        seated = set(SessionChoice.objects.filter(is_waiting=False).values_list("pk", flat=True))
        has_place = set(Registration.objects.seated().values_list("pk", flat=True))
        holds = set(
            SessionChoice.objects.filter(choice_group=GROUP).held().values_list("registration", flat=True)
        )
        came_in = SessionChoice.objects.filter(pk__in=seated - self.before).exclude(seat=None)
        newest = {session: max(pks) for session, pks in by_session(came_in).items()}
        for choice in SessionChoice.objects.waiting():
            stays = closed and choice.choice_group == GROUP and choice.registration_id in holds
            if choice.registration_id not in has_place & self.places_before or stays:
                continue
            assert not Seat.objects.free().filter(session=choice.session_id).exists(), (
                f"{choice.pk} could sit"
            )
            assert newest.get(choice.session_id, 0) < choice.pk, f"{choice.pk} was overtaken"
        self.before, self.places_before = seated, has_place

    @invariant()
    def places_add_up(self) -> None:
        checks.check_places(self.edition)

    @invariant()
    def each_seat_that_came_is_told_once(self) -> None:
        letters = OutgoingEmail.objects.filter(event="registration/seat").count()
        assert letters <= JournalEntry.objects.filter(action="seated").count()

    # --- Ways -----------------------------------------------------------------------------

    def _one(self, pick: int) -> Registration | None:
        states = [Status.HELD, Status.CONFIRMED, Status.OFFERED, Status.WAITING]
        found = Registration.objects.filter(edition=self.edition, status__in=states).order_by("pk")
        count = found.count()
        return found.select_related("booking", "edition", "category")[pick % count] if count else None

    def _meanwhile(self, which: int | None) -> dict[str, Any]:
        return {} if which is None else {GROUP: self.workshops[which]}


def by_session(choices: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pk, session in choices.values_list("pk", "session"):
        found.setdefault(session, []).append(pk)
    return found


@pytest.mark.django_db
def test_no_sequence_of_choices_breaks_the_rules():
    edition = an_edition(elected=3)
    Milestone.objects.create(
        edition=edition, key=MilestoneKey.SESSION_CHOICES_CLOSE, label_fr="Clôture", starts_at=CLOSE
    )
    Seating.edition = Edition.objects.current().get(pk=edition.pk)

    run_state_machine_as_test(
        Seating,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failure is told at once; add Phase.shrink to look into it
            suppress_health_check=list(HealthCheck),
        ),
    )

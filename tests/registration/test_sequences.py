"""Sequences of actions that nobody would think of, on the real database; after each, what must always be true."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assises.exceptions import Refusal
from assises.models import Edition, OutgoingEmail
from registration import services
from registration.enums import LIVE, SEATED, Source, Status
from registration.models import Category, Place, Registration
from registration.rules import rules_of
from tests.factories import (
    CLOSES,
    NUMBERS,
    OPENS,
    RELEASED,
    a_member_of_staff,
    a_person,
    a_request,
    an_edition,
)
from tests.load import checks

HOUR = dt.timedelta(hours=1)
CODES = ["elected", "tourism", "press", "reserve"]
AUTHORITIES = ["Rodez", "Albi", "Foix"]


@dataclass(frozen=True)
class Party:
    """People who wait and can only be served together; usually one."""

    position: tuple[int, int]
    authority: str
    categories: tuple[int, ...]


class Registrations(RuleBasedStateMachine):
    """What visitors, staff and time do to one edition."""

    edition: Edition
    staff: Any

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.at = OPENS
        self.categories = {c.code: c for c in Category.objects.filter(edition=self.edition)}
        self.before: dict[int, int | None] = {}

    def teardown(self) -> None:
        try:
            checks.check_letters(self.edition)
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @initialize(
        quotas=st.tuples(*[st.integers(0, 3)] * 3, st.integers(0, 1)),
        ceiling=st.none() | st.integers(1, 3),
        start=st.sampled_from([OPENS, RELEASED, CLOSES - 24 * HOUR]),
    )
    def begin(self, quotas: tuple[int, ...], ceiling: int | None, start: dt.datetime) -> None:
        Edition.objects.filter(pk=self.edition.pk).update(authority_ceiling=ceiling)
        self.at = start
        self._set_capacity(quotas)
        self.edition = Edition.objects.get(pk=self.edition.pk)

    # --- What people do -------------------------------------------------------------------

    @rule(
        size=st.integers(1, 6),
        code=st.sampled_from(CODES[:3]),
        authority=st.sampled_from(AUTHORITIES),
        together=st.booleans(),
        source=st.sampled_from([Source.FORM, Source.FORM, Source.STAFF]),
    )
    def register(self, size: int, code: str, authority: str, together: bool, source: Source) -> None:
        people = [a_person(is_contact=n == 0) for n in range(size)]
        request = a_request(
            self.edition,
            *people,
            category=code,
            organisation_name=authority,
            together=together,
            source=source,
        )
        if source == Source.FORM and self.at >= CLOSES:
            with pytest.raises(Refusal):
                services.register(request, at=self.at)
            return
        booking = services.register(request, at=self.at)
        got = set(booking.registrations.values_list("status", flat=True))
        assert got <= {Status.HELD, Status.WAITING}
        assert not (together and len(got) > 1)

    @precondition(lambda self: self.at >= CLOSES)
    @rule(code=st.sampled_from(CODES[:3]))
    def walk_in(self, code: str) -> None:
        request = a_request(self.edition, category=code, source=Source.DESK, by=self.staff)
        assert services.register(request, at=self.at).registrations.get().status == Status.WAITING

    @precondition(lambda self: self.at >= CLOSES)
    @rule(pick=st.integers(0, 50))
    def admit(self, pick: int) -> None:
        if person := self._one(pick, [Status.WAITING]):
            self._try(services.admit, person, by=self.staff)

    @rule(pick=st.integers(0, 50))
    def confirm(self, pick: int) -> None:
        if person := self._one(pick, LIVE):
            self._try(services.confirm, [person])

    @rule(pick=st.integers(0, 50))
    def cancel(self, pick: int) -> None:
        if person := self._one(pick, [Status.HELD, Status.CONFIRMED, Status.OFFERED, Status.WAITING]):
            services.cancel(person, at=self.at)

    @rule(pick=st.integers(0, 50))
    def refuse(self, pick: int) -> None:
        if person := self._one(pick, [Status.HELD, Status.CONFIRMED, Status.OFFERED, Status.WAITING]):
            services.refuse(person, reason="not an authority", at=self.at, by=self.staff)

    @rule(pick=st.integers(0, 50))
    def separate(self, pick: int) -> None:
        if person := self._one(pick, [Status.WAITING]):
            services.separate(person.booking, at=self.at)

    @rule(pick=st.integers(0, 50), code=st.sampled_from(CODES))
    def move_category(self, pick: int, code: str) -> None:
        if person := self._one(pick, LIVE):
            self._try(services.move_category, person, self.categories[code], by=self.staff)

    @rule(pick=st.integers(0, 50), again=st.booleans())
    def check_in(self, pick: int, again: bool) -> None:
        if person := self._one(pick, [Status.CONFIRMED, Status.HELD, Status.OFFERED]):
            assert services.check_in(person, at=self.at)
            if again:
                assert not services.check_in(person, at=self.at)
            else:
                services.undo_check_in(person, at=self.at)

    # --- What staff and time do -----------------------------------------------------------

    @rule(quotas=st.tuples(*[st.integers(0, 4)] * 3, st.integers(0, 2)))
    def set_capacity(self, quotas: tuple[int, ...]) -> None:
        self._set_capacity(quotas)

    @rule(hours=st.sampled_from([1, 25, 49, 24 * 8, 24 * 36]))
    def time_passes(self, hours: int) -> None:
        """Beat tends the places at each new instant."""
        self.at += hours * HOUR
        services.remind_before_lapse(self.edition, at=self.at)
        services.lapse_overdue(self.edition, at=self.at)
        services.settle(self.edition, at=self.at)
        assert not Registration.objects.held_until_before(self.at).exists()

    # --- What is always true --------------------------------------------------------------

    @invariant()
    def places_add_up(self) -> None:
        checks.check_places(self.edition)

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Who waits could not have had what is free, nor what somebody behind was given just now."""
        people = list(
            Registration.objects.filter(edition=self.edition)
            .select_related("booking")
            .order_by("booking_id", "pk")
        )
        rules = rules_of(self.edition, self.at)
        kinds = dict(Place.objects.filter(edition=self.edition).values_list("pk", "category"))
        taken = {r.place_id for r in people if r.place_id}
        free = Counter(kind for pk, kind in kinds.items() if pk not in taken)
        seated = Counter(r.booking.authority_key for r in people if r.status in SEATED)
        given = [r for r in people if r.place_id and not self.before.get(r.pk)]
        reserve = self.categories["reserve"].pk
        for party in parties(people):
            behind = [r for r in given if (r.booking_id, r.pk) > party.position]
            open_to_it = free + Counter(kinds[r.place_id] for r in behind) if behind else free
            if rules.closed and not behind:
                continue  # nothing is offered any more
            size = len(party.categories)
            others = seated[party.authority] - sum(r.booking.authority_key == party.authority for r in behind)
            if rules.ceiling is not None and others + size > rules.ceiling:
                continue
            assert not fits(party.categories, open_to_it, reserve, released=rules.released), (
                f"{party} waits beside {dict(open_to_it)}; {behind} came later"
            )
        self.before = {r.pk: r.place_id for r in people}

    @invariant()
    def the_list_is_in_order(self) -> None:
        """Ranks go from one up along the list, in each group that waits for the same places."""
        waiting = list(self.edition.registrations.waiting().select_related("category", "edition"))
        together = rules_of(self.edition, self.at).released
        counts: Counter[Any] = Counter()
        for person in waiting:
            group = "all" if together and not person.category.is_reserve else person.category_id
            counts[group] += 1
            assert services.rank(person, at=self.at) == counts[group]

    # --- Ways -----------------------------------------------------------------------------

    def _one(self, pick: int, states: list[Status]) -> Registration | None:
        found = Registration.objects.filter(edition=self.edition, status__in=states).order_by("pk")
        count = found.count()
        return found.select_related("booking", "edition", "category")[pick % count] if count else None

    def _try(self, service: Any, *arguments: Any, **named: Any) -> None:
        """A refusal is an answer too, and leaves everything as it was."""
        states = dict(Registration.objects.values_list("pk", "status"))
        try:
            service(*arguments, at=self.at, **named)
        except Refusal:
            assert dict(Registration.objects.values_list("pk", "status")) == states

    def _set_capacity(self, quotas: tuple[int, ...]) -> None:
        wanted = {self.categories[code].pk: n for code, n in zip(CODES, quotas, strict=True)}
        held = Counter(Place.objects.filter(registration__isnull=False).values_list("category", flat=True))
        try:
            services.set_capacity(self.edition, wanted, at=self.at, by=self.staff, reason="")
        except Refusal:
            assert any(held[category] > n for category, n in wanted.items())
        else:
            assert all(held[category] <= n for category, n in wanted.items())


def parties(people: list[Registration]) -> list[Party]:
    """The waiting list as people can be served: one by one, or a whole group."""
    waiting = [r for r in people if r.status == Status.WAITING]
    groups: dict[Any, list[Registration]] = {}
    for person in waiting:
        groups.setdefault(person.booking_id if person.booking.together else (person.pk,), []).append(person)
    return [
        Party((g[0].booking_id, g[0].pk), g[0].booking.authority_key, tuple(r.category_id for r in g))
        for g in groups.values()
    ]


def fits(categories: tuple[int, ...], free: Counter[int], reserve: int, *, released: bool) -> bool:
    """Whether the free places would do for all of these people."""
    wanted = Counter(categories)
    if not released:
        return all(free[category] >= n for category, n in wanted.items())
    others = sum(n for category, n in wanted.items() if category != reserve)
    return wanted[reserve] <= free[reserve] and others <= sum(free.values()) - free[reserve]


@pytest.mark.django_db
def test_no_sequence_of_actions_breaks_the_rules():
    Registrations.edition = an_edition(elected=0, tourism=0, press=0, reserve=1)
    Registrations.staff = a_member_of_staff()

    run_state_machine_as_test(
        Registrations,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failure is told at once; add Phase.shrink to look into it
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_each_replacement_keeps_place_and_rank():
    edition = an_edition(elected=1)
    first, second = (
        services.register(a_request(edition), at=OPENS).registrations.get() for _unused in range(2)
    )

    for person in (first, second):
        before = (person.status, person.place_id, services.rank(person, at=OPENS))
        colleague = {
            "given_name": "Dominique",
            "family_name": "Modèle",
            "email": f"dominique{next(NUMBERS)}@example.org",
            "job_title": "Maire",
            "language": "fr",
        }
        after = services.replace(person, person=colleague, at=OPENS)
        assert (after.status, after.place_id, services.rank(after, at=OPENS)) == before

    checks.check_places(edition)
    assert (
        OutgoingEmail.objects.filter(event__in=["registration/replaced", "registration/taken_over"]).count()
        == 4
    )

"""How many places are left: the public counter, and what the form needs to know."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Count, Q

from assises.memory import remember
from assises.models import Edition, Organisation
from assises.templatetags.typography import typo
from program.enums import SessionKind
from program.models import Session
from registration.enums import SEATED, Status
from registration.models import Category, Registration
from registration.sessions import describe
from registration.visits import are_assigned, visits_of

#: For so long an answer is given again. The counter is right within seconds, whatever the crowd.
SECONDS = 2


@dataclass(frozen=True)
class CategoryCount:
    """One category: its places, and who holds or awaits them."""

    category: Category
    quota: int
    seated: int
    #: Of those seated, how many have not confirmed yet: these places may come back.
    held: int
    waiting: int

    @property
    def left(self) -> int:
        return self.quota - self.seated


@dataclass(frozen=True)
class Summary:
    """The numbers of an edition at one instant."""

    at: dt.datetime
    capacity: int
    seated: int
    held: int
    offered: int
    waiting: int
    categories: list[CategoryCount]

    @property
    def left(self) -> int:
        """Places that a newcomer may still get; the organisers' reserve is not among them."""
        return sum(max(c.left, 0) for c in self.categories if not c.category.is_reserve)

    @property
    def confirmed(self) -> int:
        return self.seated - self.held - self.offered

    @property
    def is_full(self) -> bool:
        return self.left == 0 or self.waiting > 0


def summary(edition: Edition, *, at: dt.datetime) -> Summary:
    """The numbers now, at most ``SECONDS`` old, shared by all processes."""
    key = f"registration:summary:{edition.pk}"

    def shared() -> Summary:
        found = cache.get(key)
        if found is None:
            found = count(edition, at=at)
            cache.set(key, found, SECONDS)
        return found

    return remember(key, SECONDS / 2, shared)


def count(edition: Edition, *, at: dt.datetime) -> Summary:
    """The numbers as they are in the database, in three queries."""
    rows = {
        row["category"]: row
        for row in Registration.objects.filter(edition=edition)
        .values("category")
        .annotate(waiting=Count("pk", filter=Q(status=Status.WAITING)))
    }
    places = (
        Category.objects.filter(edition=edition)
        .annotate(
            quota=Count("places"),
            seated=Count("places", filter=Q(places__registration__status__in=SEATED)),
            held=Count("places", filter=Q(places__registration__status=Status.HELD)),
            offered=Count("places", filter=Q(places__registration__status=Status.OFFERED)),
        )
        .order_by("order")
    )
    categories = list(places)
    return Summary(
        at=at,
        capacity=sum(c.quota for c in categories),
        seated=sum(c.seated for c in categories),
        held=sum(c.held for c in categories),
        offered=sum(c.offered for c in categories),
        waiting=sum(row["waiting"] for row in rows.values()),
        categories=[
            CategoryCount(
                category=c,
                quota=c.quota,
                seated=c.seated,
                held=c.held,
                waiting=rows[c.pk]["waiting"] if c.pk in rows else 0,
            )
            for c in categories
        ],
    )


@dataclass(frozen=True)
class Choices:
    """What the form lets one choose from."""

    sessions: list[Session]
    #: Visits to wish for; empty once they are assigned, when they are sessions as all others.
    visits: list[Session]
    chinese_authorities: list[Organisation]
    _names: dict[str, dict[int, str]] = field(default_factory=dict)

    def names(self, language: str) -> dict[int, str]:
        """Title, day and hours of what is on offer, in ``language``, the active one; written once for all forms."""
        if language not in self._names:
            offer = (*self.sessions, *self.visits)
            self._names[language] = {session.pk: typo(describe(session)) for session in offer}
        return self._names[language]


def sessions_on_offer(edition: Edition) -> tuple[list[Session], list[Session]]:
    """Sessions to choose, and visits to wish for, as they are in the database."""
    visits = visits_of(edition)
    others = list(
        Session.objects.kept().filter(edition=edition, on_form=True).exclude(kind=SessionKind.VISIT)
    )
    if not are_assigned(edition):
        return others, visits
    return sorted([*others, *visits], key=lambda s: (s.day, s.starts_at is None, s.starts_at, s.order)), []


def choices(edition: Edition) -> Choices:
    """Sessions, visits and Chinese authorities, read once in half a minute by each process."""

    def read() -> Choices:
        authorities = Organisation.objects.chinese().filter(french_partnerships__isnull=False).distinct()
        return Choices(*sessions_on_offer(edition), chinese_authorities=list(authorities))

    return remember(f"registration:choices:{edition.pk}", 30, read)

"""What the desk knows of people: no more than it needs to greet them, and to say who is missing."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q

from assises.models import Edition, JournalEntry
from assises.text import fold
from registration import queue
from registration.badges import read_badge
from registration.enums import SEATED, Status
from registration.models import Category, Registration

#: Journal entries are numbered when written and seen when committed: a delta looks back by so many.
OVERLAP = 200
SUBJECT = Registration._meta.label_lower


@dataclass(frozen=True)
class Arrived:
    """When a badge was seen, and at which desk."""

    at: dt.datetime
    desk: str = ""


@dataclass
class Guest:
    """One person as the desk sees her: no address, no telephone, no needs."""

    id: int
    code: str
    name: str
    name_zh: str
    organisation: str
    organisation_zh: str
    category: int
    status: str
    #: What a search looks into: names and authority, folded, Chinese as pinyin too.
    key: str
    #: Rank on the waiting list, for those who wait.
    rank: int | None = None
    arrived: Arrived | None = None
    #: The same badge seen again.
    again: list[Arrived] = field(default_factory=list)

    @property
    def may_enter(self) -> bool:
        return self.status in (Status.HELD, Status.OFFERED, Status.CONFIRMED)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def guests(edition: Edition, *, at: dt.datetime, only: Collection[int] | None = None) -> list[Guest]:
    """Everybody whom the organisers list, by name; or those with an id in ``only``. In three queries."""
    rows = Registration.objects.listed().filter(edition=edition).select_related("booking__organisation")
    if only is not None:
        rows = rows.filter(pk__in=only)
    people = [_guest(r) for r in rows]
    ranks = queue.rank_of(edition, at=at)
    here = {guest.id: guest for guest in people if guest.status == Status.CHECKED_IN}
    for guest in people:
        guest.rank = ranks.get(guest.id)
    for pk, arrived in _arrivals(here).items():
        here[pk].arrived, here[pk].again = arrived[0], arrived[1:]
    return people


def _guest(r: Registration) -> Guest:
    organisation = r.booking.organisation
    name_zh = (organisation.name_zh_hans or "") if organisation else ""
    return Guest(
        id=r.pk,
        code=r.code,
        name=r.full_name,
        name_zh=r.name_zh,
        organisation=r.booking.organisation_name,
        organisation_zh=name_zh,
        category=r.category_id,
        status=r.status,
        key=_lean_key(r, organisation.search_key if organisation else ""),
        arrived=Arrived(r.status_since) if r.status == Status.CHECKED_IN else None,
    )


def _lean_key(r: Registration, organisation_key: str) -> str:
    """The stored search key without address, function and code.

    It is not made anew: pinyin comes from a dictionary of 57 MB, which a web worker shall not load for a list.
    """
    key = f" {r.search_key} "
    for part in (r.email, r.job_title, r.code):
        key = key.replace(f" {fold(part)} ", " ")
    return " ".join(dict.fromkeys(f"{key} {organisation_key}".split()))


def _arrivals(ids: Collection[int]) -> dict[int, list[Arrived]]:
    """Who was seen when, first arrival first, since the check-in was last undone."""
    entries = JournalEntry.objects.filter(
        subject_type=SUBJECT,
        subject_id__in=ids,
        action__in=["checked in", "checked in again", "check-in undone"],
    )
    found: dict[int, list[Arrived]] = {}
    for pk, action, when, details in entries.order_by("pk").values_list(
        "subject_id", "action", "at", "details"
    ):
        if action == "checked in":
            found[pk] = []
        if action == "check-in undone":
            found.pop(pk, None)
        else:
            found.setdefault(pk, []).append(Arrived(when, details.get("device", "")))
    return found


def cursor() -> int:
    """Where the journal stands: what happens from now on is a change to whoever keeps this number."""
    return JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def changed_since(since: int) -> set[int]:
    """Registrations to which something was done since ``cursor()`` was ``since``, and a little before."""
    entries = JournalEntry.objects.filter(subject_type=SUBJECT, pk__gt=since - OVERLAP)
    return set(entries.values_list("subject_id", flat=True))


def search(edition: Edition, text: str, *, at: dt.datetime, most: int = 30) -> list[Guest]:
    """People found by a badge code, or by words of name and authority in either script."""
    rows = Registration.objects.listed().filter(edition=edition)
    code = read_badge(text)
    found = rows.filter(code=code) if code else rows.none()
    if not found and text.strip():
        found = rows.matching(text)
    return guests(edition, at=at, only=list(found.values_list("pk", flat=True)[:most]))


@dataclass(frozen=True)
class CategoryArrivals:
    """How many of a category hold a place, and how many of them are here."""

    category: Category
    expected: int
    arrived: int


def counts(edition: Edition) -> list[CategoryArrivals]:
    """The counters of the desk, by category."""
    seated = Q(registrations__status__in=SEATED)
    here = Q(registrations__status=Status.CHECKED_IN)
    categories = edition.categories.annotate(
        expected=Count("registrations", filter=seated), arrived=Count("registrations", filter=here)
    )
    return [CategoryArrivals(c, c.expected, c.arrived) for c in categories]


def over_at(edition: Edition) -> dt.datetime:
    """Midnight after the last day, at the place: from then on no list of people leaves the server."""
    after = edition.ends_on + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time(), tzinfo=ZoneInfo(edition.time_zone))

"""The numbers of an edition, counted by the database, ready to be drawn and to be listed."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from assises.enums import OrganisationKind, Side
from assises.models import Edition, Organisation
from assises.templatetags.typography import write_date
from registration.enums import SEATED, Status
from registration.models import Category, DelegationAllotment, InvitationLetterRequest, Registration
from registration.models.registration import RegistrationQuerySet


@dataclass(frozen=True)
class Number:
    """One line of a table, one bar of a drawing. ``query`` leads to the people it counts."""

    label: str
    seated: int
    waiting: int = 0
    gone: int = 0
    query: str = ""

    @property
    def total(self) -> int:
        return self.seated + self.waiting + self.gone


_COUNTS = {
    "seated": Count("pk", filter=Q(status__in=SEATED)),
    "waiting": Count("pk", filter=Q(status=Status.WAITING)),
    "gone": Count("pk", filter=Q(status__in=[Status.CANCELLED, Status.REFUSED, Status.LAPSED])),
}


def _listed(edition: Edition) -> RegistrationQuerySet:
    return Registration.objects.filter(edition=edition).listed()


def _counted(edition: Edition, *by: str) -> list[dict[str, Any]]:
    """How many hold a place, wait, or have gone, for each value of ``by``."""
    return list(_listed(edition).values(*by).annotate(**_COUNTS).order_by())


def by_category(edition: Edition) -> list[Number]:
    """Categories in their order, those without anybody too."""
    rows = {row["category"]: row for row in _counted(edition, "category")}
    return [
        _number(str(category), rows.get(category.pk), f"category={category.pk}")
        for category in Category.objects.filter(edition=edition)
    ]


def by_state(edition: Edition) -> list[tuple[Status, int]]:
    """How many are in each state, in the order of a registration's life."""
    rows = dict(_listed(edition).values_list("status").annotate(n=Count("pk")).order_by())
    return [(status, rows.get(status.value, 0)) for status in Status if status != Status.DUPLICATE]


def by_day(edition: Edition, *, at: dt.datetime) -> list[tuple[dt.date, int]]:
    """How many people were submitted on each day from the first to the last, days without anybody too."""
    counted = dict(
        _listed(edition)
        .annotate(day=TruncDate("booking__submitted_at"))
        .values_list("day")
        .annotate(n=Count("pk"))
        .order_by("day")
    )
    if not counted:
        return []
    first, last = min(counted), max(counted)
    return [
        (day, counted.get(day, 0))
        for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    ]


def region_of(organisation: Organisation, organisations: Mapping[int, Organisation]) -> Organisation | None:
    """The region in which an organisation lies, up the chain of its parent territories."""
    seen: set[int] = set()
    here: Organisation | None = organisation
    while here is not None and here.pk not in seen:
        if here.kind == OrganisationKind.REGION:
            return here
        seen.add(here.pk)
        here = organisations.get(here.parent_id) if here.parent_id else None
    return None


def regions() -> tuple[list[Organisation], dict[int, int]]:
    """The French regions, and ``{organisation id: region id}`` for everybody who lies in one. One query."""
    organisations = {o.pk: o for o in Organisation.objects.filter(side=Side.FRENCH)}
    placed = {pk: region.pk for pk, o in organisations.items() if (region := region_of(o, organisations))}
    former = {o.predecessor_id for o in organisations.values()}
    found = {organisations[pk] for pk in placed.values() if pk not in former}
    return sorted(found, key=lambda o: o.sort_key), placed


def by_region(edition: Edition) -> list[Number]:
    """Regions of the authorities, the fullest first; who lies in none, or is not in our list, last."""
    rows = _counted(edition, "booking__organisation")
    all_regions, placed = regions()
    totals: dict[int, dict[str, int]] = {}
    for row in rows:
        total = totals.setdefault(placed.get(row["booking__organisation"], 0), dict.fromkeys(_COUNTS, 0))
        for name in _COUNTS:
            total[name] += row[name]
    numbers = [_number(str(r), totals[r.pk], f"region={r.pk}") for r in all_regions if r.pk in totals]
    numbers.sort(key=lambda n: -n.total)
    if 0 in totals:
        numbers.append(_number(_("no region, or not in our list"), totals[0], "region=none"))
    return numbers


@dataclass(frozen=True)
class Authority:
    """One authority: who of it holds a place, who waits, who has gone."""

    key: str
    name: str
    name_zh: str
    kind: str
    seated: int
    waiting: int
    gone: int

    @property
    def query(self) -> str:
        return urlencode({"authority": self.key})


def by_authority(edition: Edition) -> list[Authority]:
    """All authorities that registered anybody, by name; in two queries."""
    rows = _counted(edition, "booking__authority_key", "booking__organisation", "booking__organisation_kind")
    known = Organisation.objects.in_bulk(
        [row["booking__organisation"] for row in rows if row["booking__organisation"]]
    )
    written = dict(
        edition.bookings.filter(organisation=None)
        .order_by("-id")
        .values_list("authority_key", "organisation_name")
    )
    merged: dict[str, Authority] = {}
    for row in rows:
        key = row["booking__authority_key"]
        organisation = known.get(row["booking__organisation"])
        before = merged.get(key)
        merged[key] = Authority(
            key=key,
            name=organisation.name_fr if organisation else written.get(key, key),
            name_zh=(organisation.name_zh_hans or "") if organisation else "",
            kind=str(OrganisationKind(row["booking__organisation_kind"]).label),
            seated=row["seated"] + (before.seated if before else 0),
            waiting=row["waiting"] + (before.waiting if before else 0),
            gone=row["gone"] + (before.gone if before else 0),
        )
    names = {o.code: o.sort_key for o in known.values()}
    return sorted(merged.values(), key=lambda a: names.get(a.key, a.key))


@dataclass(frozen=True)
class LetterCount:
    """How many invitation letters were asked for, by the partner who asks."""

    partner: str
    requests: int
    people: int


def letter_requests(edition: Edition) -> list[LetterCount]:
    """What the APCAE must expect: requests for invitation letters by Chinese partner, the most people first (S-072)."""
    rows = list(
        InvitationLetterRequest.objects.filter(edition=edition)
        .values("partner", "partner_name")
        .annotate(requests=Count("pk"), people=Sum("people"))
        .order_by()
    )
    partners = Organisation.objects.in_bulk([row["partner"] for row in rows if row["partner"]])
    merged: dict[str, LetterCount] = {}
    for row in rows:
        partner = partners.get(row["partner"])
        name = str(partner) if partner else row["partner_name"] or _("not named")
        before = merged.get(name, LetterCount(name, 0, 0))
        merged[name] = LetterCount(name, before.requests + row["requests"], before.people + row["people"])
    return sorted(merged.values(), key=lambda c: (-c.people, c.partner))


def chinese_places(edition: Edition) -> int:
    """How many of the Chinese places are allotted to delegations: counts, never names (S-070)."""
    return DelegationAllotment.objects.filter(edition=edition).aggregate(n=Sum("seats"))["n"] or 0


def _number(label: str, row: Mapping[str, int] | None, query: str) -> Number:
    row = row or dict.fromkeys(_COUNTS, 0)
    return Number(label, row["seated"], row["waiting"], row["gone"], query)


# --- Drawings -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A bar with its label; lengths are per cent of the drawing, heights are pixels."""

    label: str
    value: str
    length: float
    #: The part of the bar that is not yet sure (the waiting), from where the first ends.
    second: float
    y: int
    url: str


def bars(numbers: Iterable[Number], url: Callable[[Number], str]) -> list[Bar]:
    """Horizontal bars, one under the other, with their labels above them."""
    numbers = list(numbers)
    most = max((n.seated + n.waiting for n in numbers), default=0) or 1
    return [
        Bar(
            label=n.label,
            value=str(n.seated) if not n.waiting else f"{n.seated} + {n.waiting}",
            length=round(88 * n.seated / most, 2),
            second=round(88 * n.waiting / most, 2),
            y=row * 44,
            url=url(n),
        )
        for row, n in enumerate(numbers)
    ]


@dataclass(frozen=True)
class Column:
    """A day: an upright bar, in per cent of the width and pixels of the height."""

    label: str
    value: int
    x: float
    width: float
    height: float
    top: float
    #: The day is written under the first of a month and under Mondays only; all are in the table.
    is_marked: bool
    day: dt.date


def columns(days: Iterable[tuple[dt.date, int]], *, language: str, height: int = 140) -> list[Column]:
    """Upright bars, one for each day."""
    days = list(days)
    most = max((n for _day, n in days), default=0) or 1
    step = 100 / max(len(days), 1)
    every = 7 * (len(days) // 50 + 1)
    mondays = 0
    found = []
    for index, (day, n) in enumerate(days):
        tall = round(height * n / most, 1)
        mondays += day.weekday() == 0
        found.append(
            Column(
                label=write_date(day, language),
                value=n,
                x=round(index * step, 3),
                width=round(step * 0.8, 3),
                height=tall,
                top=round(height - tall, 1),
                is_marked=day.weekday() == 0 and (mondays - 1) % (every // 7) == 0,
                day=day,
            )
        )
    return found

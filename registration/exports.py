"""Lists that leave the back office as a spreadsheet. Every one is written down: who, how many, which columns, why."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises import journal, spreadsheets
from assises.models import Edition, User
from assises.spreadsheets import XLSX, Sheet, safe
from assises.templatetags.typography import bcp47, write_phone
from registration.enums import Access
from registration.models import Needs, Registration
from registration.models.registration import RegistrationQuerySet
from registration.queue import rank_of

CSV = "text/csv; charset=utf-8"

Reader = Callable[[Registration], Any]


@dataclass(frozen=True)
class Column:
    """One column: its stable name, its heading in the language of the reader, and where its value comes from."""

    name: str
    heading: str | Promise
    read: Reader
    #: Whether it tells a menu or an access need, which only one role sees.
    sensitive: bool = False
    width: int = 18


def _sessions(r: Registration, *, waiting: bool) -> str:
    return "; ".join(str(c.session) for c in r.choices.all() if c.is_waiting is waiting)


def _needs(r: Registration) -> Needs | None:
    return getattr(r, "needs", None)


COLUMNS = [
    Column("code", gettext_lazy("Badge code"), lambda r: r.code, width=13),
    Column("state", gettext_lazy("State"), lambda r: r.get_status_display(), width=26),
    Column("place", pgettext_lazy("seat", "Place"), lambda r: r.place.number if r.place else None, width=8),
    Column("rank", gettext_lazy("Rank on the waiting list"), lambda r: getattr(r, "rank", None), width=8),
    Column("since", gettext_lazy("In this state since"), lambda r: _wall(r.status_since)),
    Column("deadline", gettext_lazy("To be confirmed until"), lambda r: _wall(r.deadline)),
    Column("honorific", pgettext_lazy("before a name", "Title"), lambda r: r.get_honorific_display(), width=8),
    Column("given_name", gettext_lazy("Given name"), lambda r: r.given_name),
    Column("family_name", gettext_lazy("Family name"), lambda r: r.family_name),
    Column("name_zh", gettext_lazy("Chinese name"), lambda r: r.name_zh, width=12),
    Column("job_title", gettext_lazy("Function or mandate"), lambda r: r.job_title, width=32),
    Column("job_title_zh", gettext_lazy("Function in Chinese"), lambda r: r.job_title_zh),
    Column("is_elected", gettext_lazy("Elected representative"), lambda r: _yes_no(r.is_elected), width=10),
    Column("organisation", gettext_lazy("Authority or organisation"), lambda r: _organisation(r), width=32),
    Column("organisation_kind", gettext_lazy("Kind of organisation"), lambda r: r.booking.get_organisation_kind_display()),
    Column("category", gettext_lazy("Category"), lambda r: str(r.category), width=26),
    Column("email", gettext_lazy("E-mail address"), lambda r: r.email, width=30),
    Column("phone", gettext_lazy("Mobile telephone"), lambda r: _phone(r)),
    Column("language", gettext_lazy("Language of letters"), lambda r: bcp47(r.language), width=10),
    Column("needs_interpretation", gettext_lazy("Needs interpretation"), lambda r: _yes_no(r.needs_interpretation), width=10),
    Column("chinese_partner", gettext_lazy("Chinese partner"), lambda r: str(r.chinese_partner or ""), width=22),
    Column("sessions", gettext_lazy("Sessions"), lambda r: _sessions(r, waiting=False), width=40),
    Column("sessions_waiting", gettext_lazy("Sessions waited for"), lambda r: _sessions(r, waiting=True), width=30),
    Column("wishes", gettext_lazy("Visits wished for"), lambda r: "; ".join(str(w.session) for w in r.wishes.all()), width=40),
    Column("request", gettext_lazy("Request"), lambda r: r.booking_id, width=9),
    Column("contact", gettext_lazy("Contact person of the request"), lambda r: f"{r.booking.given_name} {r.booking.family_name}", width=24),
    Column("source", gettext_lazy("Source"), lambda r: r.booking.get_source_display(), width=14),
    Column("submitted_at", gettext_lazy("Submitted at"), lambda r: _wall(r.booking.submitted_at)),
    Column("menu", gettext_lazy("Menu"), lambda r: n.get_menu_display() if (n := _needs(r)) else "", sensitive=True),
    Column("allergen", gettext_lazy("Allergen"), lambda r: n.allergen if (n := _needs(r)) else "", sensitive=True),
    Column("access", gettext_lazy("Access needs"), lambda r: _access(r), sensitive=True, width=32),
]  # fmt: skip


def columns_for(user: User) -> list[Column]:
    """The columns that this account may take away."""
    sees_needs = user.has_perm("registration.view_access_needs")
    return [column for column in COLUMNS if sees_needs or not column.sensitive]


@dataclass(frozen=True)
class Export:
    """A file, ready to be sent."""

    name: str
    content: bytes
    content_type: str
    count: int


@transaction.atomic
def export(
    registrations: RegistrationQuerySet,
    *,
    edition: Edition,
    columns: Sequence[Column],
    form: str,
    by: User,
    reason: str,
    at: dt.datetime,
) -> Export:
    """The registrations as a ``form`` of ``xlsx`` or ``csv``; the journal keeps who took what, and why.

    Columns that ``by`` may not see are left out, whoever asked for them.
    """
    allowed = {column.name for column in columns_for(by)}
    columns = [column for column in columns if column.name in allowed]
    rows = registrations.select_related(
        "booking__organisation", "category", "place", "chinese_partner", "needs"
    )
    ranks = rank_of(edition, at=at)
    table = []
    for registration in rows.prefetch_related("choices__session", "wishes__session"):
        registration.rank = ranks.get(registration.pk)  # type: ignore[attr-defined]
        table.append([safe(column.read(registration)) for column in columns])
    headings = [str(column.heading) for column in columns]
    if form == "xlsx":
        widths = [column.width for column in columns]
        content = spreadsheets.write([Sheet(str(_("List")), headings, table, widths)])
    else:
        content = _csv(headings, table)
    journal.write(
        [
            journal.entry(
                edition, "exported", at=at, by=by, reason=reason,
                count=len(table), columns=[column.name for column in columns], form=form,
            )
        ]
    )  # fmt: skip
    name = f"{_('registrations')}-{edition.code}-{localtime(at):%Y-%m-%d-%H%M}.{form}"
    return Export(name, content, XLSX if form == "xlsx" else CSV, len(table))


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """As French Excel opens it: a mark of its encoding at the start, semicolons between values."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([f"{v:%Y-%m-%d %H:%M}" if isinstance(v, dt.datetime) else v for v in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _wall(when: dt.datetime | None) -> dt.datetime | None:
    """Spreadsheets know no time zones: the hour is that on the wall in Toulouse."""
    return localtime(when).replace(tzinfo=None, second=0, microsecond=0) if when else None


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _organisation(r: Registration) -> str:
    return str(r.booking.organisation) if r.booking.organisation else r.booking.organisation_name


def _phone(r: Registration) -> str:
    return write_phone(str(r.phone), get_language()).replace("\u00a0", " ") if r.phone else ""


def _access(r: Registration) -> str:
    needs = _needs(r)
    if needs is None:
        return ""
    words = [str(Access(code).label) for code in needs.access if code in Access.values]
    return "; ".join([*words, needs.other] if needs.other else words)

"""Registrations that come as a file: read, tried out, then registered by the same service as all others."""

import csv
import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises import journal
from assises.exceptions import Refusal
from assises.models import Edition, Organisation, User
from assises.text import fold
from registration import services
from registration.enums import Source
from registration.exports import COLUMNS, plain, workbook
from registration.forms.imported import ImportedLine, in_all_languages
from registration.models import Registration
from registration.services import BookingRequest, PersonDetails

#: The columns of a file, in the order of the template; the first ones are needed.
NEEDED = ["organisation", "given_name", "family_name", "job_title", "email"]
OPTIONAL = [
    "organisation_kind", "category", "request", "together", "honorific", "name_zh", "job_title_zh", "is_elected",
    "phone", "language", "needs_interpretation", "chinese_partner", "sessions",
]  # fmt: skip
MOST_LINES = 500
MOST_BYTES = 2_000_000
_SALT = "registration.imports"


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and why."""

    line: int
    column: str
    reason: str


@dataclass
class Table:
    """A file as it was read: lines with their number in it, values by name of column."""

    lines: list[tuple[int, dict[str, str]]]
    problems: list[Problem] = field(default_factory=list)
    #: Columns that the file has and that nothing is made of.
    unknown: list[str] = field(default_factory=list)
    #: Makes the keys of the requests: the same reading registers everybody once.
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    def seal(self) -> str:
        """The table as a signed text, to be sent with the preview and back: no file stays on the server."""
        return signing.dumps({"lines": self.lines, "key": str(self.key)}, salt=_SALT, compress=True)


def unseal(text: str) -> Table:
    """The table of a preview; refuses one that was not signed here today."""
    try:
        found = signing.loads(text, salt=_SALT, max_age=12 * 3600)
    except signing.BadSignature as error:
        raise Refusal(_("This preview is too old. Choose the file again.")) from error
    return Table([(number, values) for number, values in found["lines"]], key=uuid.UUID(found["key"]))


# --- Reading ------------------------------------------------------------------------------


def read(name: str, content: bytes) -> Table:
    """The lines of an XLSX or CSV file. Refuses what is neither, too large, or without the columns needed."""
    if len(content) > MOST_BYTES:
        raise Refusal(_("This file is larger than 2 MB. Divide it."))
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    first = next(((number, cells) for number, cells in rows if any(cells)), None)
    if first is None:
        raise Refusal(_("This file is empty."))
    headings = in_all_languages((c.name, c.heading) for c in COLUMNS) | {fold(n): n for n in [*NEEDED, *OPTIONAL]}
    names = [headings.get(fold(cell), "") for cell in first[1]]
    missing = [column for column in NEEDED if column not in names]
    if missing:
        raise Refusal(
            ngettext(
                "The first line of the file lacks the column %(columns)s. Take the template.",
                "The first line of the file lacks the columns %(columns)s. Take the template.",
                len(missing),
            )
            % {"columns": ", ".join(missing)}
        )
    used = set(NEEDED) | set(OPTIONAL)
    table = Table([], unknown=[c for c, n in zip(first[1], names, strict=True) if c and n not in used])
    for number, cells in rows:
        values = {n: plain(c.strip()) for n, c in zip(names, cells, strict=False) if n in used and c.strip()}
        if values:
            table.lines.append((number, values))
    if not table.lines:
        raise Refusal(_("This file has headings and nobody below them."))
    if len(table.lines) > MOST_LINES:
        raise Refusal(_("At most %(most)d lines at a time; this file has %(count)d.") % {"most": MOST_LINES, "count": len(table.lines)})
    return table


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        if sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist()) > 30 * MOST_BYTES:
            raise Refusal(_("This file is larger than 2 MB. Divide it."))
        page = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for number, cells in enumerate(page.iter_rows(values_only=True, max_col=60), start=1):
            yield number, ["" if cell is None else _text(cell) for cell in cells]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise Refusal(_("This file could not be read. Save it as XLSX or CSV.")) from error


def _text(cell: Any) -> str:
    # Spreadsheets keep a telephone number or a SIREN as 213105554.0.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Refusal(_("This file could not be read. Save it as XLSX or CSV."))
    heading = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Refusal(_("This file could not be read. Save it as XLSX or CSV.")) from error


# --- Understanding ------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """One request that the file asks for, and the lines that it comes from."""

    lines: list[int]
    request: BookingRequest


@dataclass
class Plan:
    """What a file asks for, and what is wrong with it."""

    requests: list[Planned]
    problems: list[Problem]


def plan(table: Table, *, edition: Edition, by: User, vouched: bool) -> Plan:
    """The requests of the file, each line checked as the form checks one person."""
    problems = list(table.problems)
    lines = _checked(table, edition, problems)
    problems += _twins(lines)
    wrong = {problem.line for problem in problems}
    groups: dict[str, list[tuple[int, ImportedLine]]] = {}
    for number, form in lines:
        name = str(form.cleaned_data.get("request") or "") if number not in wrong else ""
        groups.setdefault(name or f"line {number}", []).append((number, form))
    requests = []
    for members in groups.values():
        problems += _one_authority(members)
        if not any(number in {p.line for p in problems} for number, _form in members):
            requests.append(_request(members, table, edition=edition, by=by, vouched=vouched))
    return Plan(requests, sorted(problems, key=lambda p: p.line))


def _checked(table: Table, edition: Edition, problems: list[Problem]) -> list[tuple[int, ImportedLine]]:
    categories = list(edition.categories.all())
    organisations = list(Organisation.objects.of_today())
    sessions = list(edition.sessions.filter(on_form=True))
    lines = []
    for number, values in table.lines:
        form = ImportedLine(values, categories=categories, organisations=organisations, sessions=sessions)
        for name, errors in form.errors.items():
            problems += [Problem(number, str(form.fields[name].label), str(e)) for e in errors]
        lines.append((number, form))
    return lines


def _twins(lines: Sequence[tuple[int, ImportedLine]]) -> list[Problem]:
    seen: dict[str, int] = {}
    problems = []
    for number, form in lines:
        address = str(form.cleaned_data.get("email") or "").lower()
        if address and address in seen:
            problems.append(
                Problem(
                    number,
                    str(form.fields["email"].label),
                    _("This address stands in line %(line)d too. Each person needs one of their own.")
                    % {"line": seen[address]},
                )
            )
        seen.setdefault(address, number)
    return problems


def _one_authority(members: Sequence[tuple[int, ImportedLine]]) -> list[Problem]:
    first = members[0][1]
    return [
        Problem(
            number,
            str(form.fields["organisation"].label),
            _("The lines of one request name one authority; line %(line)d names another.") % {"line": members[0][0]},
        )
        for number, form in members[1:]
        if form.found != first.found
        or fold(form.cleaned_data.get("organisation", "")) != fold(first.cleaned_data.get("organisation", ""))
    ]


def _request(
    members: Sequence[tuple[int, ImportedLine]], table: Table, *, edition: Edition, by: User, vouched: bool
) -> Planned:
    number, first = members[0]
    people = [_person(form, is_contact=form is first) for _number, form in members]
    return Planned(
        [number for number, _form in members],
        BookingRequest(
            key=uuid.uuid5(table.key, f"line {number}"),
            edition=edition,
            source=Source.IMPORT,
            category=first.category_or_default(),
            organisation=first.found,
            organisation_name=first.found.name_fr if first.found else first.cleaned_data["organisation"],
            organisation_kind=first.kind,
            given_name=people[0].given_name,
            family_name=people[0].family_name,
            email=people[0].email,
            language=people[0].language,
            together=len(people) > 1 and any(form.cleaned_data["together"] for _number, form in members),
            people=people,
            by=by,
            vouched=vouched,
        ),
    )


def _person(form: ImportedLine, *, is_contact: bool) -> PersonDetails:
    data = form.cleaned_data
    names = (
        "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected", "email", "honorific",
        "needs_interpretation", "chinese_partner", "sessions",
    )  # fmt: skip
    return PersonDetails(
        is_contact=is_contact,
        language=data["language"] or "fr",
        phone=str(data["phone"] or ""),
        **{name: data[name] for name in names},
    )


# --- Doing --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one line."""

    line: int
    registration: Registration | None
    refusal: str = ""


def try_out(planned: Plan, *, at: dt.datetime) -> list[Outcome]:
    """What would happen, line by line: everything is done as it would be, and taken back. Nothing is written."""
    with transaction.atomic():
        outcomes = _register_all(planned, at)
        transaction.set_rollback(True)
    return outcomes


def carry_out(planned: Plan, *, edition: Edition, by: User, at: dt.datetime) -> list[Outcome]:
    """Register everybody of the plan, request by request; a refusal of one stops no other. Twice changes nothing."""
    outcomes = _register_all(planned, at)
    done = sum(outcome.registration is not None for outcome in outcomes)
    journal.write([journal.entry(edition, "imported", at=at, by=by, count=done, lines=len(outcomes))])
    return outcomes


def _register_all(planned: Plan, at: dt.datetime) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for entry in planned.requests:
        try:
            booking = services.register(entry.request, at=at)
        except Refusal as refusal:
            outcomes += [Outcome(line, None, str(refusal)) for line in entry.lines]
            continue
        people = booking.registrations.select_related("category", "booking").order_by("pk")
        outcomes += [Outcome(line, r) for line, r in zip(entry.lines, people, strict=False)]
    return sorted(outcomes, key=lambda outcome: outcome.line)


def template_file(edition: Edition) -> bytes:
    """A workbook to fill in: the columns with an example, and a second sheet that explains them."""
    categories = list(edition.categories.all())
    form = ImportedLine({}, categories=categories, organisations=[], sessions=edition.sessions.filter(on_form=True))
    names = [*NEEDED, *OPTIONAL]
    example = {
        "organisation": "Toulouse", "given_name": "Camille", "family_name": "Exemple", "job_title": "Adjointe au maire",
        "email": "camille.exemple@example.org", "category": str(categories[0].code) if categories else "",
        "request": "1", "together": "0", "is_elected": "1", "language": "fr", "phone": "05 36 49 00 00",
    }  # fmt: skip
    allowed = {
        "category": ", ".join(form.categories),
        "sessions": " | ".join(s.code for s in form.on_offer),
        "organisation_kind": ", ".join(code for code, _label in form.fields["organisation_kind"].words),  # type: ignore[attr-defined]
        "honorific": "mr, ms",
        "language": "fr, zh-hans",
        "together": "1, 0",
        "is_elected": "1, 0",
        "needs_interpretation": "1, 0",
        "request": _("lines with the same value are one request, of six people at most"),
    }
    explained = [
        [n, str(form.fields[n].label), _("needed") if n in NEEDED else _("optional"), allowed.get(n, "")] for n in names
    ]
    return workbook(
        (_("People"), names, [[example.get(n, "") for n in names]], [18] * len(names)),
        (_("Columns"), [_("Column"), _("What it is"), _("Needed"), _("Values")], explained, [22, 34, 12, 80]),
    )

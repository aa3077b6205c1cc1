"""A file as it was read: lines and columns, not yet understood."""

import csv
import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.exceptions import Refusal
from assises.spreadsheets import plain
from assises.text import fold
from registration.exports import COLUMNS
from registration.forms.imported import in_all_languages

#: The columns of a file, in the order of the template; the first ones are needed.
NEEDED = ["organisation", "given_name", "family_name", "job_title", "email"]
OPTIONAL = [
    "organisation_kind", "category", "request", "together", "honorific", "name_zh", "job_title_zh", "is_elected",
    "phone", "language", "needs_interpretation", "chinese_partner", "sessions",
    "sessions_waiting", "wishes",
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
    headings = in_all_languages((c.name, c.heading) for c in COLUMNS) | {
        fold(n): n for n in [*NEEDED, *OPTIONAL]
    }
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
        raise Refusal(
            _("At most %(most)d lines at a time; this file has %(count)d.")
            % {"most": MOST_LINES, "count": len(table.lines)}
        )
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

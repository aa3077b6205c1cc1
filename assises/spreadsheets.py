"""Workbooks for spreadsheet programs: headings in bold and in view, nothing that could be taken for a formula."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assises.characters import without

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: A cell that begins so is read as a formula by spreadsheet programs.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: What a sheet cannot be called by.
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
TITLE_LENGTH = 31


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``widths`` in characters, ``formats`` as spreadsheets write them, by the number of the column."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()
    formats: Mapping[int, str] = field(default_factory=dict)
    #: Whether readers get a filter on each column.
    filtered: bool = False
    #: Whether long texts are broken into lines.
    wrapped: bool = False
    #: Columns whose text is the address of a page.
    links: Sequence[int] = ()


def safe(value: Any) -> Any:
    """The value as a cell that no spreadsheet program takes for a formula; dates and numbers stay what they are."""
    if not isinstance(value, str):
        return value
    # What a sheet cannot hold is taken out first: it might hide the sign behind it.
    value = without(value)
    return f"'{value}" if value.startswith(FORMULA) else value


def plain(value: str) -> str:
    """What ``safe`` was given, from what it made: a file that left and comes back says the same."""
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value


def write(sheets: Iterable[Sheet], *, title: str = "", at: dt.datetime | None = None) -> bytes:
    """The workbook as an .xlsx file. Call ``safe`` on texts that somebody else has typed.

    ``at`` is when it says it was made; the moment of its making if left out.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    if title:
        book.properties.title = without(title)
    if at is not None:
        book.properties.created = book.properties.modified = at.astimezone(dt.UTC).replace(tzinfo=None)
    for sheet in sheets:
        _write(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(without(sheet.title).translate(NOT_IN_TITLES)[:TITLE_LENGTH])
    page.append([without(heading) for heading in sheet.headings])
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    for row in sheet.rows:
        page.append([without(v) if isinstance(v, str) else v for v in row])
    for number, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    if sheet.filtered:
        page.auto_filter.ref = page.dimensions
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.print_title_rows = "1:1"
    if not (sheet.wrapped or sheet.formats or sheet.links):
        return
    alignment = Alignment(vertical="top", wrap_text=sheet.wrapped)
    for cells in page.iter_rows(min_row=2):
        for number, cell in enumerate(cells):
            if sheet.wrapped:
                cell.alignment = alignment
            if number in sheet.formats:
                cell.number_format = sheet.formats[number]
            if number in sheet.links and cell.value:
                cell.hyperlink = str(cell.value)

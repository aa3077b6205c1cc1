"""The booklet: A5, to be folded and stapled, in French, in Chinese or in both."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from assises.documents import render_pdf
from assises.enums import Side
from assises.templatetags.typography import is_chinese
from program.documents.days import plan
from program.programme import Programme, Stamp

#: The clocks of the side that asks its authorities for leave to travel (S-075).
BEIJING = ZoneInfo("Asia/Shanghai")
#: A booklet is folded from sheets of four pages; a thicker one is bound, and needs none of that.
PAGES_OF_A_SHEET, THICKEST_FOLDED = 4, 64
#: Pages for notes in the template, each with an anchor: as many stay as fill the last sheet.
NOTES, NOTES_ANCHOR, LINES_OF_NOTES = PAGES_OF_A_SHEET - 1, "notes-", 14

TEMPLATE = "program/pdf/booklet.html"


def booklet(programme: Programme, stamp: Stamp, *, languages: Sequence[str]) -> bytes:
    """The whole programme as an A5 booklet with mirrored margins.

    ``languages`` are those that it is written in, the first being that of the document and of the order of the
    two sides. The same programme, stamp and languages give the same bytes.
    """
    return render_pdf(
        TEMPLATE,
        language=languages[0],
        pages=folded,
        identifier=f"{stamp.hash} {stamp.number} {' '.join(languages)}",
        **contents(programme, stamp, languages),
    )


def contents(programme: Programme, stamp: Stamp, languages: Sequence[str]) -> dict[str, Any]:
    """What the template of the booklet shows."""
    return {
        **context(programme, stamp, languages),
        "days": [plan(programme, day) for day in programme.days],
        "visits": [session for session in programme.sessions if session.visit],
        "notes": range(NOTES),
        "note_lines": range(LINES_OF_NOTES),
    }


def folded(pages: list[Any]) -> list[Any]:
    """Without the pages for notes that the last sheet does not need."""
    surplus = len(pages) % PAGES_OF_A_SHEET if len(pages) <= THICKEST_FOLDED else NOTES
    notes = [page for page in pages if any(anchor.startswith(NOTES_ANCHOR) for anchor in page.anchors)]
    left_out = notes[len(notes) - surplus :]
    return [page for page in pages if page not in left_out]


def context(programme: Programme, stamp: Stamp, languages: Sequence[str]) -> dict[str, Any]:
    """What every document of a release says of itself."""
    return {
        "programme": programme,
        "edition": programme.edition,
        "stamp": stamp,
        "languages": list(languages),
        "is_bilingual": len(languages) > 1,
        "sides": sides(languages),
        "here": stamp.date.astimezone(programme.zone),
        "in_beijing": stamp.date.astimezone(BEIJING),
        "approvals": [
            (side, [name for s, name in stamp.approvals if s == side]) for side in sides(languages)
        ],
    }


def sides(languages: Sequence[str]) -> list[Side]:
    """Both sides, in the order of the language: *franco-chinois*, but 中法."""
    return [Side.CHINESE, Side.FRENCH] if is_chinese(languages[0]) else [Side.FRENCH, Side.CHINESE]

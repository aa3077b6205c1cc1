"""What the programme gives people to print. Every document carries the number, date and hash of its release."""

from program.documents.booklet import booklet
from program.documents.sheets import room_sheets, visit_sheet, visit_sheets

__all__ = ["booklet", "room_sheets", "visit_sheet", "visit_sheets"]

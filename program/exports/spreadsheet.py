"""The programme as a spreadsheet."""

from program.programme import Programme, Stamp


def workbook(programme: Programme, stamp: Stamp, *, language: str) -> bytes:
    raise NotImplementedError

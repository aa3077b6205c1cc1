"""The programme as iCalendar files (RFC 5545)."""

from program.programme import Programme, Stamp


def calendar(programme: Programme, stamp: Stamp, *, language: str) -> bytes:
    raise NotImplementedError

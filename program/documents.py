"""What the programme gives people to print."""

from collections.abc import Sequence

from program.programme import Programme, Stamp


def booklet(programme: Programme, stamp: Stamp, *, languages: Sequence[str]) -> bytes:
    raise NotImplementedError


def room_sheets(programme: Programme, stamp: Stamp) -> bytes:
    raise NotImplementedError

"""The formats that conference apps read: frab/voc schedule.xml and schedule.json."""

from program.programme import Programme, Stamp


def xml(programme: Programme, stamp: Stamp) -> bytes:
    raise NotImplementedError


def json(programme: Programme, stamp: Stamp) -> bytes:
    raise NotImplementedError

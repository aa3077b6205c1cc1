"""One small programme, and each document that is printed of it, made once for all tests that only read it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from program import documents
from program.programme import Programme
from tests.pdf import Pdf
from tests.printed_factories import (
    a_programme,
    a_stamp,
)

PROGRAMME = a_programme()
STAMP = a_stamp(PROGRAMME)
FRENCH, CHINESE, BOTH = ("fr",), ("zh-hans",), ("fr", "zh-hans")
MAKERS: dict[str, Callable[[], bytes]] = {
    "booklet, French": lambda: documents.booklet(PROGRAMME, STAMP, languages=FRENCH),
    "booklet, Chinese": lambda: documents.booklet(PROGRAMME, STAMP, languages=CHINESE),
    "booklet, both": lambda: documents.booklet(PROGRAMME, STAMP, languages=BOTH),
    "doors": lambda: documents.room_sheets(PROGRAMME, STAMP),
    "visits": lambda: documents.visit_sheets(PROGRAMME, STAMP),
}
BOOKLETS = ["booklet, French", "booklet, Chinese", "booklet, both"]
OUR_FACES = {"Assises-Latin", "Assises-Latin-Bold", "Assises-Hanzi", "Assises-Hanzi-Bold"}
POINTS_PER_MM = 72 / 25.4


@cache
def made(name: str) -> Pdf:
    """Each document is made once for all tests that only read it."""
    return Pdf(MAKERS[name]())


def booklet_of(programme: Programme, languages: tuple[str, ...] = FRENCH, **stamp: Any) -> Pdf:
    return Pdf(documents.booklet(programme, a_stamp(programme, **stamp), languages=languages))

"""Subtitles as browsers read them: WebVTT (https://www.w3.org/TR/webvtt1/), checked line by line."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assises import files
from assises.exceptions import Refusal

MOST_BYTES = 256_000
#: Seconds after the end of the film within which the last cue may end.
TOLERANCE = 1.0

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)([.,])(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")


@dataclass(frozen=True)
class Cue:
    """Some lines shown from one instant to another, seconds from the beginning of the film."""

    begins: float
    ends: float
    text: str


def check(content: bytes, *, film_seconds: float) -> list[Cue]:
    """The cues of a WebVTT file, in their order. Raises ``Refusal``, with the number of the line that is wrong.

    It has at most 256 kB in UTF-8 and at least one cue; cues begin one after the other, each ends after it begins, and
    none after the film.
    """
    if len(content) > MOST_BYTES:
        raise Refusal(
            _("These subtitles are too large: %(size)s. At most %(most)s are accepted.")
            % {"size": files.size_in_words(len(content)), "most": files.size_in_words(MOST_BYTES)}
        )
    lines = _lines(content)
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise _wrong(
            1,
            _(
                "the file must begin with the word WEBVTT. A file of another kind (.srt) must be exported as WebVTT."
            ),
        )
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if cue := _cue(number, block):
            _refuse(number, cue, cues, film_seconds)
            cues.append(cue)
    if not cues:
        raise Refusal(_("There is no subtitle in this file, only its beginning."))
    return cues


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise _wrong(number, _("the text is not in UTF-8. Save it in this encoding.")) from error
    if "\0" in text:
        raise _wrong(text.count("\n", 0, text.index("\0")) + 1, _("there is a character that no text has."))
    return re.split(r"\r\n|\n|\r", text)


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What stands between empty lines, with the number of its first line; the header is none."""
    found: list[tuple[int, list[str]]] = []
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line:
            block.append(line)
        elif block:
            found.append((number - len(block), block))
            block = []
    return found[1:] if found and found[0][0] == 1 else found


def _cue(number: int, block: list[str]) -> Cue | None:
    """The cue that a block is; None for notes, regions and styles, which are let be."""
    if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]):
        if block[0].startswith("STYLE") and re.search(r"url\s*\(|@import", "\n".join(block), re.IGNORECASE):
            raise _wrong(number, _("a style may not ask for other files."))
        return None
    # A name may stand above the times.
    above = 0 if "-->" in block[0] else 1
    if above >= len(block):
        raise _wrong(
            number, _("a text without times. Before it must stand a line such as 00:01.000 --> 00:04.500.")
        )
    found = _TIMING.fullmatch(block[above].rstrip())
    if found is None:
        raise _wrong(number + above, _("the times cannot be read. They are written 00:01.000 --> 00:04.500."))
    if "," in (found[4], found[9]):
        raise _wrong(
            number + above, _("the times have a comma where WebVTT has a full stop: 00:01.000 --> 00:04.500.")
        )
    text = "\n".join(block[above + 1 :]).strip()
    if not text:
        raise _wrong(number + above, _("there is no text under these times."))
    return Cue(
        _seconds(found[1], found[2], found[3], found[5]),
        _seconds(found[6], found[7], found[8], found[10]),
        text,
    )


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def _refuse(number: int, cue: Cue, before: list[Cue], film_seconds: float) -> None:
    if cue.ends <= cue.begins:
        raise _wrong(number, _("this subtitle ends before it begins."))
    if before and cue.begins < before[-1].begins:
        raise _wrong(number, _("this subtitle begins before the one above it. Put them in their order."))
    if cue.ends > film_seconds + TOLERANCE:
        raise _wrong(number, _("this subtitle ends after the film."))


def _wrong(line: int, why: str) -> Refusal:
    return Refusal(_("Line %(line)d of the subtitles: %(why)s") % {"line": line, "why": why})

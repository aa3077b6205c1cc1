"""The plain part of a letter: lines that read well in 72 columns, in both scripts."""

import re
from collections.abc import Iterable, Iterator

WIDTH = 72

# Chinese characters and full-width marks: two columns each, and a line may end between two of them.
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
_PIECES = re.compile(rf"{_WIDE.pattern}|[^{_WIDE.pattern[1:]}+")
_ITEM = re.compile(r"[-–•] |\d+\. ")
_NOT_FIRST = frozenset("，。、；：？！）》”’…—·")
_NOT_LAST = frozenset("（《“‘")


def wrap(text: str, width: int = WIDTH) -> str:
    """Break lines at ``width`` columns (a Chinese character takes two) and leave one empty line at most.

    Only typed spaces part words, so addresses and no-break spaces stay whole; a list item goes on below its
    first word; no Chinese line begins with a mark that ends a sentence.
    """
    lines: list[str] = []
    for source in text.splitlines():
        line = source.rstrip()
        if line or (lines and lines[-1]):
            lines += [line] if len(line) * 2 <= width or _columns(line) <= width else _wrap_line(line, width)
    return "\n".join(lines).strip("\n")


def _wrap_line(line: str, width: int) -> Iterator[str]:
    body = line.lstrip(" ")
    item = _ITEM.match(body)
    margin = " " * (len(line) - len(body))
    rest = margin + " " * (item.end() if item else 0)
    current, used = margin, len(margin)
    for space, piece, columns in _pieces(body):
        if current == margin:
            current, used = current + piece, used + columns
        elif used + space + columns > width:
            yield current
            current, used = rest + piece, len(rest) + columns
        else:
            current += " " * space + piece
            used += space + columns
    yield current


def _pieces(body: str) -> Iterable[tuple[int, str, int]]:
    """What stays whole, with the spaces before it and its columns."""
    words = [word for word in body.split(" ") if word]
    if not _WIDE.search(body):
        return [(1, word, len(word)) for word in words]
    return [piece for word in words for piece in _chinese_pieces(word)]


def _chinese_pieces(word: str) -> Iterator[tuple[int, str, int]]:
    held, space = "", 1
    for piece in _PIECES.findall(word):
        if held and held[-1] not in _NOT_LAST and piece[0] not in _NOT_FIRST:
            yield space, held, _columns(held)
            held, space = "", 0
        held += piece
    yield space, held, _columns(held)


def _columns(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))

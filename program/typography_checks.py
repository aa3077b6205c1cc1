"""What a proof-reader of Chinese would mark: findings that stop nobody (GB/T 15834-2011, W3C clreq).

Pure: text in, findings out. Texts without a Chinese character have none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
LATIN = r"[0-9A-Za-z\u00c0-\u024f]"
SPACE = r"[ \u00a0\u2009\u202f\u3000]"
#: Addresses keep their own marks.
_ADDRESS = re.compile(r"https?://[\x21-\x7e]+|[\w.+-]+@[\w.-]+")
FULL_WIDTH = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。", "(": "（", ")": "）"}


@dataclass(frozen=True)
class Finding:
    """Something to look at: which rule, the words around it, and what would be right in one sentence."""

    code: str
    excerpt: str
    text: str


_RULES: list[tuple[str, str, Callable[[str], str]]] = [
    (
        "half_width",
        rf"(?<={HAN})[,;:!?]|[,;:!?](?={HAN})|(?<={HAN})\.(?![\d.])",
        lambda mark: (
            _("Chinese sentences have full-width marks: %(right)s instead of %(wrong)s.")
            % {"right": FULL_WIDTH[mark], "wrong": mark}
        ),
    ),
    (
        "parentheses",
        rf"\((?=[^()]*{HAN})|(?<={HAN}){SPACE}*\(|\((?={HAN})|(?<={HAN})\)|\)(?={HAN})",
        lambda mark: _("Parentheses around or beside Chinese are full-width: （）."),
    ),
    (
        "space",
        rf"(?<={HAN}){SPACE}+(?={LATIN}|{HAN}|[(（“《])|(?<={LATIN}){SPACE}+(?={HAN})",
        lambda mark: _("No space is typed beside Chinese characters: the page makes the distance itself."),
    ),
    (
        "ellipsis",
        r"\.{3,}|。{2,}|(?<!…)…(?!…)",
        lambda mark: _("The Chinese ellipsis is two signs wide: ……"),
    ),
    (
        "quotes",
        r"[\"«»„]|(?<![A-Za-z\u00c0-\u024f])'|'(?![A-Za-z\u00c0-\u024f])",
        lambda mark: _("Chinese quotes are curly: “ ”, and ‘ ’ inside."),
    ),
    (
        "dash",
        rf"--+|(?<={HAN})[-–](?={HAN})|(?<=[^—\d])—(?=[^—\d])",
        lambda mark: _("The Chinese dash is two signs wide: ——"),
    ),
]
_COMPILED = [(code, re.compile(pattern), words) for code, pattern, words in _RULES]
_HAN = re.compile(HAN)


def findings(text: str) -> list[Finding]:
    """At most one finding of each rule and mark, in the order of the rules, in the language of the reader."""
    return list(_findings(text))


def _findings(text: str) -> Iterator[Finding]:
    if not _HAN.search(text):
        return
    # As long as what it replaces, so that the places stay where they are.
    looked_at = _ADDRESS.sub(lambda found: "\ufffc" * len(found[0]), text)
    said: set[tuple[str, str]] = set()
    for code, pattern, words in _COMPILED:
        for found in pattern.finditer(looked_at):
            sentence = words(found[0])
            if (code, sentence) not in said:
                said.add((code, sentence))
                yield Finding(code, _excerpt(text, *found.span()), sentence)


def _excerpt(text: str, start: int, end: int, around: int = 6) -> str:
    before, after = max(0, start - around), min(len(text), end + around)
    return f"{'…' if before else ''}{text[before:after].strip()}{'…' if after < len(text) else ''}"

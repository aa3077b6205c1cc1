"""The words that both sides have agreed on, and which of them occur in a text."""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from assises.text import fold

FILE = settings.BASE_DIR / "assises/data/glossary.csv"


@dataclass(frozen=True)
class Term:
    """A French word or name with its Chinese; ``verified`` once a public source or a native reader has it so."""

    french: str
    chinese: str
    verified: bool


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """All terms, the longest French first, so that a name comes before the words that it is made of."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        terms = [Term(row["fr"], row["zh"], row["verified"] == "1") for row in csv.DictReader(lines)]
    return tuple(sorted(terms, key=lambda term: (-len(term.french), term.french)))


def terms_in(text: str, *, chinese: bool = False) -> list[Term]:
    """The terms that occur in a French text, or with ``chinese`` in a Chinese one, in the order of the text.

    French words are found in any case, with or without accents, in the plural too; a term inside of a longer one
    that was found is not told again.
    """
    looked_at = text if chinese else fold(text)
    found: list[tuple[int, int, Term]] = []
    for term, pattern in _patterns(chinese):
        for match in pattern.finditer(looked_at):
            if not any(start <= match.start() and match.end() <= end for start, end, _term in found):
                found.append((*match.span(), term))
                break
    return [term for _start, _end, term in sorted(found, key=lambda entry: entry[0])]


@lru_cache(maxsize=2)
def _patterns(chinese: bool) -> list[tuple[Term, re.Pattern[str]]]:
    if chinese:
        # What stands in parentheses is another word for the same.
        said = [(term, term.chinese.split("（")[0]) for term in glossary()]
        said.sort(key=lambda entry: -len(entry[1]))
        return [(term, re.compile(re.escape(word))) for term, word in said]
    return [
        (term, re.compile(rf"\b{' '.join(_plural(w) for w in fold(term.french).split())}\b"))
        for term in glossary()
    ]


def _plural(word: str) -> str:
    """The word, or its plural in ``s``, ``x`` or ``aux``."""
    if word.endswith("al"):
        return f"{re.escape(word[:-2])}(?:al|ale|ales|aux)"
    return rf"{re.escape(word)}(?:e?s|x)?" if len(word) > 2 else re.escape(word)

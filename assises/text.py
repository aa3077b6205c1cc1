"""Text as people type it and look for it: without accents, case or marks, in both scripts."""

import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": " ", "'": " ", "-": " ", "·": " "})


def whole_number(text: str | None) -> int:
    """What an address or a form says the number of something is; 0, which is nobody's, for any other text."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def fold(text: str) -> str:
    """``Saint-Étienne`` becomes ``saint etienne``: one form to compare what was typed with what is stored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(
        c for c in decomposed if (not unicodedata.combining(c) and c.isprintable()) or c.isspace()
    )
    return " ".join(letters.translate(_LETTERS).split())


def pinyin(text: str) -> str:
    """Chinese text as toneless pinyin, so that 李 is found by ``li``; other text is left as it is."""
    from pypinyin import lazy_pinyin  # loads a large dictionary

    return " ".join(lazy_pinyin(text))


def search_key(*parts: str) -> str:
    """What a search looks into: all parts folded, and Chinese parts also as pinyin, spaced and joined."""
    keys = [fold(part) for part in parts if part]
    for part in parts:
        if part and not part.isascii() and any("\u4e00" <= c <= "\u9fff" for c in part):
            spelled = fold(pinyin(part))
            keys += [spelled, spelled.replace(" ", "")]
    return " ".join(keys)

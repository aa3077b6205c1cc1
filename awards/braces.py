"""Words in braces, which stand in texts of an award for what differs: its numbers and dates, or each prize. Pure."""

import re
from collections.abc import Mapping

#: What an engraving may name; the last ones tell who has won.
TELLING = ("title", "authority")
ENGRAVED = ("award", "category", "edition", "city", "year", *TELLING)
_WORD = re.compile(r"\{([^{}]*)\}")


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A text with its words in braces replaced; one that we do not know stays as it is."""
    return _WORD.sub(lambda found: values.get(found[1], found[0]), text)


def words_in(text: str) -> list[str]:
    """What stands in braces in a text, in alphabetical order; a brace alone is named too."""
    return sorted([*_WORD.findall(text), *(c for c in _WORD.sub("", text) if c in "{}")])

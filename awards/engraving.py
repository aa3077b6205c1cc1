"""What is engraved on the objects that laureates are given (S-121, S-123): a text in both languages for each prize.

The award words it once, with words in braces; the engraver is told who has won only where a word says so.
"""

from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import pgettext

from assises.canonical import hash_of
from assises.documents import BOTH, render_pdf
from assises.templatetags.typography import french_spaces
from awards.braces import TELLING, filled_in, words_in
from awards.content import both, ceremony_of, either
from awards.diplomas import given_by
from awards.models import Call, Result

#: How many characters stand large on the sheet, and how many in the middle size.
BOUNDS = (400, 850)


def engraving_of(call: Call, result: Result) -> dict[str, str]:
    """What is engraved for a prize or a mention, by the tags of both languages, to the character.

    Where the award says nothing in a language: its name, the category, the city and the year.
    """
    names = {
        "award": either(call, "name"),
        "category": either(result.category, "name"),
        "edition": either(call.edition, "name"),
        "city": either(call.edition, "city"),
        "title": either(result.application, "title"),
    }
    authorities = [partner.in_both() for partner in result.application.partners.all()]
    said = {}
    for tag, text in both(call, "engraving").items():
        with translation.override(tag.lower()):
            values = {word: name[tag] for word, name in names.items()}
            values["year"] = str(call.edition.starts_on.year)
            values["authority"] = pgettext("between authorities", ", ").join(a[tag] for a in authorities)
            written = filled_in(text or pgettext("engraved", "{award} – {category} – {city} {year}"), values)
        said[tag] = french_spaces(written) if tag == "fr" else written
    return said


def lines_of(call: Call) -> list[dict[str, str]]:
    """What is engraved, object by object: categories in their order, and nothing of the numbers of applications."""
    return [engraving_of(call, result) for result in given_by(call)]


def tells_who_has_won(call: Call) -> bool:
    """Whether the engraver reads it from the texts before the ceremony."""
    return any(word in TELLING for text in both(call, "engraving").values() for word in words_in(text))


def engraving_pdf(call: Call, lines: Sequence[Mapping[str, str]]) -> bytes:
    """A sheet for the engraver, A4, in both languages: the texts, how many characters each has, and on what they go.

    Of an award of usual size it is one page. The same bytes for the same content.
    """
    ceremony = ceremony_of(call)
    content = {
        "award": either(call, "name"),
        "edition": either(call.edition, "name"),
        "trophy": either(call, "trophy"),
        "tells": tells_who_has_won(call),
        "ceremony": str(ceremony or ""),
        "lines": [dict(line) for line in lines],
    }
    letters = sum(max(len(line["fr"]), 2 * len(line["zh-Hans"])) for line in lines)
    return render_pdf(
        "awards/pdf/engraving.html",
        language="fr",
        identifier=f"engraving {hash_of(content)}",
        languages=BOTH,
        call=call,
        content=content,
        ceremony=ceremony,
        size=("large", "middle", "small")[sum(letters > bound for bound in BOUNDS)],
    )

"""The diplomas of the laureates (S-121): one for each authority of each pair, in both languages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from assises.canonical import hash_of
from assises.documents import BOTH, render_pdf
from assises.enums import Side
from awards.content import ceremony_of, either
from awards.enums import ResultKind
from awards.models import Call, Result

#: How many letters stand large, and in each smaller size; what is longer is set in the smallest.
#: Of all that a diploma says together, what it has room for without being set closer.
NAME, TITLE, PAIR, ALL = (36, 80, 220), (64, 130, 260), (170, 450, 1000), 320
SIZES = ("large", "middle", "small", "least")


@dataclass(frozen=True)
class Signatory:
    """A co-president of the jury. Both are empty where the side has none yet."""

    name: str
    function: dict[str, str]


@dataclass(frozen=True)
class Diploma:
    """What a diploma says: texts by the tags of both languages, as they were written."""

    #: Its place in the list, and nothing else: the laureate, then the authority. Fit for the name of a file.
    code: str
    award: dict[str, str]
    category: dict[str, str]
    kind: ResultKind
    is_ex_aequo: bool
    title: dict[str, str]
    #: The authority that it is made out to; and all of its pair, the French side first.
    partner: dict[str, str]
    partners: tuple[dict[str, str], ...]
    edition: dict[str, str]
    city: dict[str, str]
    #: That of the ceremony on the calendar of the place; None while the planning has no date for it.
    day: dt.date | None
    #: One of each side, the French side first.
    signatories: tuple[Signatory, ...]

    @property
    def is_mention(self) -> bool:
        return self.kind == ResultKind.MENTION

    @property
    def sizes(self) -> str:
        """Classes for what has no fixed length: the longer, the smaller, so that a diploma is one page."""
        name, title, pair = _letters(self.partner), _letters(self.title), _letters(*self.partners)
        functions = max(_letters(signatory.function) for signatory in self.signatories)
        said = name + title + pair + functions + _letters(self.award, self.category)
        sizes = [
            f"name-{_size(name, NAME)}",
            f"title-{_size(title, TITLE)}",
            f"pair-{_size(pair, PAIR)}",
        ]
        return " ".join([*sizes, "close"] if said > ALL else sizes)


def diplomas_of(call: Call) -> list[Diploma]:
    """For each prize and mention, a diploma for each authority of the pair: categories in their order, then places.

    Results are secret until the ceremony (S-117): whoever calls has made sure that the reader may know them.
    """
    edition, date = call.edition, ceremony_of(call)
    signatories = _signatories(call)
    found = []
    for first, result in enumerate(given_by(call), 1):
        partners = list(result.application.partners.all())
        found += [
            Diploma(
                code=f"{first}-{second}",
                award=either(call, "name"),
                category=either(result.category, "name"),
                kind=ResultKind(result.kind),
                is_ex_aequo=result.is_ex_aequo,
                title=either(result.application, "title"),
                partner=partner.in_both(),
                partners=tuple(other.in_both() for other in partners),
                edition=either(edition, "name"),
                city=either(edition, "city"),
                day=date.astimezone(ZoneInfo(edition.time_zone)).date() if date else None,
                signatories=signatories,
            )
            for second, partner in enumerate(partners, 1)
        ]
    return found


def given_by(call: Call) -> list[Result]:
    """The prizes and mentions of an award, with their applications and authorities; not its reserve lists."""
    found = Result.objects.given().filter(category__call=call).select_related("application", "category")
    return list(found.prefetch_related("application__partners__organisation"))


def diplomas_pdf(diplomas: Sequence[Diploma]) -> bytes:
    """A4 landscape, a page each, both languages beside one another; the same bytes for the same diplomas."""
    content = [{**asdict(diploma), "day": str(diploma.day)} for diploma in diplomas]
    return render_pdf(
        "awards/pdf/diplomas.html",
        language="fr",
        identifier=f"diplomas {hash_of(content)}",
        languages=BOTH,
        diplomas=diplomas,
    )


def _signatories(call: Call) -> tuple[Signatory, ...]:
    presidents = {member.side: member for member in call.jury.presidents().select_related("user")}
    return tuple(
        Signatory(str(member), either(member, "function"))
        if member
        else Signatory("", {"fr": "", "zh-Hans": ""})
        for member in (presidents.get(side) for side in Side)
    )


def _letters(*texts: dict[str, str]) -> int:
    """In the language in which they are longer; a hanzi is as wide as two letters."""
    return max(sum(len(text["fr"]) for text in texts), 2 * sum(len(text["zh-Hans"]) for text in texts))


def _size(letters: int, bounds: Sequence[int]) -> str:
    return SIZES[sum(letters > bound for bound in bounds)]

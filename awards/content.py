"""What the rules of an award say, as plain values in both languages; and the hash over it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from assises.canonical import hash_of
from assises.templatetags.typography import write_moment, write_number
from awards.braces import filled_in
from awards.enums import Phase
from awards.models import Article, Call, Category, Criterion, Rules

#: The tags of both languages, and the endings of their columns.
LANGUAGES = {"fr": "fr", "zh-Hans": "zh_hans"}
#: Numbers of the call that the rules name, and that only a new version of them changes.
NUMBERS = [
    "film_is_required", "one_per_partnership", "jury_per_side", "quorum_per_side", "quorum_percent",
    "votes_are_secret", "summary_characters", "pictures", "picture_megabytes", "film_seconds", "film_megabytes",
    "completion_hours",
]  # fmt: skip
#: What an article may name, by the word in braces that stands for it; a moment is written on both clocks.
MOMENTS = {
    "opens_at": Phase.CALL,
    "closes_at": Phase.ADMISSIBILITY,
    "jury_at": Phase.CONFLICTS,
    "scoring_at": Phase.SCORING,
    "deliberation_at": Phase.DELIBERATION,
    "ceremony_at": Phase.PUBLISHED,
}
WORDS = [*MOMENTS, *(n for n in NUMBERS if not n.startswith(("film_is", "one_per", "votes"))), "prizes"]


def content_of(rules: Rules) -> dict[str, Any]:
    """All that is frozen with a version: the same values each time, whatever the language of the page."""
    call = rules.call
    categories = _categories_of(call)
    return {
        "edition": call.edition.code,
        "edition_name": both(call.edition, "name"),
        "version": rules.version,
        "name": both(call, "name"),
        "reason": both(rules, "reason"),
        "articles": [_article(a, call, categories) for a in rules.articles.all()],
        **_award_of(call, categories),
        "dates": _dates_of(call),
    }


def digest_of_rules(rules: Rules) -> str:
    """The hash of a version: the one that was frozen, or that of the draft as it stands."""
    return rules.digest or hash_of(content_of(rules))


def in_both_languages(content: Any) -> Any:
    """What the rules say, each text as ``fr`` and ``zh``: names that templates can say."""
    match content:
        case {"fr": french, "zh-Hans": chinese}:
            return {"fr": french, "zh": chinese}
        case dict():
            return {name: in_both_languages(value) for name, value in content.items()}
        case list():
            return [in_both_languages(value) for value in content]
    return content


@dataclass(frozen=True)
class Differences:
    """What of an award no longer is as its rules say it."""

    #: A category, a criterion, a mark or a number: nothing opens any more.
    award: bool = False
    #: A date: the phase opens on the later of the two.
    dates: bool = False


def differences(rules: Rules | None) -> Differences:
    """Between a frozen version and its award as it stands now; none where there is no such version."""
    if rules is None or rules.content is None:
        return Differences()
    award = _award_of(rules.call, _categories_of(rules.call))
    return Differences(
        award=any(rules.content[name] != value for name, value in award.items()),
        dates=rules.content["dates"] != _dates_of(rules.call),
    )


def opening_of(call: Call, phase: Phase, in_force: Rules | None) -> dt.datetime | None:
    """The earliest moment at which a phase opens: its date in the planning, or the one that the rules in force have told
    everybody, whichever is later. None where the planning has no date for it.
    """
    planned = call.date_of(phase)
    told = in_force.content["dates"].get(phase) if in_force is not None and in_force.content else ""
    return max(planned, dt.datetime.fromisoformat(told)) if planned and told else planned


def ceremony_of(call: Call) -> dt.datetime | None:
    """When the results may be released, and the prizes are given."""
    return opening_of(call, Phase.PUBLISHED, call.rules.in_force().first())


def both(row: Any, field: str) -> dict[str, str]:
    """A text in both languages, by their tags; a missing one is empty."""
    return {tag: getattr(row, f"{field}_{ending}") or "" for tag, ending in LANGUAGES.items()}


def either(row: Any, field: str) -> dict[str, str]:
    """A text in both languages, by their tags; where one is missing, the other stands for it."""
    said = both(row, field)
    return {tag: text or next(filter(None, said.values()), "") for tag, text in said.items()}


def filled(text: str, call: Call, categories: list[Category], language: str) -> str:
    """The text of an article with its words in braces replaced; one that we do not know stays as it is."""
    with translation.override(language):
        values = {word: _moment(call, phase, language) for word, phase in MOMENTS.items()}
        values |= {word: write_number(getattr(call, word), language) for word in WORDS if hasattr(call, word)}
        values["prizes"] = write_number(sum(c.prizes for c in categories), language)
    return filled_in(text, values)


def on_both_clocks(at: dt.datetime, call: Call, language: str) -> str:
    """One instant on the clocks of both sides, in words, in the active language."""
    edition = call.edition
    here, there = (at.astimezone(ZoneInfo(zone)) for zone in (edition.time_zone, edition.partner_time_zone))
    return _("%(here)s in Paris time, %(there)s in Beijing time") % {
        "here": write_moment(here, language),
        "there": write_moment(there, language),
    }


def _moment(call: Call, phase: Phase, language: str) -> str:
    at = call.date_of(phase)
    return on_both_clocks(at, call, language) if at else _("a date to be announced")


def _article(article: Article, call: Call, categories: list[Category]) -> dict[str, Any]:
    return {
        "number": article.number,
        "title": both(article, "title"),
        "text": {
            tag: filled(text, call, categories, tag.lower()) for tag, text in both(article, "text").items()
        },
    }


def _category(category: Category) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": both(category, "name"),
        "theme": category.theme.code if category.theme else "",
        "prizes": category.prizes,
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "name": both(criterion, "name"),
        "question": both(criterion, "question"),
        "weight": criterion.weight,
        "breaks_ties": criterion.breaks_ties,
        "marks": [{"mark": a.mark, "meaning": both(a, "meaning")} for a in criterion.anchors.all()],
    }


def _categories_of(call: Call) -> list[Category]:
    return list(call.categories.select_related("theme"))


def _award_of(call: Call, categories: list[Category]) -> dict[str, Any]:
    return {
        "categories": [_category(c) for c in categories],
        "criteria": [_criterion(c) for c in call.criteria.prefetch_related("anchors")],
        "numbers": {name: getattr(call, name) for name in NUMBERS},
    }


def _dates_of(call: Call) -> dict[str, str]:
    return {phase.value: _instant(call.date_of(phase)) for phase in MOMENTS.values()}


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat() if at else ""

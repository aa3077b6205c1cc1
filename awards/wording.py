"""What agenda and motions say, in both languages at once: the software proposes, a co-president words it; and why an
order, or a vote, came out as it did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from awards.enums import AgendaKind, Effect
from awards.models import Application, Category
from awards.ranking import TieBreak

DECIDED_BY = {
    TieBreak.INNOVATION: gettext_lazy("the mark for innovation"),
    TieBreak.WEAKER_SIDE: gettext_lazy("the higher score on the side that likes it less"),
    TieBreak.FIRST_PLACES: gettext_lazy("the number of first places"),
}
WHY_VOID = {
    "no_quorum": gettext_lazy("There was no quorum when it was closed: it can be moved again."),
    "recused": gettext_lazy("Somebody who had voted was recused meanwhile: it can be moved again."),
}


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    fr: str
    zh_hans: str


def of_motion(effect: Effect, category: Category | None, rows: Sequence[Application]) -> Wording:
    """What a motion with this effect says; ``rows`` in their order."""
    return _in_both(lambda language: _motion(effect, category, rows, language))


def of_item(kind: AgendaKind, category: Category | None, rows: Sequence[Application]) -> Wording:
    return _in_both(lambda language: _item(kind, category, rows, language))


def _in_both(say: Callable[[str], str]) -> Wording:
    with translation.override("fr"):
        french = say("fr")
    with translation.override("zh-hans"):
        return Wording(french, say("zh-hans"))


def _motion(effect: Effect, category: Category | None, rows: Sequence[Application], language: str) -> str:
    words = {"category": _category(category, language), "applications": _names(rows, language)}
    match effect:
        case Effect.PRIZE:
            return _("The prize “%(category)s” goes to %(applications)s.") % words
        case Effect.PRIZES:
            return _("Each of these has the prize of its category: %(applications)s.") % words
        case Effect.MENTION:
            return _("“%(category)s” goes to %(applications)s.") % words
        case Effect.EX_AEQUO:
            return _("“%(category)s” is shared ex aequo by %(applications)s.") % words
        case Effect.NO_PRIZE:
            return _("No prize is given in “%(category)s”.") % words
        case Effect.RESERVE:
            return _("Reserve list of “%(category)s”, in this order: %(applications)s.") % words
        case Effect.COMMENTS:
            return _("The comments of the jury are sent, without names, to those who applied.")
    return ""


def _item(kind: AgendaKind, category: Category | None, rows: Sequence[Application], language: str) -> str:
    words = {"category": _category(category, language), "applications": _names(rows, language)}
    match kind:
        case AgendaKind.BOUNDARY:
            return _("“%(category)s”: close at the boundary of the prizes – %(applications)s") % words
        case AgendaKind.DISAGREEMENT:
            return _("“%(category)s”: the two sides see it differently – %(applications)s") % words
        case AgendaKind.WINNERS:
            return _("Clear winners, in one vote – %(applications)s") % words
        case AgendaKind.MENTION:
            return _("Mention: “%(category)s”") % words
        case AgendaKind.RESERVE:
            return _("Reserve list of “%(category)s” – %(applications)s") % words
    return ""


def _names(rows: Sequence[Application], language: str) -> str:
    """In a language that has no translation of a title, the title as it was written."""
    return pgettext("between applications", "; ").join(
        _("application %(number)d (%(title)s)")
        % {
            "number": row.number or 0,
            "title": row.in_language("title", language) or row.original_title,
        }
        for row in rows
    )


def _category(category: Category | None, language: str) -> str:
    if category is None:
        return ""
    return category.name_fr if language == "fr" else category.name_zh_hans or category.name_fr

"""The ranking of an award as the jury reads it: by category, for the whole jury or for one member."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from awards.models import Application, Call, Category, JuryMember
from awards.ranking import (
    Disagreement,
    Mark,
    Standing,
    against_all_others,
    disagreements,
    near_ties,
    rank,
)
from awards.reading_sheets import breaks_ties, code_of, marks_of, weights_of


@dataclass(frozen=True)
class Ranked:
    """One category: its applications in their order, and what is to be pointed out. Nothing is left out by machine."""

    category: Category
    standings: list[Standing]
    #: By the code that the ranking calls them by.
    applications: Mapping[str, Application]
    disagreements: list[Disagreement]
    #: Those that the member is recused from, by their numbers; no figure here was made with them.
    recused: list[Application]

    def near_ties(self, prizes: int) -> list[tuple[Standing, Standing]]:
        return near_ties(self.standings, prizes)

    def application_of(self, standing: Standing) -> Application:
        return self.applications[standing.application]


def rankings_of(call: Call, member: JuryMember | None = None) -> list[Ranked]:
    """Of each category with a theme, in their order; six queries, eight for a member.

    For a member who votes, it is made of the marks of what they judge, and of nothing else: were it made of all, the
    figure of an application could be worked out from those of the others, whose mean is known.
    """
    marks, weights, innovation = marks_of(call), weights_of(call), breaks_ties(call)
    rows = list(call.applications.admissible().select_related("category").order_by("number"))
    shown = _shown_to(member, rows)
    found = []
    for category in call.categories.exclude(theme=None):
        own = {code_of(row.number): row for row in rows if row.category_id == category.pk}
        # A substitute who was not called does not know of the others.
        hidden = [row for row in own.values() if row.pk not in shown and member is not None and member.votes]
        given = [
            mark
            for mark in marks.get(category.code, [])
            if mark.application in own and own[mark.application].pk in shown
        ]
        standings = rank(given, weights, innovation)
        found.append(Ranked(category, standings, own, disagreements(standings), hidden))
    return found


def contrary_jurors(call: Call, member: JuryMember | None = None) -> list[tuple[str, Fraction]]:
    """Keys of jurors who run against all others, over all categories, and by how much (-1 to 0)."""
    shown = _shown_to(member, list(call.applications.admissible()))
    codes = {code_of(n) for n in call.applications.filter(pk__in=shown).values_list("number", flat=True)}
    marks: list[Mark] = [m for given in marks_of(call).values() for m in given if m.application in codes]
    return against_all_others(marks, weights_of(call)) if marks else []


def facts_of(standing: Standing) -> dict[str, Any]:
    """Where an application stands, and the steps of the published chain, as plain values for the agenda."""
    return {
        "rank": standing.rank,
        "last_place": standing.last_place,
        "final": _plain(standing.final),
        "innovation": _plain(standing.innovation.together),
        "weaker_side": _plain(standing.scores.weaker),
        "first_places": _plain(standing.first_places),
        "decided_by": standing.decided_by.value if standing.decided_by else "",
    }


def _plain(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):.3f}"


def _shown_to(member: JuryMember | None, rows: Collection[Application]) -> set[int]:
    if member is None or member.is_secretary:
        return {row.pk for row in rows}
    return set(Application.objects.visible_to_juror(member).values_list("pk", flat=True))

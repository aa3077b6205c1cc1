"""The ranking as the jury reads it, what is pointed out in it, and where so many prizes would cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises import clock
from assises.back_office import show
from assises.text import whole_number
from awards import services
from awards.access import jury_page
from awards.charts import Chart, chart_of
from awards.enums import Look, Phase
from awards.models import Application, Category, JuryMember
from awards.ranking import Standing, cut
from awards.standings import Ranked, contrary_jurors, rankings_of
from awards.wording import DECIDED_BY

#: Prizes of a category that the simulator goes up to.
MOST = 7
CUT = {
    "prize": pgettext_lazy("where prizes cut", "prize"),
    "tied": pgettext_lazy("where prizes cut", "tied at the boundary"),
    "reserve": pgettext_lazy("where prizes cut", "behind"),
}


@dataclass(frozen=True)
class Line:
    """One row of the table, with figures as they are written."""

    application: Application
    standing: Standing
    rank: str
    final: float | None
    french: float | None
    chinese: float | None
    raw: float | None
    french_borda: float | None
    chinese_borda: float | None
    spread: float
    decided_by: object
    #: Where the prizes cut: a word of ``CUT``, and its sign.
    code: str

    @property
    def where(self) -> object:
        return CUT.get(self.code, "")


@dataclass(frozen=True)
class Shown:
    """One category on the page."""

    category: Category
    prizes: int
    lines: list[Line]
    recused: list[Application]
    near_ties: list[tuple[Application, Application, float]]
    disagreements: list[tuple[Application, float, float]]
    undecided: list[Application]
    chart: Chart


@jury_page("jury/classement/", name="jury_ranking", title=gettext_lazy("Ranking"))
def ranking(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """Each category in its order, for whoever votes of what they judge, for secretaries in aggregate."""
    call = member.call
    asked = whole_number(request.GET.get("prix", ""))
    prizes = asked if 1 <= asked <= MOST else None
    is_open = call.has_reached(Phase.DELIBERATION)
    if call.phase == Phase.SEALED:
        services.note_look(member, Look.RANKING, at=clock.now())
    rankings = rankings_of(call, member) if is_open else []
    names = {str(m.pk): m for m in call.jury.select_related("user")} if is_open else {}
    context = {
        "title": _("Ranking"),
        "member": member,
        "is_open": is_open,
        "categories": [_shown(ranked, prizes or ranked.category.prizes) for ranked in rankings],
        # Names are for those who vote: secretaries read aggregates.
        "contrary": [
            (names[juror], round(float(against), 2))
            for juror, against in contrary_jurors(call, member)
            if juror in names
        ]
        if is_open and member.votes
        else [],
        "prizes": prizes,
        "choices": range(1, MOST + 1),
    }
    return show(request, "awards/back_office/jury_ranking.html", context)


def _shown(ranked: Ranked, prizes: int) -> Shown:
    by_code = {s.application: s for s in ranked.standings}
    where = cut(ranked.standings, prizes)
    codes = {
        **{s.application: "prize" for s in where.winners},
        **{s.application: "tied" for s in where.tied_at_the_boundary},
        **{s.application: "reserve" for s in where.reserve},
    }
    return Shown(
        category=ranked.category,
        prizes=prizes,
        lines=[_line(ranked, s, codes.get(s.application, "")) for s in ranked.standings],
        recused=ranked.recused,
        near_ties=[
            (
                ranked.application_of(one),
                ranked.application_of(other),
                round(float(one.chain[0] - other.chain[0]), 3),
            )
            for one, other in ranked.near_ties(prizes)
        ],
        disagreements=[
            (ranked.application_of(by_code[d.application]), float(d.french_rank), float(d.chinese_rank))
            for d in ranked.disagreements
        ],
        undecided=list(_undecided(ranked)),
        chart=chart_of(ranked.standings),
    )


def _line(ranked: Ranked, s: Standing, code: str) -> Line:
    rank = "–" if s.rank is None else str(s.rank) if not s.is_ex_aequo else f"{s.rank}–{s.last_place}"
    return Line(
        application=ranked.application_of(s),
        standing=s,
        rank=rank,
        final=_figure(s.final),
        french=_figure(s.scores.french),
        chinese=_figure(s.scores.chinese),
        raw=_figure(s.raw.together),
        french_borda=_figure(s.borda.french),
        chinese_borda=_figure(s.borda.chinese),
        spread=round(float(s.spread), 2),
        decided_by=DECIDED_BY[s.decided_by] if s.decided_by else "",
        code=code,
    )


def _undecided(ranked: Ranked) -> Iterator[Application]:
    """Those that the whole published chain leaves equal."""
    return (ranked.application_of(s) for s in ranked.standings if s.rank is not None and s.is_ex_aequo)


def _figure(value: object) -> float | None:
    # Two decimals are read; the order is made of exact fractions. Nothing is “-0”.
    return None if value is None else round(float(value), 2) + 0.0  # type: ignore[arg-type]

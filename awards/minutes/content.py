"""All that the minutes of the jury say, as plain values in both languages; their hash is made of it.

Applications are named by their numbers, members by their keys. What is said of an application says of which under
``about``, so that it can be kept from whoever is recused from it (``awards.minutes.masking``).
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.utils import translation

from assises.enums import Side
from assises.models import JournalEntry
from awards import sealing
from awards.content import LANGUAGES, both, ceremony_of
from awards.effects import concerned_by_motion
from awards.enums import ApplicationState, MotionState
from awards.models import (
    AgendaItem,
    Application,
    Call,
    Calling,
    Category,
    Interest,
    JuryMinutes,
    Motion,
    Result,
    SecretaryOpinion,
    Sheet,
)
from awards.ranking import Standing
from awards.ranking.sheets import totals_by_juror
from awards.reading_sheets import marks_of, number_of, weights_of
from awards.standings import Ranked, rankings_of

Plain = dict[str, Any]


def content_of(minutes: JuryMinutes) -> Plain:
    """What they say of everything that was decided until now. The same values each time, whatever the language.

    About thirty queries, however many applications and jurors there are.
    """
    call = Call.objects.select_related("edition__host").get(pk=minutes.call_id)
    rules = call.rules.in_force().first()
    motions = _motions(call)
    results = _results(call)
    named = {row["application"] for row in results} | {n for m in motions for n in m["about"]}
    return {
        "number": minutes.label,
        "amends": minutes.amends.label if minutes.amends else "",
        "reason": {"fr": minutes.reason_fr, "zh-Hans": minutes.reason_zh_hans},
        "edition": call.edition.code,
        "edition_name": both(call.edition, "name"),
        "award": both(call, "name"),
        "rules": {"version": rules.version, "digest": rules.digest, "frozen_at": _instant(rules.frozen_at)}
        if rules
        else None,
        "numbers": {
            name: getattr(call, name)
            for name in ("jury_per_side", "quorum_per_side", "quorum_percent", "votes_are_secret")
        },
        "members": [
            {
                "id": member.pk,
                "name": str(member.user),
                "side": member.side,
                "role": member.role,
                "function": both(member, "function"),
            }
            for member in call.jury.select_related("user").order_by("-side", "pk")
        ],
        "applications": _applications(call),
        "titles": _titles(call, named),
        "recusals": _recusals(call),
        "callings": [
            {"member": member, "application": number}
            for member, number in Calling.objects.filter(application__call=call)
            .order_by("application__number", "member")
            .values_list("member", "application__number")
        ],
        "criteria": [
            {"code": c.code, "name": both(c, "name"), "weight": c.weight, "breaks_ties": c.breaks_ties}
            for c in call.criteria.all()
        ],
        "sheets": _sheets(call),
        "categories": [{"code": c.code, "name": both(c, "name")} for c in call.categories.all()],
        "rankings": [_ranking(ranked) for ranked in rankings_of(call)],
        "sittings": _sittings(call),
        "motions": motions,
        "results": results,
        "remarks": {"fr": minutes.remarks_fr, "zh-Hans": minutes.remarks_zh_hans},
        "embargo": _instant(ceremony_of(call)),
        "scores": _scores(call),
        "seals": _seals(call),
    }


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else ""


def _applications(call: Call) -> Plain:
    """How many have arrived, what became of them, and why those that are not admissible are not."""
    states = Counter(call.applications.values_list("state", flat=True))
    opinions: dict[int, Plain] = defaultdict(dict)
    for number, round_, last, side, reason in (
        SecretaryOpinion.objects.filter(
            application__call=call, application__state=ApplicationState.INADMISSIBLE,
            opinion=ApplicationState.INADMISSIBLE,
        )
        .order_by("application__number", "side")
        .values_list("application__number", "round", "application__round", "side", "reason")
    ):  # fmt: skip
        if round_ == last:
            opinions[number or 0][side] = reason
    refused = call.applications.filter(state=ApplicationState.INADMISSIBLE).order_by("number")
    late = JournalEntry.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id__in=call.applications.filter(state=ApplicationState.DRAFT).values("pk"),
        action="application_late",
    )
    return {
        "arrived": sum(count for state, count in states.items() if state != ApplicationState.DRAFT),
        "admissible": states[ApplicationState.ADMISSIBLE],
        "withdrawn": states[ApplicationState.WITHDRAWN],
        "late": late.values("subject_id").distinct().count(),
        # Without reasons: what both asked for was not completed in time.
        "inadmissible": [
            {"application": number, "reasons": opinions.get(number or 0, {})}
            for number in refused.values_list("number", flat=True)
        ],
    }


def _titles(call: Call, numbers: Iterable[int]) -> Plain:
    """The titles of those that something was decided about, and their authorities; by number, as text."""
    rows = call.applications.filter(number__in=set(numbers)).order_by("number")
    return {
        str(row.number): {
            "title": {tag: row.in_language("title", tag.lower()) or row.original_title for tag in LANGUAGES},
            "partners": [{"side": partner.side, "name": partner.in_both()} for partner in row.partners.all()],
        }
        for row in rows.prefetch_related("partners__organisation")
    }


def _recusals(call: Call) -> list[Plain]:
    """Who did not judge what; why, in words, is for the secretaries only."""
    found = Interest.objects.recusals().filter(member__call=call).order_by("application__number", "member")
    return [
        {"member": member, "application": number, "kind": kind}
        for member, number, kind in found.values_list("member", "application__number", "kind")
    ]


def _sheets(call: Call) -> Plain:
    """By side: sheets that count, and abstentions."""
    valid = Sheet.objects.valid().sealed().filter(application__call=call)
    given = Counter(valid.order_by().values_list("member__side", "abstains"))
    return {
        side.value: {"counting": given[side.value, False], "abstentions": given[side.value, True]}
        for side in Side
    }


def _ranking(ranked: Ranked) -> Plain:
    lines = [_line(standing) for standing in ranked.standings]
    return {
        "category": ranked.category.code,
        "name": both(ranked.category, "name"),
        "prizes": ranked.category.prizes,
        "about": sorted(row.number or 0 for row in ranked.applications.values()),
        "lines": lines,
        "near_ties": [
            [number_of(one.application), number_of(other.application)]
            for one, other in ranked.near_ties(ranked.category.prizes)
        ],
        "disagreements": [number_of(d.application) for d in ranked.disagreements],
    }


def _line(s: Standing) -> Plain:
    return {
        "application": number_of(s.application),
        "rank": s.rank,
        "last_place": s.last_place,
        "final": _figure(s.final),
        "french": _figure(s.scores.french),
        "chinese": _figure(s.scores.chinese),
        "raw": _figure(s.raw.together),
        "french_marks": s.french_marks,
        "chinese_marks": s.chinese_marks,
        "spread": _figure(s.spread),
        "decided_by": s.decided_by.value if s.decided_by else "",
    }


def _figure(value: Fraction | None) -> str:
    # Nothing is “-0.000”.
    return "" if value is None else f"{round(float(value), 3) + 0.0:.3f}"


def _scores(call: Call) -> list[Plain]:
    """Annex: the totals that each application was given, 1 to 5, by side; in ascending order, so that they name nobody."""
    weights = weights_of(call)
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {side.value: [] for side in Side})
    for marks in marks_of(call).values():
        sides = {mark.juror: mark.side for mark in marks}
        for juror, totals in totals_by_juror(marks, weights).items():
            for application, total in totals.items():
                found[number_of(application)][sides[juror].value].append(_figure(total))
    return [
        {"application": number, **{side: sorted(totals) for side, totals in by_side.items()}}
        for number, by_side in sorted(found.items())
    ]


def _sittings(call: Call) -> list[Plain]:
    return [
        {
            "number": sitting.number,
            "opened": {"by": sitting.opened_by_id, "at": _instant(sitting.opened_at)},
            "closed": {"by": sitting.closed_by_id, "at": _instant(sitting.closed_at)},
            "present": [
                {"member": p.member_id, "from": _instant(p.entered_at), "until": _instant(p.left_at)}
                for p in sitting.presences.all()
            ],
        }
        for sitting in call.sittings.prefetch_related("presences").order_by("number")
    ]


def _motions(call: Call) -> list[Plain]:
    items = list(
        AgendaItem.objects.filter(call=call).prefetch_related(
            "lines__application", "motions__lines__application", "motions__votes", "motions__category"
        )
    )
    numbers = dict(call.applications.exclude(number=None).values_list("pk", "number"))
    about = concerned_by_motion(call, items)
    found = [
        _motion(motion, item.number, sorted(numbers[pk] or 0 for pk in about[motion.pk]))
        for item in items
        for motion in item.motions.all()
        if motion.is_decided
    ]
    return sorted(found, key=lambda motion: motion["number"])


def _motion(motion: Motion, item: int, about: list[int]) -> Plain:
    return {
        "number": motion.number,
        "item": item,
        "ballot": motion.ballot,
        "effect": motion.effect,
        "category": _category(motion.category),
        "applications": [line.application.number for line in motion.lines.all()],
        "about": about,
        "text": {"fr": motion.text_fr, "zh-Hans": motion.text_zh_hans},
        "opened": {"by": motion.opened_by_id, "at": _instant(motion.opened_at)},
        "closed": {"by": motion.closed_by_id, "at": _instant(motion.closed_at)},
        "attendance": motion.attendance,
        "secret": motion.is_secret,
        # Of a secret vote, who has voted.
        "votes": {
            str(vote.member_id): vote.choice for vote in sorted(motion.votes.all(), key=lambda v: v.member_id)
        },
        "tally": motion.tally,
        "state": motion.state,
        "is_tied": motion.is_tied,
        "why_void": motion.why_void if motion.state == MotionState.VOID else "",
    }


def _category(category: Category | None) -> Plain | None:
    return {"code": category.code, "name": both(category, "name")} if category else None


def _results(call: Call) -> list[Plain]:
    found = Result.objects.filter(category__call=call).select_related("application", "category", "motion")
    return [
        {
            "category": result.category.code,
            "name": both(result.category, "name"),
            "kind": result.kind,
            "place": result.place,
            "is_ex_aequo": result.is_ex_aequo,
            "application": result.application.number,
            "motion": result.motion.number,
        }
        for result in found.order_by("category__order", "category", "kind", "place", "application__number")
    ]


def _seals(call: Call) -> Plain:
    """How long the chain is, its end, and whatever was changed after it was sealed, a sentence each."""
    found = sealing.findings(call)
    return {
        "count": call.seals,
        "digest": call.seal_digest,
        "findings": [{tag: _in(tag, finding) for tag in LANGUAGES} for finding in found],
    }


def _in(tag: str, finding: sealing.Finding) -> str:
    with translation.override(tag.lower()):
        return str(finding)

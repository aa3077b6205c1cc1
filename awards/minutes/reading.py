"""The minutes as a template reads them: what their content says, with names for keys and moments for instants."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from assises.enums import Side
from awards.content import LANGUAGES, in_both_languages, on_both_clocks
from awards.enums import Choice, Effect, InterestKind, JuryRole, MotionState, ResultKind
from awards.models import Call, MinutesSignature
from awards.ranking import TieBreak
from awards.wording import DECIDED_BY, WHY_VOID

Plain = dict[str, Any]
#: Lines of an order that are written out; behind them nobody comes near a prize, and the attached data has them.
LINES = 200


@dataclass(frozen=True)
class Signed:
    """Whose signature the minutes have, or wait for."""

    name: str
    side: Side
    role: JuryRole
    function: Plain
    at: dt.datetime | None


def readable(content: Plain, call: Call) -> Plain:
    """``content``, whole or masked, for the page and the document."""
    said: Plain = in_both_languages(content)
    people = {member["id"]: _person(member) for member in said["members"]}
    return {
        **said,
        "rules": said["rules"] and {**said["rules"], "frozen_at": _at(said["rules"]["frozen_at"])},
        "people": list(people.values()),
        "sides": [(side, [p for p in people.values() if p["side"] == side]) for side in Side],
        "recusals": [
            {**r, "person": people[r["member"]], "kind": InterestKind(r["kind"])} for r in said["recusals"]
        ],
        "callings": [{**c, "person": people[c["member"]]} for c in said["callings"]],
        "sheets": [(side, said["sheets"][side.value]) for side in Side],
        "rankings": [_ranking(r) for r in said["rankings"]],
        "sittings": [_sitting(s, people, call) for s in said["sittings"]],
        "motions": [_motion(m, people) for m in said["motions"]],
        "results": _by_category(said),
        "embargo": _clocks(content["embargo"], call),
        "inadmissible": [
            {"number": row["application"], "reasons": [(Side(s), text) for s, text in row["reasons"].items()]}
            for row in content["applications"]["inadmissible"]
        ],
    }


def signers(content: Plain, signatures: Iterable[MinutesSignature]) -> list[Signed]:
    """Both co-presidents and both secretaries, the French side first, with when they signed what stands."""
    given = {signature.member_id: signature.at for signature in signatures}
    members = [m for m in content["members"] if m["role"] in (JuryRole.PRESIDENT, JuryRole.SECRETARY)]
    return [
        Signed(
            m["name"],
            Side(m["side"]),
            JuryRole(m["role"]),
            in_both_languages(m["function"]),
            given.get(m["id"]),
        )
        for role in (JuryRole.PRESIDENT, JuryRole.SECRETARY)
        for side in Side
        for m in members
        if (m["role"], m["side"]) == (role, side)
    ]


def _at(instant: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(instant) if instant else None


def _clocks(instant: str, call: Call) -> Plain | None:
    """The moment on both clocks, in words, in both languages."""
    at = _at(instant)
    if at is None:
        return None
    said = {}
    for tag in LANGUAGES:
        with translation.override(tag.lower()):
            said[tag] = on_both_clocks(at, call, tag.lower())
    found: Plain = in_both_languages(said)
    return found


def _person(member: Plain) -> Plain:
    return {**member, "side": Side(member["side"]), "role": JuryRole(member["role"])}


def _ranking(ranking: Plain) -> Plain:
    return {
        **ranking,
        "lines": [
            {**line, "decided_by": DECIDED_BY[TieBreak(line["decided_by"])] if line["decided_by"] else ""}
            for line in ranking["lines"][:LINES]
        ],
        "left_out": max(0, len(ranking["lines"]) - LINES),
        "near_ties": [f"{one}–{other}" for one, other in ranking["near_ties"]],
    }


def _sitting(sitting: Plain, people: dict[int, Plain], call: Call) -> Plain:
    return {
        **sitting,
        "opened": {"by": people[sitting["opened"]["by"]], "at": _clocks(sitting["opened"]["at"], call)},
        "closed": {
            "by": people.get(sitting["closed"]["by"]),
            "at": _clocks(sitting["closed"]["at"], call),
        },
        "present": [
            {"person": people[p["member"]], "from": _at(p["from"]), "until": _at(p["until"])}
            for p in sitting["present"]
        ],
    }


def _motion(motion: Plain, people: dict[int, Plain]) -> Plain:
    if motion.get("is_masked"):
        return motion
    attendance = motion["attendance"].get("closed") or motion["attendance"].get("opened") or {}
    return {
        **motion,
        "effect": Effect(motion["effect"]),
        "state": MotionState(motion["state"]),
        "opened_at": _at(motion["opened"]["at"]),
        "closed_at": _at(motion["closed"]["at"]),
        "present": [people[pk]["name"] for pk in attendance.get("present", []) if pk in people],
        "out": [people[pk]["name"] for pk in attendance.get("out", []) if pk in people],
        "quorum": [(side, attendance["quorum"][side.value]) for side in Side] if attendance else [],
        "quorum_in_all": attendance.get("quorum", {}).get("all"),
        "votes": [
            (people[int(pk)]["name"], Choice(choice) if choice else None)
            for pk, choice in motion["votes"].items()
            if int(pk) in people
        ],
        "tally": [(side, motion["tally"][side.value]) for side in Side],
        "why_void": WHY_VOID.get(motion["why_void"], ""),
    }


def _by_category(said: Plain) -> list[Plain]:
    """The results of each category; what the jury has decided to give nobody; and what this reader may not know yet."""
    closed = {r["category"] for r in said["rankings"] if r.get("is_masked")}
    none = {
        m["category"]["code"]: m["number"]
        for m in said["motions"]
        if not m.get("is_masked") and m["effect"] == Effect.NO_PRIZE and m["state"] == MotionState.PASSED
    }
    categories = {r["category"]: r["name"] for r in said["rankings"]}
    categories |= {r["category"]: r["name"] for r in said["results"]}
    return [
        {
            "name": name,
            "is_masked": code in closed,
            "no_prize": none.get(code),
            "lines": [
                {
                    **r,
                    "kind": ResultKind(r["kind"]),
                    "title": said["titles"][str(r["application"])]["title"],
                    "partners": said["titles"][str(r["application"])]["partners"],
                }
                for r in said["results"]
                if r["category"] == code
            ],
        }
        for code, name in categories.items()
    ]

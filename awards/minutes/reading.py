"""The minutes as a template reads them: what their content says, with names for keys and moments for instants."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from assises.enums import Side
from awards.content import LANGUAGES, on_both_clocks
from awards.enums import SIGNING, Choice, Effect, InterestKind, JuryRole, MotionState, ResultKind
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
    at: dt.datetime | None


def readable(content: Plain, call: Call) -> Plain:
    """``content``, whole or masked, for the page and the document."""
    people = {member["id"]: _person(member) for member in content["members"]}
    rules = content["rules"]
    return {
        **content,
        "rules": rules and {**rules, "frozen_at": _at(rules["frozen_at"])},
        "people": list(people.values()),
        "recusals": [
            {**r, "person": people[r["member"]], "kind": InterestKind(r["kind"])} for r in content["recusals"]
        ],
        "callings": [{**c, "person": people[c["member"]]} for c in content["callings"]],
        "sheets": [(side, content["sheets"][side.value]) for side in Side],
        "rankings": [_ranking(r) for r in content["rankings"]],
        "sittings": [_sitting(s, people, call) for s in content["sittings"]],
        "motions": [_motion(m, people) for m in content["motions"]],
        "results": _by_category(content),
        "embargo": _clocks(content["embargo"], call),
        "inadmissible": [
            {"number": row["application"], "reasons": [(Side(s), text) for s, text in row["reasons"].items()]}
            for row in content["applications"]["inadmissible"]
        ],
    }


def signers(content: Plain, signatures: Iterable[MinutesSignature]) -> list[Signed]:
    """Both co-presidents and both secretaries, the French side first, with when they signed what stands."""
    given = {signature.member_id: signature.at for signature in signatures}
    return [
        Signed(m["name"], Side(m["side"]), JuryRole(m["role"]), given.get(m["id"]))
        for role in SIGNING
        for side in Side
        for m in content["members"]
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
    return said


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
        "opened_at": _clocks(sitting["opened"]["at"], call),
        "closed_at": _clocks(sitting["closed"]["at"], call),
        "present": [
            {"person": people[p["member"]], "from": _at(p["from"]), "until": _at(p["until"])}
            for p in sitting["present"]
        ],
    }


def _motion(motion: Plain, people: dict[int, Plain]) -> Plain:
    if motion.get("is_masked"):
        return motion
    room = motion["attendance"]["closed"]
    return {
        **motion,
        "state": MotionState(motion["state"]),
        "opened_at": _at(motion["opened"]["at"]),
        "closed_at": _at(motion["closed"]["at"]),
        "present": _names(people, set(room["present"]) - set(room["out"])),
        "out": _names(people, room["out"]),
        "quorum": [(side, room["quorum"][side.value]) for side in Side],
        "quorum_in_all": room["quorum"]["all"],
        "votes": [
            (people[int(pk)]["name"], Choice(choice)) for pk, choice in motion["votes"].items() if choice
        ],
        "tally": [(side, motion["tally"][side.value]) for side in Side],
        "why_void": WHY_VOID.get(motion["why_void"], ""),
    }


def _names(people: dict[int, Plain], keys: Collection[int]) -> list[str]:
    """In the order of the jury; a substitute who never signed may have left it since."""
    return [person["name"] for pk, person in people.items() if pk in keys]


def _by_category(content: Plain) -> list[Plain]:
    """The results of each category; what the jury has decided to give nobody; and what this reader may not know yet."""
    closed = {r["category"] for r in content["rankings"] if r.get("is_masked")}
    none = {
        m["category"]["code"]: m["number"]
        for m in content["motions"]
        if not m.get("is_masked") and m["effect"] == Effect.NO_PRIZE and m["state"] == MotionState.PASSED
    }
    found = []
    for category in content["categories"]:
        code = category["code"]
        lines = [
            {**r, **content["titles"][str(r["application"])], "kind": ResultKind(r["kind"])}
            for r in content["results"]
            if r["category"] == code
        ]
        # Of a mention, that nobody is named may be because this reader may not know whom.
        is_masked = code in closed or (bool(content.get("is_masked")) and not lines and code not in none)
        found.append({**category, "is_masked": is_masked, "no_prize": none.get(code), "lines": lines})
    return found

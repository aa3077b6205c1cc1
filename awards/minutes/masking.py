"""What of the minutes a member reads before the results are published: nothing of what they are recused from."""

from typing import Any

from awards.enums import Phase
from awards.models import Application, JuryMember


def hidden_from(member: JuryMember) -> frozenset[int]:
    """Numbers of the admissible applications that this member may not know of yet. Three queries at most.

    None for secretaries, and for nobody once the results are published. Of the others, all that they do not judge.
    """
    call = member.call
    if member.is_secretary or call.phase == Phase.PUBLISHED:
        return frozenset()
    numbers = set(call.applications.admissible().values_list("number", flat=True))
    judged = Application.objects.visible_to_juror(member).values_list("number", flat=True)
    return frozenset(number for number in numbers - set(judged) if number is not None)


def masked(content: dict[str, Any], hidden: frozenset[int]) -> dict[str, Any]:
    """The content without what is about one of ``hidden``: order, motions, results and figures.

    An order is left out as a whole, for what is missing in it would tell; so are the results of its category, and a
    motion about several applications.
    """
    if not hidden:
        return content
    closed = {r["category"] for r in content["rankings"] if hidden.intersection(r["about"])}
    kept = {m["number"] for m in content["motions"] if not hidden.intersection(m["about"])}
    return {
        **content,
        "titles": {n: words for n, words in content["titles"].items() if int(n) not in hidden},
        "rankings": [
            {**r, "lines": [], "near_ties": [], "disagreements": [], "is_masked": True}
            if r["category"] in closed
            else r
            for r in content["rankings"]
        ],
        "motions": [
            m if m["number"] in kept else {"number": m["number"], "is_masked": True}
            for m in content["motions"]
        ],
        "results": [r for r in content["results"] if r["category"] not in closed and r["motion"] in kept],
        "scores": [],
        "is_masked": True,
    }

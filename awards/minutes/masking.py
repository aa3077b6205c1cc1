"""What of the minutes a member reads before the results are published: nothing of what ``rights.hidden_from`` them."""

from typing import Any


def masked(content: dict[str, Any], hidden: frozenset[int]) -> dict[str, Any]:
    """The content without what is about one of ``hidden``: order, motions, results and figures; and without free words.

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
        # Nobody knows what they are about.
        "remarks": {"fr": "", "zh-Hans": ""},
        "reason": {"fr": "", "zh-Hans": ""},
        "is_masked": True,
    }

"""Who is left to judge each application, by side."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from assises.enums import Side
from awards.models import Assignment, Call, Calling, Interest

#: On each side, of every application: fewer would be one person's taste.
FEWEST = 2


def judges_of(call: Call) -> Mapping[int, Counter[str]]:
    """For each admissible application, by its key, how many may judge it on each side, recusals taken off.

    Voting members (those it was dealt to, if the applications were dealt) and the substitute who was called. Four
    queries.
    """
    voting = dict(call.jury.voting().values_list("pk", "side"))
    recused = set(Interest.objects.recusals().filter(member__call=call).values_list("application", "member"))
    dealt: dict[int, set[int]] = defaultdict(set)
    if call.dealt_at:
        for row, member in Assignment.objects.filter(member__call=call).values_list("application", "member"):
            dealt[row].add(member)
    called: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, member, side in Calling.objects.filter(member__call=call).values_list(
        "application", "member", "member__side"
    ):
        called[row].append((member, side))
    found: dict[int, Counter[str]] = {}
    for row in call.applications.admissible().values_list("pk", flat=True):
        own = [(m, s) for m, s in voting.items() if not call.dealt_at or m in dealt[row]] + called[row]
        found[row] = Counter({side.value: 0 for side in Side})
        found[row].update(side for member, side in own if (row, member) not in recused)
    return found

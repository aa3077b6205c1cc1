"""Who is left to judge each application, by side."""

from collections import Counter
from collections.abc import Mapping

from assises.enums import Side
from awards.models import Assignment, Call, Calling, Interest

#: On each side, of every application: fewer would be one person's taste.
FEWEST = 2


def judging(call: Call) -> set[tuple[int, int]]:
    """Keys of an admissible application and of a member who judges it, recusals taken off.

    Voting members (those it was dealt to, if the applications were dealt) and the substitute who was called. Four
    queries, five where they were dealt.
    """
    rows = set(call.applications.admissible().values_list("pk", flat=True))
    pairs = set(Calling.objects.filter(application__in=rows).values_list("application", "member"))
    voting = call.jury.voting().values_list("pk", flat=True)
    if call.dealt_at:
        dealt = Assignment.objects.filter(application__in=rows, member__in=voting)
        pairs.update(dealt.values_list("application", "member"))
    else:
        members = list(voting)
        pairs.update((row, member) for row in rows for member in members)
    recused = Interest.objects.recusals().filter(member__call=call)
    return pairs - set(recused.values_list("application", "member"))


def judges_of(call: Call) -> Mapping[int, Counter[str]]:
    """For each admissible application, by its key, how many judge it on each side; two queries more than ``judging``."""
    sides = dict(call.jury.values_list("pk", "side"))
    rows = call.applications.admissible().values_list("pk", flat=True)
    found = {row: Counter({side.value: 0 for side in Side}) for row in rows}
    for row, member in judging(call):
        found[row][sides[member]] += 1
    return found

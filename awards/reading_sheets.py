"""What the ranking is made of: the sealed sheets of those who may judge. What is not sealed does not count."""

from collections import defaultdict
from collections.abc import Mapping

from assises.enums import Side
from awards.models import Call, Score, Sheet
from awards.ranking import Mark


def marks_of(call: Call) -> Mapping[str, list[Mark]]:
    """By the code of the category, the marks of all counting sheets (``Sheet.objects.counting``); two queries.

    In the ranking an application goes by ``code_of``, a juror by the key of the member.
    """
    counting = Sheet.objects.counting().filter(application__call=call)
    sheets = {
        pk: (str(member), Side(side), code_of(number), category)
        for pk, member, side, number, category in counting.order_by().values_list(
            "pk", "member", "member__side", "application__number", "application__category__code"
        )
    }
    given: dict[int, dict[str, int]] = defaultdict(dict)
    # All that are sealed, and those that do not count left out here: asking PostgreSQL twice would take twice as long.
    scores = Score.objects.filter(sheet__application__call=call, sheet__sealed_at__isnull=False).order_by()
    for sheet, criterion, mark in scores.values_list("sheet", "criterion__code", "mark").iterator(20_000):
        if sheet in sheets:
            given[sheet][criterion] = mark or 0
    found: dict[str, list[Mark]] = defaultdict(list)
    for pk, (juror, side, application, category) in sheets.items():
        found[category].append(Mark(juror, side, application, given[pk]))
    return found


def weights_of(call: Call) -> dict[str, int]:
    return dict(call.criteria.values_list("code", "weight"))


def breaks_ties(call: Call) -> str:
    """The code of the criterion that breaks ties first."""
    return call.criteria.get(breaks_ties=True).code


def code_of(number: int | None) -> str:
    """How an application is called in the ranking: its number, so that equals stand in the order of their numbers."""
    return f"{number or 0:06d}"


def number_of(code: str) -> int:
    return int(code)

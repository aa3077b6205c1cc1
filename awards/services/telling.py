"""After the release: each pair is told what the jury has decided, and what it said, if both sides want that."""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import User
from awards import letters
from awards.enums import Effect, Phase
from awards.models import Call, Motion, Result, Score, Sheet
from awards.rights import secretary
from awards.services.phases import held

#: For each criterion, by its key, what jurors wrote about an application.
Comments = dict[int, list[str]]


@transaction.atomic
def tell_results(call: Call, *, at: dt.datetime, by: User) -> int:
    """A secretary has every pair written to, once the results are published; how many pairs. Twice changes nothing.

    The comments of the jury go with it, without names, where a motion that passed on both sides wants that.
    """
    call = held(call)
    secretary(call, by)
    if call.phase != Phase.PUBLISHED:
        raise Refusal(_("The pairs are written to once the results are released, on the stage."))
    rows = list(call.applications.admissible().select_related("call__edition").prefetch_related("editors"))
    given = defaultdict(list)
    for result in Result.objects.given().filter(category__call=call).select_related("category"):
        given[result.application_id].append(result)
    comments = comments_of(call) if sends_comments(call) else {}
    criteria = list(call.criteria.all())
    found = []
    for row in rows:
        said = [(c, comments[row.pk][c.pk]) for c in criteria if comments.get(row.pk, {}).get(c.pk)]
        found += letters.of_results(row, given[row.pk], said, at=at)
    letters.post_results(found, at=at, by=by)
    if told_at(call) is None:
        journal.write([journal.entry(call, "results_told", at=at, by=by, pairs=len(rows))])
    return len(rows)


def told_at(call: Call) -> dt.datetime | None:
    """When the pairs were written to; None before."""
    return journal.of(call).filter(action="results_told").values_list("at", flat=True).first()


def sends_comments(call: Call) -> bool:
    """Whether both sides want the comments to go to those who applied: a motion that passed says so."""
    return Motion.objects.passed().filter(item__call=call, effect=Effect.COMMENTS).exists()


def comments_of(call: Call) -> dict[int, Comments]:
    """What the jurors wrote in the sheets that count, by application and criterion; in the order of the words: of nobody."""
    counting = Sheet.objects.counting().filter(application__call=call)
    scores = Score.objects.filter(sheet__in=counting).exclude(comment="")
    found: dict[int, Comments] = defaultdict(lambda: defaultdict(list))
    for row, criterion, comment in scores.order_by("comment").values_list(
        "sheet__application", "criterion", "comment"
    ):
        found[row][criterion].append(comment)
    return found

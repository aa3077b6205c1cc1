"""What a sheet still lacks before it can be sealed."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from awards.completeness import film_of
from awards.models import Application, Criterion, Sheet

#: The code of the criterion that an application without a film has a 1 for (article 7 of the rules).
FILM = "film"
#: A 1 or a 5 is explained in as many characters, at least; the trigger knows this number too.
COMMENT_CHARACTERS = 10
#: Marks that are explained.
EXPLAINED = (1, 5)


def has_film(application: Application) -> bool:
    """Whether it has a film that can be shown."""
    return film_of(application) is not None


def gaps_of_sheet(sheet: Sheet, criteria: Sequence[Criterion]) -> list[str]:
    """A sentence about each thing that lacks, in the order of the criteria; empty where it can be sealed."""
    return list(_gaps(sheet, criteria))


def _gaps(sheet: Sheet, criteria: Sequence[Criterion]) -> Iterator[str]:
    if sheet.abstains:
        if not sheet.reason:
            yield _("Say why you abstain.")
        return
    scores = {score.criterion_id: score for score in sheet.scores.all()}
    for criterion in criteria:
        score = scores.get(criterion.pk)
        if criterion.code == FILM and not has_film(sheet.application):
            continue
        if score is None or score.mark is None:
            yield _("“%(criterion)s” has no mark yet.") % {"criterion": criterion}
        elif score.mark in EXPLAINED and len(score.comment) < COMMENT_CHARACTERS:
            yield _(
                "“%(criterion)s”: a mark of %(mark)d is explained in a comment of %(least)d characters at least."
            ) % {"criterion": criterion, "mark": score.mark, "least": COMMENT_CHARACTERS}

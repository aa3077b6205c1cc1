"""Who may be the counterpart of a contribution: by partnership, and by theme."""

from dataclasses import dataclass

from django.db.models import Q

from assises.enums import Side
from assises.models import Organisation, Partnership, Theme
from program.enums import ContributionState
from program.models import Contribution

MOST = 8
#: Those who have given up, or were not retained, look for nobody.
LOOKING = [
    ContributionState.PROPOSED,
    ContributionState.CHANGES_ASKED,
    ContributionState.ACCEPTED,
    ContributionState.CONFIRMED,
]


@dataclass(frozen=True)
class Suggestions:
    """Authorities that work with this one, and contributions of the other side that look for one on this theme."""

    partners: list[Organisation]
    looking: list[Contribution]

    def __bool__(self) -> bool:
        return bool(self.partners or self.looking)


def other_side(side: str) -> Side:
    return Side.CHINESE if side == Side.FRENCH else Side.FRENCH


def suggest(
    *, organisation: Organisation | None, side: str, theme: Theme, without: Contribution | None = None
) -> Suggestions:
    """Suggestions for an authority of ``side`` on ``theme``, in two queries; partners of the authority first.

    Of other contributions only the authority and the title are meant to be shown.
    """
    partners = _partners(organisation, side) if organisation else []
    looking = Contribution.objects.filter(
        theme=theme, side=other_side(side), counterpart=None, state__in=LOOKING
    ).select_related("organisation")
    if without is not None:
        looking = looking.exclude(pk=without.pk)
    known = {partner.pk for partner in partners}
    found = sorted(looking[:50], key=lambda c: c.organisation_id not in known)
    return Suggestions(partners[:MOST], found[:MOST])


def _partners(organisation: Organisation, side: str) -> list[Organisation]:
    own, other = ("french", "chinese") if side == Side.FRENCH else ("chinese", "french")
    found = Partnership.objects.filter(Q(**{own: organisation})).select_related(other)
    return [getattr(partnership, other) for partnership in found]

"""How far each side is with minutes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q

from assises.enums import LineVerdict, MinutesState, Side
from assises.minutes.silence import TOLD_AT
from assises.models import Minutes, MinutesLine, Verdict


@dataclass(frozen=True)
class Standing:
    """What one side has said of the present wording of the lines of some minutes."""

    side: Side
    total: int
    accepted: int
    commented: int
    #: It was asked again after a silence, at that moment.
    told_at: dt.datetime | None
    #: It has said something at some time, of whatever wording.
    is_heard: bool

    @property
    def answered(self) -> int:
        return self.accepted + self.commented

    @property
    def due(self) -> int:
        return self.total - self.answered

    @property
    def is_silent(self) -> bool:
        return self.told_at is not None and not self.is_heard


def standings(several: Iterable[Minutes]) -> Mapping[int, list[Standing]]:
    """Of each minutes, both sides, in two queries; empty for drafts: nobody was asked yet."""
    asked = [minutes for minutes in several if minutes.state != MinutesState.DRAFT]
    keys = [minutes.pk for minutes in asked]
    of_minutes = MinutesLine.objects.filter(minutes__in=keys).order_by().values_list("minutes")
    totals = dict(of_minutes.annotate(n=Count("pk")))
    present = Q(revision=F("line__revision"))
    counts = {
        (pk, side): (ever, accepted, commented)
        for pk, side, ever, accepted, commented in Verdict.objects.filter(line__minutes__in=keys)
        .order_by()
        .values_list("line__minutes", "side")
        .annotate(
            ever=Count("pk"),
            accepted=Count("pk", filter=present & Q(verdict=LineVerdict.ACCEPTED)),
            commented=Count("pk", filter=present & Q(verdict=LineVerdict.COMMENTED)),
        )
    }

    def of(minutes: Minutes, side: Side) -> Standing:
        ever, accepted, commented = counts.get((minutes.pk, side), (0, 0, 0))
        told_at = getattr(minutes, TOLD_AT[side])
        return Standing(side, totals.get(minutes.pk, 0), accepted, commented, told_at, is_heard=ever > 0)

    return {minutes.pk: [of(minutes, side) for side in Side] for minutes in asked}

"""When registration is open, and which rules hold at an instant. All of it is data of the edition."""

import datetime as dt
from dataclasses import dataclass

from assises.enums import MilestoneKey
from assises.models import Edition
from assises.models.milestone import milestone_of


@dataclass(frozen=True)
class Rules:
    """The rules of an edition at one instant."""

    at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    #: Before it, each category keeps its places; after it, free places are open to all categories.
    released_at: dt.datetime | None
    #: Until it, an authority holds ``ceiling`` places at most; its other people wait (fairness).
    ceiling_ends_at: dt.datetime | None
    ceiling_of_edition: int | None
    #: From then on nobody changes which sessions to attend: rooms and meals are being ordered.
    choices_close_at: dt.datetime | None = None

    @property
    def not_yet_open(self) -> bool:
        return self.opens_at is not None and self.at < self.opens_at

    @property
    def closed(self) -> bool:
        return self.closes_at is not None and self.at >= self.closes_at

    @property
    def is_open(self) -> bool:
        return not self.not_yet_open and not self.closed

    @property
    def choices_closed(self) -> bool:
        return self.choices_close_at is not None and self.at >= self.choices_close_at

    @property
    def released(self) -> bool:
        return self.released_at is not None and self.at >= self.released_at

    @property
    def ceiling(self) -> int | None:
        """People of one authority that may hold places now; None where any number may."""
        if self.ceiling_ends_at is not None and self.at >= self.ceiling_ends_at:
            return None
        return self.ceiling_of_edition


def rules_of(edition: Edition, at: dt.datetime) -> Rules:
    """The rules that hold at ``at``, read from the edition and its milestones."""

    def start(key: MilestoneKey) -> dt.datetime | None:
        milestone = milestone_of(edition, key)
        return milestone.starts_at if milestone else None

    return Rules(
        at=at,
        opens_at=start(MilestoneKey.REGISTRATION_OPENS),
        closes_at=start(MilestoneKey.REGISTRATION_CLOSES),
        released_at=start(MilestoneKey.QUOTAS_RELEASED),
        ceiling_ends_at=start(MilestoneKey.AUTHORITY_CEILING_ENDS),
        ceiling_of_edition=edition.authority_ceiling,
        choices_close_at=start(MilestoneKey.SESSION_CHOICES_CLOSE),
    )

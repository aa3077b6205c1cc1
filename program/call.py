"""When the call for contributions is open, read from the milestones of the edition."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.enums import MilestoneKey
from assises.models import Edition
from assises.models.milestone import milestone_of
from assises.templatetags.typography import write_moment


@dataclass(frozen=True)
class Call:
    """The call for contributions at one instant."""

    at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None

    @property
    def state(self) -> str:
        """``unannounced``, ``not_yet``, ``open`` or ``closed``."""
        if self.opens_at is None:
            return "unannounced"
        if self.at < self.opens_at:
            return "not_yet"
        return "closed" if self.closes_at is not None and self.at >= self.closes_at else "open"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def refusal(self) -> str:
        """Why nothing can be proposed now, with the date; empty while it is open."""
        match self.state:
            case "unannounced":
                return _("The dates of the call for contributions are not known yet.")
            case "not_yet":
                return _("The call for contributions opens on %(at)s.") % {"at": _written(self.opens_at)}
            case "closed":
                return _("The call for contributions closed on %(at)s.") % {"at": _written(self.closes_at)}
        return ""


def call_of(edition: Edition, at: dt.datetime) -> Call:
    """The call as it stands at ``at``; no query where the edition came with its milestones."""

    def start(key: MilestoneKey) -> dt.datetime | None:
        milestone = milestone_of(edition, key)
        return milestone.starts_at if milestone else None

    return Call(at, start(MilestoneKey.CONTRIBUTIONS_OPEN), start(MilestoneKey.CONTRIBUTIONS_CLOSE))


def _written(at: dt.datetime | None) -> str:
    return write_moment(timezone.localtime(at), get_language()) if at else ""

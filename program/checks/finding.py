"""What the checks look at, and what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assises.models import Edition, Organisation
from program.enums import (
    Severity,
)
from program.models import Contribution, Session


@dataclass(frozen=True)
class Finding:
    """Something about the programme that a person should look at. ``code`` names the check, for tests and pages."""

    code: str
    severity: Severity
    text: str
    sessions: tuple[Session, ...] = ()

    @property
    def severity_label(self) -> str:
        return str(self.severity.label)


@dataclass
class Draft:
    """A programme in progress with all that the checks look at."""

    edition: Edition
    #: With room, venue, theme, visit, leads, parts, speakers and open points; without what was abandoned.
    sessions: list[Session]
    language: str = "fr"
    guest_of_honour: Organisation | None = None
    #: Texts by state, per session: how many Chinese texts are missing, how many are to be reviewed.
    missing_texts: dict[int, int] = field(default_factory=dict)
    stale_texts: dict[int, int] = field(default_factory=dict)
    #: Texts that stand in Chinese only, per session.
    without_french: Mapping[int, int] = field(default_factory=dict)
    #: Contributions that were accepted and stand in no running order.
    nowhere: list[Contribution] = field(default_factory=list)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity == Severity.BLOCKS]

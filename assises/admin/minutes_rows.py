"""What the pages of minutes show of each line and of each side."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assises.admin.minutes_forms import AnswerForm
from assises.enums import LineVerdict, MinutesState, OwnerSide, Side
from assises.minutes.standing import Standing
from assises.minutes.writing import gaps
from assises.models import Minutes, MinutesLine, Verdict
from assises.register import item_url

#: The badge of each state.
STATES = {MinutesState.DRAFT: "text_draft", MinutesState.SENT: "asked", MinutesState.VALIDATED: "confirmed"}


@dataclass(frozen=True)
class Said:
    """What a side says of a line: its badge, in words, and the verdict itself where there is one."""

    side: Side
    badge: str
    word: str
    verdict: Verdict | None
    #: What it said of earlier wordings, where that was a comment.
    before: list[Verdict]


@dataclass
class Row:
    """One line as its page shows it."""

    line: MinutesLine
    item_url: str
    said: list[Said] = field(default_factory=list)
    form: AnswerForm | None = None
    #: It was worded anew while somebody was answering.
    is_stale: bool = False

    @property
    def anchor(self) -> str:
        return f"ligne-{self.line.order}"

    @property
    def owner(self) -> str:
        return str(OwnerSide(self.line.owner_side).label) if self.line.owner_side else ""

    @property
    def says_otherwise(self) -> bool:
        """The register is worded otherwise by now."""
        item, line = self.line.item, self.line
        names = ("status", "text_fr", "text_zh_hans", "outcome_fr", "outcome_zh_hans", "owner_side", "due_on")
        return any((getattr(item, n) or "") != (getattr(line, n) or "") for n in names)


def badge_of(minutes: Minutes) -> tuple[str, Any]:
    """The state for its badge, and in words."""
    state = MinutesState(minutes.state)
    return STATES[state], state.label


def lines_of(minutes: Minutes) -> list[MinutesLine]:
    lines = minutes.lines.select_related("item").prefetch_related("verdicts__by")
    return list(lines.order_by("order", "id"))


def rows_of(minutes: Minutes, lines: Iterable[MinutesLine]) -> list[Row]:
    is_asked = minutes.state != MinutesState.DRAFT
    return [
        Row(line, item_url(line.item), [_said(line, side) for side in Side] if is_asked else [])
        for line in lines
    ]


def _said(line: MinutesLine, side: Side) -> Said:
    own = [v for v in line.verdicts.all() if v.side == side]
    before = [v for v in own if v.revision < line.revision]
    comments = [v for v in before if v.comment]
    verdict = next((v for v in own if v.revision == line.revision), None)
    if verdict is not None:
        badge = "confirmed" if verdict.verdict == LineVerdict.ACCEPTED else "changes_asked"
        return Said(side, badge, str(LineVerdict(verdict.verdict).label), verdict, comments)
    if before:
        return Said(side, "text_stale", _("worded anew: to be answered again"), None, comments)
    return Said(side, "waiting", pgettext("verdict of a side", "awaited"), None, comments)


def in_words(standing: Standing, *, is_late: bool) -> tuple[str, str]:
    """How far a side is: badge and words."""
    if standing.total and standing.accepted == standing.total:
        return "confirmed", _("every line accepted")
    if standing.is_silent:
        return "refused", pgettext("a side", "silent")
    if is_late and standing.due:
        return "refused", pgettext("a side", "late")
    if standing.commented and not standing.due:
        return "changes_asked", ngettext("%(count)d comment", "%(count)d comments", standing.commented) % {
            "count": standing.commented
        }
    return "waiting", pgettext("verdict of a side", "awaited")


def progress(
    minutes: Minutes, found: Mapping[int, list[Standing]], *, at: dt.datetime
) -> list[dict[str, Any]]:
    """Both sides, each with its badge; nothing while nobody was asked."""
    is_late = minutes.deadline_at is not None and minutes.deadline_at <= at
    return [
        {"standing": standing, "badge": in_words(standing, is_late=is_late)}
        for standing in found.get(minutes.pk, [])
    ]


def gaps_in_words(minutes: Minutes, lines: list[MinutesLine]) -> list[dict[str, Any]]:
    """What lacks a language before they can be sent, each with where it is mended."""
    texts = {"fr": _("%(what)s: the French is missing"), "zh-Hans": _("%(what)s: the Chinese is missing")}
    names = {
        "title": _("meeting"),
        "place": pgettext("of a meeting", "place"),
        "attendance": _("who attended"),
        "introduction": _("introduction"),
        "text": _("what it says"),
        "detail": _("details"),
        "outcome": _("outcome"),
    }
    found = []
    for gap in gaps(minutes, lines):
        text = capfirst(texts[gap.language] % {"what": names[gap.field]})
        of_meeting = gap.line is None and gap.field != "introduction"
        found.append({"line": gap.line, "text": text, "of_meeting": of_meeting})
    return found

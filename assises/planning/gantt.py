"""The planning as a drawing: where each bar, mark and line stands, in pixels. The template only draws.

Readable without colour: each side has its own pattern and its letters stand beside the mark; what is done is ticked, the
critical path has a thick outline, and the same facts stand in the table beside the drawing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from assises.enums import MilestoneKind, OwnerSide, WorkState
from assises.models import Milestone
from assises.planning.reading import Plan
from assises.templatetags.typography import MONTHS, is_chinese

#: Pixels: a day, a row, the column of labels, the head, the room on the right for the letters of the last marks.
DAY, ROW, LABELS, HEAD, RIGHT = 3.2, 26, 330, 44, 90
#: Characters of a label that fit into its column; a hanzi takes two.
FITS = 42
LETTERS = {OwnerSide.FRENCH: "FR", OwnerSide.CHINESE: "CN", OwnerSide.BOTH: "FR+CN", "": "?"}
PATTERNS = {OwnerSide.FRENCH: "solid", OwnerSide.CHINESE: "hatch", OwnerSide.BOTH: "dots", "": "empty"}


@dataclass(frozen=True)
class Mark:
    """One milestone: a bar, or a diamond for a single day."""

    milestone: Milestone
    label: str
    y: float
    x: float
    width: float
    pattern: str
    letters: str
    is_diamond: bool
    is_external: bool
    is_done: bool
    is_critical: bool
    is_late: bool

    @property
    def middle(self) -> float:
        return self.y + ROW / 2

    @property
    def right(self) -> float:
        return self.x + (0 if self.is_diamond else self.width)

    @property
    def shape(self) -> SafeString:
        """The mark itself, written out: a template would take ten times as long for a thousand of them."""
        classes = "g-mark g-critical" if self.is_critical else "g-mark"
        if self.is_diamond:
            return format_html('<polygon points="{}" fill="url(#p-{})" class="{}"/>', self.diamond, self.pattern, classes)  # fmt: skip
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="14" fill="url(#p-{})" class="{}"/>',
            f"{self.x:.1f}", f"{self.y + 6:.1f}", f"{self.width:.1f}", self.pattern, classes,
        )  # fmt: skip

    @property
    def words(self) -> SafeString:
        """The letters of the side beside it."""
        if not self.letters:
            return SafeString("")
        x = self.right + (12 if self.is_diamond else 5)
        return format_html('<text x="{}" y="{}" class="g-letters">{}</text>', f"{x:.1f}", self.baseline, self.letters)  # fmt: skip

    @property
    def name(self) -> SafeString:
        """The label in its column, with the signs of what is done and what is late."""
        signs = ("✓ " if self.is_done else "") + ("! " if self.is_late else "")
        classes = "g-label" + (" g-late" if self.is_late else "") + (" g-strong" if self.is_critical else "")
        return format_html(
            '<text x="4" y="{}" class="{}">{}{}</text>', self.baseline, classes, signs, self.label
        )

    @property
    def baseline(self) -> str:
        return f"{self.middle + 4:.1f}"

    @property
    def diamond(self) -> str:
        """Its four corners."""
        x, y = self.x, self.middle
        return f"{x - 7:.1f},{y:.1f} {x:.1f},{y - 7:.1f} {x + 7:.1f},{y:.1f} {x:.1f},{y + 7:.1f}"


@dataclass(frozen=True)
class Tick:
    """The first day of a month."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    width: float
    height: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    weeks: tuple[float, ...]
    lines: tuple[str, ...]
    today: float | None
    edition_x: float
    edition_width: float
    labels: float = LABELS
    head: float = HEAD


def draw(plan: Plan, shown: Sequence[Milestone], *, today: dt.date, language: str | None) -> Chart:
    """The chart of these milestones, from the month of the first to the month after the last."""
    edition = plan.edition
    first = min([m.first_day for m in shown] + [edition.starts_on]).replace(day=1)
    last = max([m.last_day for m in shown] + [edition.ends_on])
    end = (last.replace(day=1) + dt.timedelta(days=32)).replace(day=1)

    def x_of(day: dt.date) -> float:
        return LABELS + (day - first).days * DAY

    critical = {m.pk for m in plan.critical}
    marks = tuple(_mark(m, n, x_of, critical=m.pk in critical, today=today) for n, m in enumerate(shown))
    where = {mark.milestone.pk: mark for mark in marks}
    lines = tuple(
        _line(where[d.before_id], where[d.after_id])
        for d in plan.dependencies
        if d.before_id in where and d.after_id in where
    )
    monday = first + dt.timedelta(days=-first.weekday() % 7)
    return Chart(
        width=x_of(end) + RIGHT,
        height=HEAD + ROW * len(marks) + 12,
        marks=marks,
        ticks=tuple(Tick(x_of(day), _month(day, language)) for day in _months(first, end)),
        weeks=tuple(x_of(monday + dt.timedelta(days=7 * n)) for n in range((end - monday).days // 7 + 1)),
        lines=lines,
        today=x_of(today) if first <= today <= end else None,
        edition_x=x_of(edition.starts_on),
        edition_width=((edition.ends_on - edition.starts_on).days + 1) * DAY,
    )


def _mark(
    milestone: Milestone, n: int, x_of: Callable[[dt.date], float], *, critical: bool, today: dt.date
) -> Mark:
    first, last = milestone.first_day, milestone.last_day
    side = milestone.owner_side
    external = milestone.kind == MilestoneKind.EXTERNAL
    return Mark(
        milestone=milestone,
        label=_cut(str(milestone)),
        y=HEAD + n * ROW,
        x=x_of(first) + (DAY / 2 if first == last else 0),
        width=((last - first).days + 1) * DAY,
        pattern="event" if external else PATTERNS[side],
        letters="" if external else LETTERS[side],
        is_diamond=first == last,
        is_external=external,
        is_done=milestone.state == WorkState.DONE,
        is_critical=critical,
        is_late=not external and milestone.is_open and last < today,
    )


def _line(before: Mark, after: Mark) -> str:
    """From the end of the one down (or up) to the start of the other, round the corner."""
    x, goal = before.right, after.x - (7 if after.is_diamond else 0)
    bend = max(x + 5, goal - 5) if goal > x + 5 else x + 5
    return f"M{x:.1f} {before.middle:.1f}H{bend:.1f}V{after.middle:.1f}H{goal:.1f}"


def _months(first: dt.date, end: dt.date) -> list[dt.date]:
    days, day = [], first
    while day < end:
        days.append(day)
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return days


def _month(day: dt.date, language: str | None) -> str:
    if is_chinese(language):
        return f"{day.year}年{day.month}月" if day.month == 1 else f"{day.month}月"
    return f"{MONTHS[day.month - 1]} {day.year}" if day.month == 1 else MONTHS[day.month - 1]


def _cut(label: str) -> str:
    used, kept = 0, ""
    for character in label:
        used += 1 if character < "⺀" else 2
        if used > FITS:
            return f"{kept.rstrip()}…"
        kept += character
    return kept

"""A milestone is moved: first what that brings about is shown, then all of it is done at once, and remembered."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from assises import journal, memory
from assises.enums import MilestoneKey, MilestoneKind, WorkState
from assises.exceptions import Refusal
from assises.locks import Lock
from assises.models import Edition, Milestone, MilestoneMove, Reminded, Reminder, Task, User
from assises.planning.reading import Plan, plan_of
from assises.rules import write


@dataclass(frozen=True)
class Shift:
    """One milestone before and after."""

    milestone: Milestone
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    days: int
    #: The one that pushes it; None for the one that is moved.
    by: Milestone | None = None


@dataclass(frozen=True)
class Proposal:
    """All that a move brings about, before anybody has confirmed it."""

    moved: Shift
    pushed: tuple[Shift, ...]
    #: Done, or organised by others: they stay where they are, and stand too early.
    clashes: tuple[Shift, ...]
    #: What it waits for itself, and would begin before: with the days by which.
    too_early: tuple[tuple[Milestone, int], ...]
    #: Reminders of which something has not left, and moves along.
    reminders: tuple[Reminder, ...]
    #: Open tasks that are due after the new end of their milestone, or had the date that it had.
    tasks: tuple[Task, ...]
    #: What of the software opens or closes on one of these milestones.
    switches: tuple[Milestone, ...]

    @property
    def shifts(self) -> tuple[Shift, ...]:
        return (self.moved, *self.pushed)

    @property
    def digest(self) -> str:
        """Stands for all of it: whoever confirms says what was shown."""
        lines = [
            [
                s.milestone.pk,
                s.milestone.version,
                s.starts_at.isoformat(),
                s.ends_at and s.ends_at.isoformat(),
            ]
            for s in self.shifts
        ]
        return hashlib.sha256(json.dumps(lines, default=str).encode()).hexdigest()[:16]


def propose(
    milestone: Milestone, starts_at: dt.datetime, ends_at: dt.datetime | None, *, plan: Plan | None = None
) -> Proposal:
    """What follows if the milestone stood from ``starts_at`` to ``ends_at`` (aware). Changes nothing.

    Refuses a window that goes backwards, and one of a milestone that was given up, replaced or is done.
    """
    plan = plan or plan_of(milestone.edition)
    current = plan.milestones[milestone.pk]
    if not current.is_open:
        raise Refusal(_("It is done, given up or replaced: open it again before it is moved."))
    if ends_at is not None and ends_at < starts_at:
        raise Refusal(_("The window ends before it starts."))
    zone = ZoneInfo(plan.edition.time_zone)
    first, last = (at.astimezone(zone).date() for at in (starts_at, ends_at or starts_at))
    effect = plan.graph.effect_of(current.pk, first, last)
    moved = Shift(current, starts_at, ends_at, (first - current.first_day).days)
    pushed = tuple(_shifted(plan, p.key, p.days, p.by) for p in effect.pushed)
    clashes = tuple(_shifted(plan, p.key, p.days, p.by) for p in effect.clashes)
    keys = [current.pk, *(shift.milestone.pk for shift in pushed)]
    left = Q(occurrence__lt=F("repeat_times"), skipped_at=None) | Exists(
        Reminded.objects.filter(reminder=OuterRef("pk"), written_at=None)
    )
    waiting = Reminder.objects.filter(left, milestone__in=keys)
    return Proposal(
        moved,
        pushed,
        clashes,
        tuple((plan.milestones[p.key], p.days) for p in effect.too_early),
        tuple(waiting.order_by("id")),
        tuple(task for shift in (moved, *pushed) for task in _tasks_behind(plan, shift, zone)),
        tuple(plan.milestones[key] for key in keys if plan.milestones[key].key in MilestoneKey.values),
    )


def _shifted(plan: Plan, key: int, days: int, by: int) -> Shift:
    milestone = plan.milestones[key]
    starts_at, ends_at = (
        shift_days(at, days, plan.edition.time_zone) for at in (milestone.starts_at, milestone.ends_at)
    )
    assert starts_at is not None
    return Shift(milestone, starts_at, ends_at, days, plan.milestones[by])


def shift_days(at: dt.datetime | None, days: int, zone: str) -> dt.datetime | None:
    """The same hour on the wall of ``zone``, so many days later; UTC. Right across a change of hour."""
    if at is None:
        return None
    place = ZoneInfo(zone)
    wall = at.astimezone(place).replace(tzinfo=None) + dt.timedelta(days=days)
    return wall.replace(tzinfo=place).astimezone(dt.UTC)


def _tasks_behind(plan: Plan, shift: Shift, zone: ZoneInfo) -> list[Task]:
    last = (shift.ends_at or shift.starts_at).astimezone(zone).date()
    return [
        task
        for task in plan.tasks.get(shift.milestone.pk, [])
        if task.is_open and task.due_on and (task.due_on > last or task.due_on == shift.milestone.last_day)
    ]


@transaction.atomic
def move(
    milestone: Milestone,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    *,
    reason_fr: str,
    reason_zh: str = "",
    digest: str,
    at: dt.datetime,
    by: User | None,
) -> Proposal:
    """Move it and all that it pushes, with the reason, in one transaction; what was moved is remembered (S-146).

    ``digest`` is that of the proposal that was shown: refuses if something else would happen by now, and without a
    reason. A milestone that follows the edition follows it from its new place on.
    """
    if not (reason_fr.strip() or reason_zh.strip()):
        raise Refusal(_("Say why it is moved: the reason stays beside the date."))
    hold(milestone.edition)
    proposal = propose(Milestone.objects.select_related("edition").get(pk=milestone.pk), starts_at, ends_at)
    if proposal.digest != digest:
        raise Refusal(_("The planning has changed since this was shown: look again at what would move."))
    if starts_at == proposal.moved.milestone.starts_at and ends_at == proposal.moved.milestone.ends_at:
        raise Refusal(_("It stands on this date already."))
    first = _move(proposal.moved, reason_fr, reason_zh, at=at, by=by, pushed_by=None)
    for shift in proposal.pushed:
        words = _pushed_words(shift)
        _move(shift, words["fr"], words["zh-hans"], at=at, by=by, pushed_by=first)
    memory.forget()
    return proposal


def hold(edition: Edition) -> None:
    """One person at a time changes the planning of an edition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.PLANNING, edition.pk])


def _pushed_words(shift: Shift) -> dict[str, str]:
    words = {}
    for language in ("fr", "zh-hans"):
        with translation.override(language):
            words[language] = _("Pushed by “%(milestone)s”.") % {"milestone": shift.by}
    return words


def _move(
    shift: Shift,
    reason_fr: str,
    reason_zh: str,
    *,
    at: dt.datetime,
    by: User | None,
    pushed_by: MilestoneMove | None,
) -> MilestoneMove:
    row = (
        Milestone.objects.select_for_update(of=("self",)).select_related("edition").get(pk=shift.milestone.pk)
    )
    trace = MilestoneMove(
        milestone=row, from_starts_at=row.starts_at, from_ends_at=row.ends_at, to_starts_at=shift.starts_at,
        to_ends_at=shift.ends_at, reason_fr=reason_fr, reason_zh_hans=reason_zh, pushed_by=pushed_by, at=at, by=by,
    )  # fmt: skip
    row.starts_at, row.ends_at = shift.starts_at, shift.ends_at
    # The words of the source spoke of the date that it had.
    row.wording_fr = row.wording_zh_hans = ""
    if row.offset_days is not None:
        row.offset_days = (row.first_day - row.edition.starts_on).days
    row.version += 1
    write(row)
    write(trace)
    journal.write(
        [journal.entry(row, "milestone_moved", at=at, by=by, reason=reason_fr, version=row.version)]
    )
    return trace


@transaction.atomic
def follow_edition(edition: Edition, *, at: dt.datetime, by: User | None) -> int:
    """Move what is said in days from the edition to those days from its present first day; how many were elsewhere.

    Asking twice, or two at once, moves once. Tasks move with their milestone; what is done stays where it was done.
    """
    hold(edition)
    # As it is now: somebody else may have moved the edition in between.
    edition = Edition.objects.select_related("host").get(pk=edition.pk)
    rows = Milestone.objects.filter(
        edition=edition, kind=MilestoneKind.PREPARATION, offset_days__isnull=False
    )
    moved = 0
    for row in rows.standing().exclude(state=WorkState.DONE):
        row.edition = edition
        assert row.offset_days is not None
        days = (edition.starts_on - row.first_day).days + row.offset_days
        if not days:
            continue
        starts_at, ends_at = (shift_days(t, days, edition.time_zone) for t in (row.starts_at, row.ends_at))
        assert starts_at is not None
        words = {}
        for language in ("fr", "zh-hans"):
            with translation.override(language):
                words[language] = _("The Assises were moved by %(days)+d days.") % {"days": days}
        _move(
            Shift(row, starts_at, ends_at, days), words["fr"], words["zh-hans"], at=at, by=by, pushed_by=None
        )
        row.tasks.filter(state__in=[WorkState.TO_DO, WorkState.IN_PROGRESS], due_on__isnull=False).update(
            due_on=F("due_on") + dt.timedelta(days=days), version=F("version") + 1
        )
        moved += 1
    memory.forget()
    return moved

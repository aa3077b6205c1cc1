"""Milestones, what waits for what, and the tasks under them are written here; dates are moved in ``moving``."""

import contextlib
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal, memory
from assises.enums import MilestoneKey, MilestoneKind, WorkState
from assises.exceptions import Conflict, Refusal
from assises.models import Dependency, Edition, Milestone, RegisterItem, Task, User
from assises.planning.moving import hold
from assises.rules import differences, write

constraints.declare(
    {
        "assises_dependency_no_circle": gettext_lazy(
            "This would close a circle: the first would wait for the second, and the second for the first."
        ),
        "assises_dependency_within_edition": gettext_lazy("These milestones belong to two editions."),
    }
)
#: What is moved by the service of that name, with a reason.
DATES = {"starts_at", "ends_at", "offset_days"}


@transaction.atomic
def create_milestone(
    edition: Edition, *, follows: bool = False, at: dt.datetime, by: User | None, **values: Any
) -> Milestone:
    """Plan one more milestone; with ``follows`` its date follows the first day of the edition.

    Refuses what a rule of the model refuses, in its words.
    """
    milestone = Milestone(edition=edition, **values)
    milestone.key = milestone.key or free_key(edition, milestone.label_fr or "")
    if follows:
        milestone.offset_days = (milestone.first_day - edition.starts_on).days
    write(milestone)
    journal.write([journal.entry(milestone, "milestone_created", at=at, by=by)])
    memory.forget()
    return milestone


def free_key(edition: Edition, label: str) -> str:
    """A key made of the label that no other milestone of the edition has."""
    stem = slugify(label)[:50].replace("-", "_") or "jalon"
    taken = set(edition.milestones.filter(key__startswith=stem).values_list("key", flat=True))
    return next(
        key for n in range(1, len(taken) + 2) if (key := stem if n == 1 else f"{stem}_{n}") not in taken
    )


@transaction.atomic
def change_milestone(
    milestone: Milestone,
    changes: Mapping[str, Any],
    *,
    version: int,
    follows: bool | None = None,
    at: dt.datetime,
    by: User | None,
) -> Milestone:
    """Change what is said of it, not its dates: those are moved. ``follows`` ties it to the edition, or frees it.

    Raises ``Conflict`` if somebody else has changed it since ``version``.
    """
    row = _held(milestone, version)
    changed = differences(row, {name: value for name, value in changes.items() if name not in DATES})
    if follows is not None and follows != (row.offset_days is not None):
        row.offset_days = (row.first_day - row.edition.starts_on).days if follows else None
        changed = [*changed, "offset_days"]
    if not changed:
        return row
    for name in changed:
        if name not in DATES:
            setattr(row, name, changes[name])
    return _turn(row, "milestone_changed", at=at, by=by, fields=changed)


@transaction.atomic
def set_state(
    milestone: Milestone,
    state: WorkState,
    *,
    on: dt.date | None = None,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> Milestone:
    """Say how far the work is; what is done was done ``on`` a day. Refuses what others organise."""
    row = _held(milestone, version)
    if row.kind == MilestoneKind.EXTERNAL:
        raise Refusal(_("Others organise this event: there is no work on it here."))
    if state == WorkState.DROPPED:
        _refuse_switch(row)
    row.state = state
    row.done_on = (on or row.edition.day_of(at)) if state == WorkState.DONE else None
    return _turn(row, f"milestone_{state}", at=at, by=by)


@transaction.atomic
def replace(
    milestone: Milestone, other: Milestone | None, *, version: int, at: dt.datetime, by: User | None
) -> Milestone:
    """Let another milestone stand in its place (D-02), or None to let it stand by itself again."""
    # Before the row, as whoever moves it does: else two at once would wait for one another.
    hold(milestone.edition)
    row = _held(milestone, version)
    seen = {row.pk}
    step = last = other
    while step is not None:
        if step.pk in seen:
            raise Refusal(_("These milestones would replace one another."))
        if step.edition_id != row.edition_id:
            raise Refusal(_("“%(name)s” belongs to another edition.") % {"name": step})
        seen.add(step.pk)
        last, step = step, step.replaced_by
    row.replaced_by = other
    if last is not None:
        # The one that stands, where the other has been replaced itself.
        _hand_over(row, last, at=at, by=by)
    return _turn(row, "milestone_replaced", at=at, by=by)


def _hand_over(row: Milestone, other: Milestone, *, at: dt.datetime, by: User | None) -> None:
    """What waited for the one waits for the other, and what the one waited for; what would close a circle stays behind."""
    for before, after, dependency in [
        *((d.before, other, d) for d in row.waits_for.select_related("before__edition")),
        *((other, d.after, d) for d in row.followed_by.select_related("after__edition")),
    ]:
        known = Dependency.objects.filter(before=before, after=after).exists()
        if before.pk == after.pk or known or not before.is_standing or not after.is_standing:
            continue
        with contextlib.suppress(Refusal):
            add_dependency(
                before, after, lag_days=dependency.lag_days, reason=dependency.reason, at=at, by=by
            )


def _refuse_switch(row: Milestone) -> None:
    if row.key in MilestoneKey.values:
        raise Refusal(
            _(
                "The software opens or closes something on this milestone: let another one stand in its place instead."
            )
        )


@transaction.atomic
def delete_milestone(milestone: Milestone, *, version: int, at: dt.datetime, by: User | None) -> None:
    """Take back one that was planned by mistake. Refuses once something hangs from it: then it is given up instead."""
    row = _held(milestone, version)
    _refuse_switch(row)
    hangs = (
        row.tasks.exists() or row.reminders.exists() or row.moves.exists() or row.points.exists()
        or row.replaces.exists() or RegisterItem.objects.filter(blocks_milestones=row).exists()
    )  # fmt: skip
    if hangs:
        raise Refusal(
            _("Tasks, reminders, moves or points of the register hang from it: give it up instead.")
        )
    journal.write([journal.entry(row.edition, "milestone_deleted", at=at, by=by, key=row.key)])
    row.delete()
    memory.forget()


@transaction.atomic
def add_dependency(
    before: Milestone,
    after: Milestone,
    *,
    lag_days: int = 0,
    reason: str = "",
    at: dt.datetime,
    by: User | None,
) -> Dependency:
    """Let ``after`` wait for ``before``. Refuses a circle, a second time, and two editions."""
    hold(before.edition)
    dependency = Dependency(before=before, after=after, lag_days=lag_days, reason=reason)
    write(dependency)
    journal.write([journal.entry(m, "dependency_added", at=at, by=by) for m in (before, after)])
    return dependency


@transaction.atomic
def remove_dependency(dependency: Dependency, *, at: dt.datetime, by: User | None) -> None:
    """Let the one no longer wait for the other."""
    ends = (dependency.before, dependency.after)
    dependency.delete()
    journal.write([journal.entry(m, "dependency_removed", at=at, by=by) for m in ends])


@transaction.atomic
def add_task(milestone: Milestone, *, at: dt.datetime, by: User | None, **values: Any) -> Task:
    """Note a piece of work under a milestone. Refuses what a rule of the model refuses, in its words."""
    task = Task(milestone=milestone, **values)
    write(task)
    journal.write([journal.entry(milestone, "task_added", at=at, by=by, task=task.pk)])
    return task


@transaction.atomic
def change_task(
    task: Task, changes: Mapping[str, Any], *, version: int, at: dt.datetime, by: User | None
) -> Task:
    """Word it anew, give it to somebody else, say how far it is; done today unless a day is said."""
    row = Task.objects.select_for_update(of=("self",)).select_related("milestone__edition").get(pk=task.pk)
    if row.version != version:
        raise Conflict(row)
    values = dict(changes)
    if values.get("state", row.state) == WorkState.DONE:
        values["done_on"] = values.get("done_on") or row.done_on or row.milestone.edition.day_of(at)
    else:
        values["done_on"] = None
    changed = differences(row, values)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    write(row)
    journal.write([journal.entry(row.milestone, "task_changed", at=at, by=by, task=row.pk, fields=changed)])
    return row


def _held(milestone: Milestone, version: int) -> Milestone:
    row = Milestone.objects.select_for_update(of=("self",)).select_related("edition").get(pk=milestone.pk)
    if row.version != version:
        raise Conflict(row)
    return row


def _turn(row: Milestone, action: str, *, at: dt.datetime, by: User | None, **details: Any) -> Milestone:
    row.version += 1
    write(row)
    journal.write([journal.entry(row, action, at=at, by=by, version=row.version, **details)])
    memory.forget()
    return row

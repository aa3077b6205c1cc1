"""A new edition is planned from an old one: same milestones, as many days before the Assises."""

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal, memory
from assises.enums import MilestoneKind, WorkState
from assises.exceptions import Refusal
from assises.models import Dependency, Edition, Milestone, Task, User
from assises.models.milestone import OFFSETS
from assises.planning.moving import hold, shift_days
from assises.rules import write


@transaction.atomic
def plan_from(old: Edition, new: Edition, *, at: dt.datetime, by: User | None) -> int:
    """Copy the standing milestones of ``old`` with what waits for what and their tasks; how many were copied.

    Each stands as many days from the first day of ``new`` as it stood from that of ``old``, at the same hour on the
    clocks of the place, and follows the new edition from then on. What ``new`` has by the same key stays as it is.
    Sides and organisations stay, people do not: they may be others by then.
    """
    if old.pk == new.pk:
        raise Refusal(_("An edition is not planned from itself."))
    hold(new)
    days = (new.starts_on - old.starts_on).days
    known = {m.key: m for m in Milestone.objects.filter(edition=new)}
    copies: dict[int, Milestone] = {}
    made = 0
    for source in Milestone.objects.filter(edition=old, kind=MilestoneKind.PREPARATION).standing():
        source.edition = old
        if source.key in known:
            copies[source.pk] = known[source.key]
            continue
        copies[source.pk] = copy = _copied(source, new, days)
        write(copy)
        for task in source.tasks.exclude(state=WorkState.DROPPED):
            write(_task_copied(task, copy, days))
        made += 1
    for dependency in Dependency.objects.filter(before__in=copies, after__in=copies):
        copy_of = Dependency(
            before=copies[dependency.before_id],
            after=copies[dependency.after_id],
            lag_days=dependency.lag_days,
            reason=dependency.reason,
        )
        # Not a second time, and not against what the new edition says already: that would close a circle.
        with contextlib.suppress(Refusal):
            write(copy_of)
    journal.write([journal.entry(new, "edition_planned", at=at, by=by, source=old.code, milestones=made)])
    memory.forget()
    return made


def _copied(source: Milestone, new: Edition, days: int) -> Milestone:
    """The milestone in the new edition, to be done anew; hours are those on the wall of the new place."""
    wall_start, wall_end = source.on_clocks(source.edition.time_zone)
    zone = new.time_zone
    starts_at = shift_days(_on_wall(wall_start, zone), days, zone)
    ends_at = shift_days(_on_wall(wall_end, zone), days, zone) if source.ends_at else None
    assert starts_at is not None
    copy = Milestone(
        edition=new, key=source.key, kind=source.kind, label_fr=source.label_fr, label_zh_hans=source.label_zh_hans,
        starts_at=starts_at, ends_at=ends_at, owner_side=source.owner_side, organisation=source.organisation,
        source=_("Planned from: %(edition)s") % {"edition": source.edition},
    )  # fmt: skip
    offset = (copy.first_day - new.starts_on).days
    # What lies years away follows no edition.
    copy.offset_days = offset if OFFSETS[0] <= offset <= OFFSETS[1] else None
    return copy


def _on_wall(at: dt.datetime, zone: str) -> dt.datetime:
    """The same hour on another wall."""
    return at.replace(tzinfo=None).replace(tzinfo=ZoneInfo(zone))


def _task_copied(task: Task, milestone: Milestone, days: int) -> Task:
    return Task(
        milestone=milestone, title_fr=task.title_fr, title_zh_hans=task.title_zh_hans, owner_side=task.owner_side,
        organisation=task.organisation, order=task.order,
        due_on=task.due_on + dt.timedelta(days=days) if task.due_on else None,
    )  # fmt: skip

"""The periodic tasks: what they are for, when each last ran, and whether one has stopped."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assises.models import JobRun

logger = logging.getLogger(__name__)

#: What each is for, by its name in the schedule.
LABELS: dict[str, str | Promise] = {
    "letters": _("letters that wait in the outbox leave"),
    "places": _("places and seats that are not confirmed in time go to whoever waits"),
    "reminders": _("reminders that are due are sent"),
    "minutes": _("a side that says nothing of the minutes it was sent is asked again"),
    "retention": _("registrations that were kept long enough are erased"),
    "award": _("phases of the award open that both co-presidents have agreed to"),
    "completions": _("applications for the award that were not completed in time are closed"),
    "jury_minutes": _("minutes of the jury are written, and their documents made"),
    "pairs": _("names of those who applied for the award long ago are erased"),
    "proposers": _("names of those who proposed contributions long ago are erased"),
    "uploads": _("uploads that nobody went on with, and files that belong to nothing, are deleted"),
}
#: A task is late after so many of its intervals, and a pause for a restart; minutes.
INTERVALS, PAUSE = 3, 5


@dataclass(frozen=True)
class Job:
    """One line of the schedule, and its last run."""

    name: str
    every: dt.timedelta
    run: JobRun | None
    is_late: bool

    @property
    def label(self) -> str | Promise:
        return LABELS.get(self.name, self.name)

    @property
    def is_failing(self) -> bool:
        """The last thing that it did was to fail."""
        run = self.run
        return (
            run is not None
            and run.failed_at is not None
            and (run.succeeded_at or run.failed_at) <= run.failed_at
        )


def jobs(at: dt.datetime) -> list[Job]:
    """All of the schedule, in one query."""
    runs = {run.name: run for run in JobRun.objects.all()}
    # Before anything has run, nothing has stopped: the letters that wait are told by themselves.
    since = min((run.first_at for run in runs.values()), default=at)
    found = []
    for name, line in settings.CELERY_BEAT_SCHEDULE.items():
        every, run = dt.timedelta(seconds=line["schedule"]), runs.get(line["task"])
        patience = INTERVALS * every + dt.timedelta(minutes=PAUSE)
        last = (run.succeeded_at if run else None) or since
        found.append(Job(name, every, run, is_late=at - last > patience))
    return found


def note(task: str, *, at: dt.datetime, error: str = "") -> None:
    """Keep that a task of the schedule ran; silent where the database does not answer: the task has said so."""
    if task not in {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()}:
        return
    values = {"failed_at": at, "error": error[:300]} if error else {"succeeded_at": at}
    counter = "failures" if error else "successes"
    try:
        with transaction.atomic():
            JobRun.objects.get_or_create(name=task, defaults={"first_at": at})
            JobRun.objects.filter(name=task).update(**values, **{counter: F(counter) + 1})
    except DatabaseError:
        logger.warning("It could not be kept that %s ran.", task)

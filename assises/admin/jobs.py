"""What runs by itself: when it last did, and what is wrong if it stopped."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, panel, show
from assises.jobs import jobs
from assises.models import Edition, OutgoingEmail

PERMISSION = "assises.view_outgoingemail"


@page(
    "taches/",
    name="jobs",
    title=gettext_lazy("What runs by itself"),
    permission=PERMISSION,
    task=Task.FOLLOWING,
    order=60,
)
def what_runs(request: HttpRequest) -> HttpResponse:
    """Each task of the schedule with its last success and failure, and how many letters wait."""
    return show(
        request,
        "assises/back_office/jobs.html",
        {
            "title": gettext_lazy("What runs by itself"),
            "jobs": jobs(clock.now()),
            "waiting": OutgoingEmail.objects.leaving().count(),
            "stuck": OutgoingEmail.objects.failed().count(),
        },
    )


@panel("assises/back_office/_panel_jobs.html", permission=PERMISSION, order=5)
def what_stopped(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """An alarm on the first page; nothing while all runs."""
    return {"wrong": [job for job in jobs(at) if job.is_late or job.is_failing]}

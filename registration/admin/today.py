"""What stands first in the back office: the places, and what waits for an answer."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from assises.back_office import Task, link, panel
from assises.models import Edition
from registration.enums import Status
from registration.models import Registration
from registration.rules import rules_of
from registration.summary import count

link(
    "desk:desk",
    title=gettext_lazy("Check-in"),
    permission="registration.check_in",
    task=Task.REGISTRATIONS,
    order=60,
)


@panel("registration/back_office/_panel_places.html", permission="registration.view_registration", order=10)
def the_places(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """The numbers of today; each leads to the people it counts."""
    soon = Registration.objects.filter(edition=edition, status__in=[Status.HELD, Status.OFFERED])
    return {
        "summary": count(edition, at=at),
        "soon": soon.filter(deadline__lte=at + dt.timedelta(hours=24)).count(),
        "rules": rules_of(edition, at),
        "today": Registration.objects.listed()
        .filter(edition=edition, booking__submitted_at__gte=at - dt.timedelta(hours=24))
        .count(),
    }

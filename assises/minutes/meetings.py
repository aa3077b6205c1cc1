"""The meetings that minutes are of."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assises import constraints, journal
from assises.exceptions import Refusal
from assises.models import Edition, Meeting, User

#: What one says of a meeting.
FIELDS = [
    "title_fr", "title_zh_hans", "held_on", "place_fr", "place_zh_hans", "workstream",
    "attendance_fr", "attendance_zh_hans", "follows", "note",
]  # fmt: skip


@transaction.atomic
def add_meeting(edition: Edition, values: Mapping[str, Any], *, at: dt.datetime, by: User) -> Meeting:
    """Note a meeting; its code is its day, with a number after it where there are several on one."""
    # Two at once are numbered one after the other.
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    day = values["held_on"].isoformat()
    taken = set(edition.meetings.filter(code__startswith=day).values_list("code", flat=True))
    numbers = (f"{day}-{number}" for number in range(2, len(taken) + 3))
    code = next(code for code in [day, *numbers] if code not in taken)
    meeting = Meeting(edition=edition, code=code)
    return _keep(meeting, values, "meeting_added", at=at, by=by)


@transaction.atomic
def change_meeting(
    meeting: Meeting, values: Mapping[str, Any], *, seen: str, at: dt.datetime, by: User
) -> Meeting:
    """Keep what is said of a meeting now. Refuses what somebody has changed since (see ``mark_of``), what minutes that
    were sent say of it, and meetings that would follow one another in a circle.
    """
    # One at a time, so that two at once close no circle either.
    Edition.objects.select_for_update(no_key=True).get(pk=meeting.edition_id)
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if mark_of(meeting) != seen:
        raise Refusal(
            _("Somebody else has just changed this meeting. What you typed is kept: look, then save again.")
        )
    return _keep(meeting, values, "meeting_changed", at=at, by=by)


def _refuse_circle(meeting: Meeting) -> None:
    before, seen = meeting.follows, {meeting.pk}
    while before is not None:
        if before.pk in seen:
            raise Refusal(_("These meetings would follow one another in a circle."))
        seen.add(before.pk)
        before = before.follows


def mark_of(meeting: Meeting) -> str:
    """Tells whether a meeting is still as somebody has seen it."""
    said = "\n".join(f"{getattr(meeting, name) or ''}" for name in FIELDS if name != "follows")
    return hashlib.sha256(f"{meeting.follows_id}\n{said}".encode()).hexdigest()[:16]


def _keep(meeting: Meeting, values: Mapping[str, Any], action: str, *, at: dt.datetime, by: User) -> Meeting:
    for name in FIELDS:
        setattr(meeting, name, values[name])
    _refuse_circle(meeting)
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError as error:
        raise Refusal(constraints.sentence_of(error)) from error
    journal.write([journal.entry(meeting, action, at=at, by=by)])
    return meeting

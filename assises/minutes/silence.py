"""A side that says nothing is asked again, once, and whoever sent the minutes hears of it."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from assises import journal
from assises.enums import MinutesState, Side
from assises.mail import outbox
from assises.minutes import letters
from assises.models import Minutes, MinutesLine, Verdict
from assises.sides import speakers

#: When each side was told.
TOLD_AT = {Side.FRENCH: "french_escalated_at", Side.CHINESE: "chinese_escalated_at"}


def escalate(*, at: dt.datetime) -> int:
    """Tell of every silence that has lasted long enough, each once; how many. Runs twice, late, beside itself."""
    waiting = Minutes.objects.filter(state=MinutesState.SENT).select_related("meeting__edition")
    return sum(
        _tell(minutes, side, at=at)
        for minutes in waiting
        for side in Side
        if getattr(minutes, TOLD_AT[side]) is None and is_long_enough(minutes, at)
    )


def is_long_enough(minutes: Minutes, at: dt.datetime) -> bool:
    """Whether so many days have passed since they were sent, on the clock of the edition, or the deadline has."""
    assert minutes.sent_at is not None
    assert minutes.deadline_at is not None
    zone = ZoneInfo(minutes.meeting.edition.time_zone)
    days = (at.astimezone(zone).date() - minutes.sent_at.astimezone(zone).date()).days
    return days >= minutes.silent_days or minutes.deadline_at <= at


@transaction.atomic
def _tell(minutes: Minutes, side: Side, *, at: dt.datetime) -> bool:
    """Claim the silence of this side and write about it; False if it has spoken, or somebody else was first.

    Where nobody can speak for the side the claim is not kept: whoever sent the minutes is told once, and the side is
    asked as soon as it has somebody.
    """
    column = TOLD_AT[side]
    mine = Minutes.objects.filter(pk=minutes.pk, state=MinutesState.SENT, **{column: None})
    if not mine.update(**{column: at}):
        return False
    # The claim waits for whoever is answering just now: what they said is seen here.
    minutes = Minutes.objects.select_related("meeting__edition", "sent_by").get(pk=minutes.pk)
    own = speakers(side)
    has_said = Verdict.objects.filter(line__minutes=minutes, side=side).exists()
    owes = not has_said or _owes_an_answer(minutes, side, at=at)
    if not (own and owes):
        Minutes.objects.filter(pk=minutes.pk).update(**{column: None})
    if owes:
        outbox.write(letters.about_silence(minutes, side, own, has_said=has_said, at=at), at=at)
    if own and owes:
        journal.write([journal.entry(minutes, "minutes_silent", at=at, side=side)])
        return True
    return False


def _owes_an_answer(minutes: Minutes, side: Side, *, at: dt.datetime) -> bool:
    """Whether the deadline has passed, and the side has not spoken of every line as it is worded now."""
    assert minutes.deadline_at is not None
    present = Verdict.objects.filter(line=OuterRef("pk"), side=side, revision=OuterRef("revision"))
    lines = MinutesLine.objects.filter(minutes=minutes)
    return at >= minutes.deadline_at and lines.filter(~Exists(present)).exists()

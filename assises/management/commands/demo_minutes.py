import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assises import minutes
from assises.enums import LineVerdict, MinutesState, Side
from assises.minutes import Answer
from assises.models import Edition, Meeting, Minutes, User

PARIS = ZoneInfo("Europe/Paris")
#: The minutes of the demonstration: when they were sent, until when, what each side answered.
COMMITTEE, CALL = "steering-april", "call-october"


def paris(month: int, day: int, hour: int) -> dt.datetime:
    return dt.datetime(2018, month, day, hour, tzinfo=PARIS)


class Command(BaseCommand):
    help = "Write the minutes of the demonstration: one validated by both sides (S-141), one that a side leaves unanswered."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO == "none":
            raise CommandError("This is no demonstration (ASSISES_DEMO=none).")
        edition = Edition.objects.current().first()
        people = {u.email.partition("@")[0]: u for u in User.objects.filter(email__endswith="@example.org")}
        if edition is None or Minutes.objects.filter(meeting__edition=edition).exists():
            return
        meetings = {m.code: m for m in Meeting.objects.filter(edition=edition, code__in=[COMMITTEE, CALL])}
        if len(meetings) < 2:
            return
        with transaction.atomic():
            committee = self._sent(meetings[COMMITTEE], people, sent=paris(4, 5, 10), until=paris(4, 9, 18))
            for side, name, at in (
                (Side.FRENCH, "approbation", paris(4, 6, 11)),
                (Side.CHINESE, "apcae", paris(4, 9, 10)),
            ):
                self._accept(committee, side, people[name], at)
            call = self._sent(meetings[CALL], people, sent=paris(10, 9, 17), until=paris(10, 16, 18))
            self._accept(call, Side.FRENCH, people["approbation"], paris(10, 10, 9))
        committee.refresh_from_db()
        assert committee.state == MinutesState.VALIDATED
        self.stdout.write("Two minutes written.")

    def _sent(
        self, meeting: Meeting, people: dict[str, User], *, sent: dt.datetime, until: dt.datetime
    ) -> Minutes:
        by = people["organisatrice"]
        draft = minutes.write(meeting, at=sent, by=by)
        return minutes.send(draft, deadline_at=until, silent_days=5, version=draft.version, at=sent, by=by)

    def _accept(self, of: Minutes, side: Side, by: User, at: dt.datetime) -> None:
        lines = of.lines.all()
        answers = {line.pk: Answer(LineVerdict.ACCEPTED, line.revision) for line in lines}
        minutes.give_verdicts(of, side, answers, at=at, by=by)

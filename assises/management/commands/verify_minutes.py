from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assises.enums import MinutesState
from assises.minutes.content import vanished, verify
from assises.models import Minutes


class Command(BaseCommand):
    help = "Compute the hash of all validated minutes anew, and tell which of them were changed since."

    def handle(self, *args: Any, **options: Any) -> None:
        validated = Minutes.objects.filter(state=MinutesState.VALIDATED).select_related("meeting__edition")
        wrong = 0
        for minutes in validated.order_by("pk"):
            problem = verify(minutes)
            wrong += bool(problem)
            name = f"{minutes.meeting.edition.code} {minutes.meeting.code} {minutes.number}"
            self.stdout.write(f"{name}  {problem or minutes.digest}")
        for pk in vanished():
            wrong += 1
            self.stdout.write(f"minutes {pk}  were validated, and are not there any more")
        if wrong:
            raise CommandError(f"{wrong} were changed after their validation.")
        self.stdout.write(f"{len(validated)} validated, all as both sides accepted them.")

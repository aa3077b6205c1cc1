from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assises import clock
from assises.exceptions import Refusal
from assises.models import Edition
from assises.planning.again import plan_from


class Command(BaseCommand):
    help = "Plan an edition from another one: the same milestones, as many days before the Assises."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", help="code of the edition to plan")
        parser.add_argument(
            "--from", dest="source", required=True, help="code of the edition to plan it from"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = {e.code: e for e in Edition.objects.filter(code__in=[options["edition"], options["source"]])}
        for code in (options["edition"], options["source"]):
            if code not in found:
                raise CommandError(f"There is no edition “{code}”.")
        try:
            made = plan_from(found[options["source"]], found[options["edition"]], at=clock.now(), by=None)
        except Refusal as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{made} milestones planned.")

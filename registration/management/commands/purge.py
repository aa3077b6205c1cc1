from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assises import clock
from assises.models import Edition
from registration import services


class Command(BaseCommand):
    help = "Erase what has been kept long enough; says how much of what, and of whom nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for edition in Edition.objects.all():
            found = services.purge(edition, at=clock.now(), dry_run=dry_run)
            counts = ", ".join(f"{number} {kind}" for kind, number in vars(found).items())
            self.stdout.write(f"{edition}: {counts}{' would be' if dry_run else ''} erased.")

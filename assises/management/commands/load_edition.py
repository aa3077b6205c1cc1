from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assises import accounts, loading
from assises.exceptions import Refusal


class Command(BaseCommand):
    help = "Load an edition from its folder of readable files. Loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", help="a folder, or the name of one under assises/data/")
        parser.add_argument("--with-people", action="store_true", help="also the invented people")

    def handle(self, *args: Any, edition: str, with_people: bool, **options: Any) -> None:
        folder = Path(edition) if Path(edition).is_dir() else loading.DATA / edition
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        try:
            loaded = loading.load(folder, with_people=with_people)
        except loading.BrokenFiles as broken:
            raise CommandError(f"Nothing was written. {len(broken.faults)} fault(s):\n{broken}") from broken
        except Refusal as refused:
            raise CommandError(f"Nothing was written. {refused}") from refused
        # The roles of the back office belong to every edition; they are made where the first one is loaded.
        accounts.ensure_groups()
        self.stdout.write(f"{loaded} is loaded.")

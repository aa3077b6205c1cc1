from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assises import accounts


class Command(BaseCommand):
    help = "Print the code that the second factor of the demonstration's jury asks for now."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO == "none":
            raise CommandError("This is no demonstration (ASSISES_DEMO=none): codes come from one's own app.")
        self.stdout.write(f"{accounts.demo_code()}  (for {accounts.seconds_left()} seconds)")

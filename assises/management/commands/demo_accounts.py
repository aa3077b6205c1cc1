from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assises import accounts


class Command(BaseCommand):
    help = (
        "Make the accounts of the demonstration, all with one password that everybody knows, and print them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO == "none":
            raise CommandError(
                "This is no demonstration (ASSISES_DEMO=none): no account with a known password here."
            )
        for account in accounts.ensure_demo_accounts():
            role = "everything" if account.is_superuser else ", ".join(account.groups)
            factor = " + code" if account.has_second_factor else ""
            self.stdout.write(
                f"{account.email}  {accounts.DEMO_PASSWORD}{factor}  {role} ({account.language})"
            )
        self.stdout.write("The code of now: /fr/demonstration/codes/, or the command demo_codes.")

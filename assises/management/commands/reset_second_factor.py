from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assises import accounts, clock
from assises.exceptions import Refusal
from assises.models import User


class Command(BaseCommand):
    help = "Take the second factor from an account whose telephone is lost, where no other administrator can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"No account has the address {email}.")
        try:
            accounts.reset_second_factor(user, at=clock.now(), by=None)
        except Refusal as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user.email} logs in with the password alone, and sets up a new second factor.")

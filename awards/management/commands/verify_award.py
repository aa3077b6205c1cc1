from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assises.canonical import hash_of
from assises.models import JournalEntry
from awards.models import Rules


class Command(BaseCommand):
    help = "Compute the hash of all frozen rules of awards anew, and tell which of them were changed since."

    def handle(self, *args: Any, **options: Any) -> None:
        noted = {
            pk: details["digest"]
            for pk, details in JournalEntry.objects.filter(
                subject_type=Rules._meta.label_lower, action="rules_frozen"
            ).values_list("subject_id", "details")
        }
        found = Rules.objects.in_force().select_related("call__edition")
        wrong = 0
        for rules in found:
            same = {hash_of(rules.content), rules.digest, noted.pop(rules.pk, "")} == {rules.digest}
            wrong += not same
            words = rules.digest if same else "was changed after it was frozen"
            self.stdout.write(f"{rules.call.edition.code} version {rules.version}  {words}")
        for pk in noted:
            wrong += 1
            self.stdout.write(f"rules {pk}  were frozen, and are not there any more")
        if wrong:
            raise CommandError(f"{wrong} were changed after they were frozen.")
        self.stdout.write(f"{len(found)} frozen, all as both co-presidents agreed to them.")

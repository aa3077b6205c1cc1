from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assises.canonical import hash_of
from assises.models import JournalEntry
from awards import sealing
from awards.models import Call, Rules


class Command(BaseCommand):
    help = (
        "Compute the hashes of all awards anew: of their frozen rules, and of the chain over all that was sealed. Tell what"
        " was changed since."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = self._rules() + self._chains()
        if wrong:
            raise CommandError(f"{wrong} were changed after they were frozen or sealed.")

    def _rules(self) -> int:
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
        if not wrong:
            self.stdout.write(f"{len(found)} frozen, all as both co-presidents agreed to them.")
        return wrong

    def _chains(self) -> int:
        wrong = 0
        for call in Call.objects.select_related("edition").order_by("pk"):
            found = sealing.findings(call)
            wrong += len(found)
            for sentence in found:
                self.stdout.write(f"{call.edition.code}  {sentence}")
            if not found:
                self.stdout.write(f"{call.edition.code}  {call.seals} seals  {call.seal_digest or '-'}")
        return wrong

"""Applications are dealt among the jurors, where there are too many for all to read all."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import dealing
from awards.enums import Phase
from awards.models import Assignment, Call, Interest
from awards.rights import secretary
from awards.services.phases import held

constraints.declare(
    {
        "awards_assignment_stays": gettext_lazy("The jury has opened a file: who reads what stays."),
        "awards_assignment_of_the_jury": gettext_lazy(
            "Applications are dealt to voting members of their jury."
        ),
    }
)


@transaction.atomic
def deal(call: Call, *, at: dt.datetime, by: User) -> int:
    """Deal each admissible application to two jurors of each side, evenly, without those who are recused; how many pairs.

    Dealing again, before the first file is opened, does it anew: for conflicts that were declared meanwhile. Refuses
    anybody but a secretary, thirty applications or fewer, and any time but before the first file is opened.
    """
    call = held(call)
    secretary(call, by)
    if call.phase not in (Phase.CONFLICTS, Phase.SCORING) or call.first_opened_at is not None:
        raise Refusal(
            _(
                "Applications are dealt once conflicts of interest are declared, and before the first file is opened."
            )
        )
    rows = list(call.applications.admissible().values_list("pk", flat=True))
    if len(rows) <= dealing.JURY_READS_ALL:
        raise Refusal(
            _("There are %(count)d applications: up to %(most)d of them, every juror reads all.")
            % {"count": len(rows), "most": dealing.JURY_READS_ALL}
        )
    recused = set(Interest.objects.recusals().filter(member__call=call).values_list("application", "member"))
    Assignment.objects.filter(application__call=call).delete()
    pairs = []
    for side in Side:
        members = list(call.jury.voting().filter(side=side).values_list("pk", flat=True))
        pairs += dealing.deal(rows, members, recused)
    Assignment.objects.bulk_create([Assignment(application_id=row, member_id=m) for row, m in pairs])
    Call.objects.filter(pk=call.pk).update(dealt_at=at)
    journal.write([journal.entry(call, "applications_dealt", at=at, by=by, pairs=len(pairs))])
    return len(pairs)

"""Both secretaries of the jury look at an application, and decide it together (S-114)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import letters
from awards.enums import ApplicationState, JuryRole, Opinion, Phase
from awards.models import Application, SecretaryOpinion
from awards.rights import secretary
from awards.services.phases import held


@transaction.atomic
def give_opinion(
    row: Application, opinion: Opinion, *, reason: str, at: dt.datetime, by: User
) -> Application:
    """Note what the secretary of a side finds; once both find the same it is decided, and the pair is told.

    Until then each may change their mind. What is to be completed is so within the hours that the rules say, once: an
    application that was completed is admissible or not. Refuses anybody but a secretary, a reason that is missing, and
    any time but that of admissibility.
    """
    call = held(row.call)
    member = secretary(call, by)
    if not member.has_pledged:
        raise Refusal(_("Sign the pledge of the jury first."))
    row = Application.objects.held(row.pk)
    if call.phase != Phase.ADMISSIBILITY:
        raise Refusal(
            _("Applications are looked at after the call has closed, and before conflicts of interest.")
        )
    if row.state != ApplicationState.SUBMITTED:
        raise Refusal(
            _("This application is “%(state)s”: there is nothing to decide.")
            % {"state": row.get_state_display()}
        )
    reason = "" if opinion == Opinion.ADMISSIBLE else reason.strip()
    if opinion != Opinion.ADMISSIBLE and not reason:
        raise Refusal(_("Say why: the pair reads this."))
    if opinion == Opinion.TO_COMPLETE and row.round > 1:
        raise Refusal(_("It has been completed once: now it is admissible or not."))
    SecretaryOpinion.objects.update_or_create(
        application=row,
        round=row.round,
        side=member.side,
        defaults={"member": member, "opinion": opinion, "reason": reason, "at": at},
    )
    journal.write([journal.entry(row, "opinion_given", at=at, by=by, side=member.side, opinion=opinion)])
    _decide(row, at=at)
    return row


def tend_completions(*, at: dt.datetime) -> int:
    """Applications that were not completed in time are not admissible: close them, and tell the pair; how many.

    May run twice, late, or together with the pair that submits at the last second.
    """
    due = Application.objects.filter(state=ApplicationState.TO_COMPLETE, complete_until__lte=at)
    closed = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Application.objects.held(pk)
            if row.state == ApplicationState.TO_COMPLETE and row.complete_until and row.complete_until <= at:
                _move(row, ApplicationState.INADMISSIBLE, "application_not_completed", at=at)
                closed += 1
    return closed


def _decide(row: Application, *, at: dt.datetime) -> None:
    given = list(row.opinions.filter(round=row.round).select_related("member"))
    # A secretary who was named anew finds for themselves.
    standing = [g for g in given if g.member.role == JuryRole.SECRETARY]
    if len(standing) < len(Side) or len({g.opinion for g in standing}) > 1:
        return
    state = ApplicationState(standing[0].opinion)
    if state == ApplicationState.TO_COMPLETE:
        row.complete_until = at + dt.timedelta(hours=row.call.completion_hours)
    _move(row, state, f"application_{state.value}", at=at, reasons={g.side: g.reason for g in standing})


def _move(
    row: Application, state: ApplicationState, event: str, *, at: dt.datetime, **context: object
) -> None:
    row.move_to(state, at=at)
    row.save(update_fields=["state", "state_since", "complete_until"])
    journal.write([journal.entry(row, event, at=at, number=row.number)])
    letters.to_editors(event, row, at=at, **context)

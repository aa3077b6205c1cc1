"""A pair submits its application, takes it back until the deadline, gives it up, or erases a draft."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from awards import letters
from awards.completeness import gaps_of
from awards.deadlines import closing_of, end_of, is_open
from awards.enums import ApplicationState, Phase
from awards.models import Application, Editor
from awards.services.applications.keeping import (
    Late,
    erase,
    keep,
    of_the_pair,
    refuse_unwritable,
    said_in_words,
)
from awards.services.applications.pairs import find_in_our_list, pair_key
from awards.services.phases import held


def submit(row: Application, *, version: int, at: dt.datetime, by: Editor) -> Application:
    """Hand the application in, having accepted ``version`` of the rules, and send the receipt to the whole pair.

    Late to the second is late, by the clock of the server (``at``): raises ``Late``, and notes by how much. Refuses
    what lacks something, another version of the rules than the one in force, and a second application of a partnership
    where the rules allow one. What was to be completed goes back to the secretaries. Asking twice changes nothing.
    """
    try:
        return _submit(row, version=version, at=at, by=by)
    except Late:
        due = end_of(row)
        # Once: somebody who presses again is as late as before.
        if due is not None and at >= due and not journal.of(row).filter(action="application_late").exists():
            seconds = int((at - due).total_seconds())
            journal.write([journal.entry(row, "application_late", at=at, seconds=seconds, editor=by.pk)])
        raise


@said_in_words
@transaction.atomic
def _submit(row: Application, *, version: int, at: dt.datetime, by: Editor) -> Application:
    call = held(row.call)
    row = of_the_pair(row, by)
    if row.state == ApplicationState.SUBMITTED:
        return row
    refuse_unwritable(row, at)
    completes = row.state == ApplicationState.TO_COMPLETE
    in_force = call.rules.in_force().first()
    if in_force is None or in_force.version != version:
        raise Refusal(_("New rules are in force since you opened this page. Read them, then submit again."))
    gaps = gaps_of(row)
    if gaps:
        raise Refusal(gaps[0].sentence)
    find_in_our_list(row)
    row.rules = in_force
    row.number = row.number or (call.applications.aggregate(last=Max("number"))["last"] or 0) + 1
    row.pair_key = pair_key(row) if call.one_per_partnership else ""
    if completes:
        row.completed_at, row.round = at, row.round + 1
    else:
        row.submitted_at, row.deadline = at, closing_of(call)
    row.move_to(ApplicationState.SUBMITTED, at=at)
    _refuse_second(row)
    keep(row)
    journal.write(
        [journal.entry(row, "application_submitted", at=at, number=row.number, rules=version, editor=by.pk)]
    )
    letters.to_editors("application_submitted", row, at=at)
    return row


@transaction.atomic
def take_back(row: Application, *, at: dt.datetime, by: Editor) -> Application:
    """Make a submitted application a draft again, until the deadline. Refuses afterwards. Asking twice changes nothing."""
    row = of_the_pair(row, by)
    if row.state == ApplicationState.DRAFT:
        return row
    if row.state != ApplicationState.SUBMITTED or row.round > 1 or not is_open(row.call, at):
        raise Refusal(
            _("The call has closed: what was submitted is no longer taken back. It can be withdrawn.")
        )
    row.move_to(ApplicationState.DRAFT, at=at)
    row.save(update_fields=["state", "state_since"])
    journal.write([journal.entry(row, "application_taken_back", at=at, editor=by.pk)])
    letters.to_editors("application_taken_back", row, at=at)
    return row


@transaction.atomic
def withdraw(row: Application, *, at: dt.datetime, by: Editor) -> Application:
    """Give an application up for good. Refuses a draft, which needs nothing, and any once the jury deliberates."""
    held(row.call)
    row = of_the_pair(row, by)
    if row.state == ApplicationState.WITHDRAWN:
        return row
    if row.call.has_reached(Phase.DELIBERATION):
        raise Refusal(
            _("The jury deliberates: an application is no longer withdrawn here. Write to the organisers.")
        )
    row.move_to(ApplicationState.WITHDRAWN, at=at)
    row.save(update_fields=["state", "state_since"])
    journal.write([journal.entry(row, "application_withdrawn", at=at, editor=by.pk)])
    letters.to_editors("application_withdrawn", row, at=at)
    return row


@transaction.atomic
def delete_draft(row: Application, *, at: dt.datetime, by: Editor) -> None:
    """Erase a draft with its people and its files, at any time. Refuses what was submitted: that is withdrawn."""
    row = of_the_pair(row, by)
    if row.state != ApplicationState.DRAFT:
        raise Refusal(_("This application was submitted: it can be taken back, or withdrawn."))
    erase(row)
    journal.write([journal.entry(row.call, "application_deleted", at=at)])


def _refuse_second(row: Application) -> None:
    """Say which application of this partnership is there already; the database holds it against two at once."""
    if not row.pair_key:
        return
    other = (
        Application.objects.arrived().filter(call=row.call, pair_key=row.pair_key).exclude(pk=row.pk).first()
    )
    if other is not None:
        raise Refusal(
            _(
                "Your partnership has submitted an application already, number %(number)d: the rules allow one. If you do not know of it, write to the organisers."
            )
            % {"number": other.number}
        )

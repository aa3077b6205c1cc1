"""At the desk on the day."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import User
from registration import letters
from registration.allocation import Candidate, allocate
from registration.enums import Status
from registration.models import Registration
from registration.rules import rules_of
from registration.services import places, seats


@transaction.atomic
def check_in(
    registration: Registration, *, at: dt.datetime, by: User | None = None, device: str = ""
) -> bool:
    """Note that the person is here since ``at``; True the first time.

    A second arrival of the same badge, from another desk or a phone that was offline, is kept in the journal
    and shown, not lost. Held and offered places are confirmed on the way: the person stands there.
    """
    row = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if row.status == Status.CHECKED_IN:
        journal.write([journal.entry(row, "checked in again", at=at, by=by, device=device)])
        return False
    if row.status in (Status.HELD, Status.OFFERED):
        row.move_to(Status.CONFIRMED, at=at)
    if row.status != Status.CONFIRMED:
        raise Refusal(
            _("%(name)s has no place: %(state)s.")
            % {"name": row.full_name, "state": row.get_status_display()}
        )
    row.move_to(Status.CHECKED_IN, at=at)
    journal.write([journal.entry(row, "checked in", at=at, by=by, device=device)])
    return True


@transaction.atomic
def undo_check_in(registration: Registration, *, at: dt.datetime, by: User | None = None) -> None:
    """Take back a check-in that was a mistake."""
    row = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    row.move_to(Status.CONFIRMED, at=at)
    journal.write([journal.entry(row, "check-in undone", at=at, by=by)])


@transaction.atomic
def admit(registration: Registration, *, at: dt.datetime, by: User | None = None) -> None:
    """Give a free place to somebody on the waiting list who stands at the desk.

    Refuses if there is none, or if somebody else waits before: then that person is called first, or cancelled.
    """
    places.lock_alone(registration.edition)
    row = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("category", "booking")
        .get(pk=registration.pk)
    )
    if row.status != Status.WAITING:
        raise Refusal(
            _("%(name)s does not wait: %(state)s.")
            % {"name": row.full_name, "state": row.get_status_display()}
        )
    rules = rules_of(registration.edition, at)
    first = places.waiting_for(registration.edition, row.category, rules).first()
    if first is not None and first.pk != row.pk:
        raise Refusal(_("%(name)s waits before.") % {"name": first.full_name})
    # By the rule of the list itself, but for the ceiling: the person stands here.
    candidate = Candidate(
        row.pk, row.booking_id, row.category_id, row.booking.authority_key, in_reserve=row.category.is_reserve
    )
    given = allocate(places.free_places(registration.edition), [candidate], released=rules.released)
    if row.pk not in given:
        raise Refusal(_("There is no free place."))
    row.move_to(Status.CONFIRMED, at=at, place_id=given[row.pk])
    journal.write([journal.entry(row, "admitted", at=at, by=by)])
    # The seats that wait for this person come first: the letter tells of them.
    seats.settle(registration.edition, at=at)
    letters.tell("confirmed", [row], edition=registration.edition, at=at)

"""What is erased when. The same code serves the schedule and whoever asks for erasure.

The periods are those that the page on personal data tells; they are counted from the last day of the edition.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from assises import journal
from assises.models import Edition, JournalEntry, OutgoingEmail, Reminded, User
from registration.enums import LIVE, Status
from registration.models import Booking, MeetingSlot, Needs, Registration, VisitWish

#: Days after the event until menus and access needs are erased.
NEEDS_DAYS = 7
#: … until mobile numbers are erased, and whoever had no place in the end.
CONTACT_DAYS = 30
#: … until names and addresses are erased, and only numbers stay; also the age at which a letter goes.
REGISTRATION_DAYS = 365
#: What stands where a name was.
NOBODY = "—"


@dataclass(frozen=True)
class Purge:
    """How many rows a purge erases, by kind: the proof of it, without saying whose they were."""

    needs: int
    phones: int
    registrations: int
    letters: int


@transaction.atomic
def purge(edition: Edition, *, at: dt.datetime, dry_run: bool = False) -> Purge:
    """Erase what has been kept long enough at ``at``; with ``dry_run`` only count it. Running twice is harmless."""
    days = (at.date() - edition.ends_on).days
    everybody = Registration.objects.filter(edition=edition)
    named = everybody.exclude(given_name=NOBODY)
    needs = Needs.objects.filter(registration__in=everybody) if days > NEEDS_DAYS else Needs.objects.none()
    phones = everybody.exclude(phone="") if days > CONTACT_DAYS else everybody.none()
    old = named.none()
    if days > REGISTRATION_DAYS:
        old = named
    elif days > CONTACT_DAYS:
        old = named.exclude(status__in=[s for s in LIVE if s != Status.WAITING])
    letters = _letters_about(old) | OutgoingEmail.objects.filter(
        created_at__lt=at - dt.timedelta(days=REGISTRATION_DAYS)
    )
    found = Purge(needs.count(), phones.count(), old.count(), letters.count())
    if dry_run or not any(vars(found).values()):
        return found
    needs.delete()
    phones.update(phone="")
    letters.delete()
    _forget(old)
    journal.write([journal.entry(edition, "purged", at=at, **vars(found))])
    return found


@transaction.atomic
def erase(registration: Registration, *, at: dt.datetime, by: User | None) -> None:
    """Erase one person on request: the registration stays as a number, without name or address.

    Cancel a live registration first: erasing gives no place back.
    """
    Needs.objects.filter(registration=registration).delete()
    _forget(Registration.objects.filter(pk=registration.pk))
    journal.write([journal.entry(registration, "erased", at=at, by=by)])


def _letters_about(registrations: QuerySet[Registration]) -> QuerySet[OutgoingEmail]:
    """Letters to these people, and those to their contact persons that name them."""
    rows = list(registrations.values_list("code", "booking__key"))
    starts = {f"registration:{code}:" for code, _key in rows} | {f"booking:{key}:" for _code, key in rows}
    wanted = Q(pk__in=[])
    for start in starts:
        wanted |= Q(key__startswith=start)
    return OutgoingEmail.objects.filter(wanted)


def _forget(registrations: QuerySet[Registration]) -> None:
    """Write over what tells who somebody is, in the registration, its request, its letters and its journal."""
    _letters_about(registrations).delete()
    codes = registrations.values_list("code", flat=True)
    Reminded.objects.filter(person__in=[f"registration:{code}" for code in codes]).delete()
    bookings = list(registrations.values_list("booking", flat=True))
    contacts = list(registrations.filter(is_contact=True).values_list("booking", flat=True))
    ids = list(registrations.values_list("pk", flat=True))
    rows = Registration.objects.filter(pk__in=ids)
    # A reason may be in the person's own words.
    JournalEntry.objects.filter(subject_type=Registration._meta.label_lower, subject_id__in=ids).exclude(
        reason=""
    ).update(reason="")
    # Sessions attended stay as numbers; what somebody wished for, and half-hours by the name of an organisation, go.
    VisitWish.objects.filter(registration__in=ids).delete()
    MeetingSlot.objects.filter(registration__in=ids).delete()
    rows.filter(status=Status.REFUSED).update(refusal_reason=NOBODY)
    rows.update(
        given_name=NOBODY, family_name=NOBODY, name_zh="", job_title=NOBODY, job_title_zh="", honorific="",
        phone="", search_key="", sort_key="", accepts_news=False,
        # An address is unique among the living; this one is nobody's and reaches nobody.
        email=Concat(Cast("pk", CharField()), Value("@erased.invalid")),
    )  # fmt: skip
    others = Registration.objects.exclude(given_name=NOBODY).filter(booking__in=bookings).values("booking")
    Booking.objects.filter(pk__in=[*contacts, *bookings]).exclude(pk__in=others).update(
        given_name=NOBODY, family_name=NOBODY, email="nobody@erased.invalid"
    )

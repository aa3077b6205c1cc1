"""What happens to a registration after it was made."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, OutgoingEmail, User
from program.models import Session
from registration import letters
from registration.enums import LIVE, Status
from registration.models import Booking, Category, Needs, Place, Registration
from registration.models.registration import new_badge_code
from registration.services import choosing, places, seats
from registration.services.choosing import Meanwhile, Wanted

NOT_TO_THIS_ADDRESS = _lazy(
    "The place cannot pass to this address. Ask your colleague, or write to the organisers."
)
#: Hours before the end of a held or an offered place at which its reader is reminded.
REMIND_HOURS = 24


def _locked(registrations: Iterable[Registration]) -> list[Registration]:
    """The rows as they are now, nobody else changing them, in an order all services keep."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related(
        "booking__organisation", "edition", "category"
    )
    return list(rows.filter(pk__in=[r.pk for r in registrations]).order_by("booking_id", "pk"))


def _still(registration: Registration) -> Registration:
    """The row as it is now, if it is still that person's. Refuses whoever has handed it over meanwhile."""
    [row] = _locked([registration])
    if row.code != registration.code:
        raise Refusal(_("A colleague has taken over this registration."))
    return row


@transaction.atomic
def confirm(
    registrations: Sequence[Registration],
    *,
    at: dt.datetime,
    by: User | None = None,
    reason: str = "",
    proves_contact: bool = True,
) -> list[Registration]:
    """Confirm held and offered places; returns those that were. Asking twice changes nothing.

    Whoever follows the link of a request confirms the contact person's address at the same time; staff vouch
    for it (``by``), also after the time limit. Everybody else is refused once the time is over, even if nobody
    has passed the place on yet: the next person's claim has begun.
    """
    rows = _locked(registrations)
    shown = [r for r in rows if r.public_status in (Status.HELD, Status.OFFERED)]
    awaited = [
        r
        for r in shown
        if r.status != Status.DUPLICATE and (by is not None or (r.deadline is not None and r.deadline > at))
    ]
    if not (awaited or [r for r in shown if r.status == Status.DUPLICATE]) and not any(
        r.public_status in (Status.CONFIRMED, Status.CHECKED_IN, Status.WAITING) for r in rows
    ):
        raise Refusal(_("This place is not kept any more. You may register again."))
    for registration in awaited:
        registration.move_to(Status.CONFIRMED, at=at)
    # Of a duplicate the screen goes on to tell what it would tell of anybody.
    Registration.objects.filter(
        pk__in=[r.pk for r in shown if r.status == Status.DUPLICATE], shown_as=Status.HELD
    ).update(shown_as=Status.CONFIRMED)
    if proves_contact:
        Booking.objects.filter(pk__in={r.booking_id for r in rows}, address_confirmed_at=None).update(
            address_confirmed_at=at
        )
    journal.write(journal.entry(r, "confirmed", at=at, by=by, reason=reason) for r in awaited)
    for registration in awaited:
        letters.tell("confirmed", [registration], edition=registration.edition, at=at)
    return awaited


@transaction.atomic
def cancel(registration: Registration, *, at: dt.datetime, by: User | None = None, reason: str = "") -> None:
    """Cancel; the place passes to whoever has waited longest and may have it. Asking twice changes nothing."""
    places.lock_alone(registration.edition)
    row = _still(registration)
    if row.status == Status.CANCELLED:
        return
    real = row.status != Status.DUPLICATE
    seats.release([row])
    row.move_to(Status.CANCELLED, at=at)
    journal.write([journal.entry(row, "cancelled", at=at, by=by, reason=reason)])
    if real:
        letters.tell("cancelled", [row], edition=row.edition, at=at)
    places.settle(row.edition, at=at)


@transaction.atomic
def refuse(registration: Registration, *, reason: str, at: dt.datetime, by: User | None) -> None:
    """Refuse with a reason, which the person reads. The place passes on as at ``cancel``."""
    if not reason.strip():
        raise Refusal(_("Give the reason: the person reads it in the letter."))
    places.lock_alone(registration.edition)
    row = _still(registration)
    seats.release([row])
    row.move_to(Status.REFUSED, at=at, refusal_reason=reason.strip())
    journal.write([journal.entry(row, "refused", at=at, by=by, reason=reason.strip())])
    letters.tell("refused", [row], edition=row.edition, at=at)
    places.settle(row.edition, at=at)


@transaction.atomic
def lapse_overdue(edition: Edition, *, at: dt.datetime) -> int:
    """Let go of held and offered places whose time is over, and pass them on; returns how many."""
    _lapse_duplicates(edition, at)
    overdue = Registration.objects.filter(edition=edition).held_until_before(at)
    if not overdue.exists():
        return 0
    places.lock_alone(edition)
    rows = _locked(overdue)
    # Between the look and the lock somebody may have confirmed.
    rows = [r for r in rows if r.deadline is not None and r.deadline <= at]
    seats.release(rows)
    for registration in rows:
        registration.move_to(Status.LAPSED, at=at)
    journal.write(journal.entry(r, "lapsed", at=at, reason="deadline passed") for r in rows)
    letters.tell("lapsed", rows, edition=edition, at=at)
    places.settle(edition, at=at)
    return len(rows)


def _lapse_duplicates(edition: Edition, at: dt.datetime) -> None:
    """What was shown as held ends when a held place would, for whoever looks; it concerns nobody else."""
    since = at - dt.timedelta(hours=edition.hold_hours)
    shown = Registration.objects.filter(edition=edition, status=Status.DUPLICATE, shown_as=Status.HELD)
    for registration in shown.filter(status_since__lte=since).select_for_update():
        registration.move_to(Status.LAPSED, at=at)


@transaction.atomic
def remind_before_lapse(edition: Edition, *, at: dt.datetime) -> int:
    """Write once to each person whose held or offered place ends within a day; returns how many were found."""
    soon = Registration.objects.filter(edition=edition).held_until_before(
        at + dt.timedelta(hours=REMIND_HOURS)
    )
    rows = list(soon.filter(deadline__gt=at).select_related("booking", "category"))
    known = _written_already(rows)
    rows = [r for r in rows if r.pk not in known]
    for registration in rows:
        letters.tell("reminder", [registration], edition=edition, at=at, once=registration.status)
    return len(rows)


def _written_already(rows: Sequence[Registration]) -> set[int]:
    keys = {f"registration:{r.code}:reminder:{r.status}": r.pk for r in rows}
    return {keys[key] for key in OutgoingEmail.objects.filter(key__in=keys).values_list("key", flat=True)}


@transaction.atomic
def change(
    registration: Registration,
    *,
    details: dict[str, Any],
    at: dt.datetime,
    by: User | None = None,
    sessions: Sequence[Session] | None = None,
    meanwhile: Meanwhile | None = None,
    wishes: Sequence[Session] | None = None,
    needs: dict[str, Any] | None = None,
) -> Registration:
    """Change what was told about a person; a letter says what stands now.

    ``details`` are fields of the registration, ``sessions`` the new choices, of which a full one is waited for,
    ``meanwhile`` where to sit until then, ``wishes`` those for visits, ``needs`` the new needs (an empty dictionary
    erases them: consent was withdrawn). None leaves them as they are.
    """
    if sessions is not None:
        seats.lock_alone(registration.edition)
    row = _still(registration)
    if row.status not in LIVE:
        raise Refusal(
            _("This registration is “%(state)s”: that is not possible any more.")
            % {"state": row.get_status_display()}
        )
    changed = [name for name, value in details.items() if getattr(row, name) != value]
    once = f"{at:%Y%m%d%H%M%S%f}"
    if "email" in changed:
        # The old mailbox may be a stranger's, after a slip of the pen: it is told, and its links die.
        outbox.write([letters.to_person("address_changed", row, edition=row.edition, once=once)], at=at)
        row.code = new_badge_code()
        if row.is_contact:
            row.booking.email = details["email"]
            row.booking.save(update_fields=["email"])
    for name in changed:
        setattr(row, name, details[name])
    row.save()
    if sessions is not None:
        wanted = Wanted(sessions, meanwhile or {}, may_sit=row.place_id is not None)
        if choosing.replace_choices(row, wanted, at=at):
            changed.append("sessions")
    if wishes is not None and choosing.replace_wishes(row, wishes):
        changed.append("wishes")
    if needs is not None:
        changed += _replace_needs(row, needs, at)
    if changed:
        journal.write([journal.entry(row, "changed", at=at, by=by, fields=changed)])
        letters.tell("changed", [row], edition=row.edition, at=at, once=once)
    return row


def _replace_needs(row: Registration, needs: dict[str, Any], at: dt.datetime) -> list[str]:
    before = Needs.objects.filter(registration=row).values("menu", "allergen", "access", "other").first()
    wanted = needs if any(needs.values()) else None
    if before == wanted:
        return []
    Needs.objects.filter(registration=row).delete()
    if wanted:
        Needs.objects.create(registration=row, consented_at=at, **wanted)
    return ["needs"]


@transaction.atomic
def replace(
    registration: Registration, *, person: dict[str, Any], at: dt.datetime, by: User | None = None
) -> Registration:
    """Let a colleague of the same authority take over the place, or the rank.

    ``person`` has ``given_name``, ``family_name``, ``email``, ``job_title``, ``language`` and what else is known.
    The seats in sessions and the wishes pass to the colleague too; the needs of the first person are erased, the
    badge and the links of the first die, and both get a letter. A contact person hands over the whole request. Somebody who is registered already cannot take over;
    the refusal does not say which address is known.
    """
    row = _still(registration)
    if row.status not in LIVE or row.status == Status.CHECKED_IN:
        raise Refusal(
            _("This registration is “%(state)s”: that is not possible any more.")
            % {"state": row.get_status_display()}
        )
    others = (
        Registration.objects.live()
        .filter(edition=row.edition, email__iexact=person["email"])
        .exclude(pk=row.pk)
    )
    if others.exists():
        raise Refusal(NOT_TO_THIS_ADDRESS)
    farewell = letters.to_person("replaced", row, edition=row.edition)
    blank = Registration(
        honorific="", name_zh="", job_title_zh="", phone="", is_elected=False, accepts_news=False
    )
    for name in ("honorific", "name_zh", "job_title_zh", "phone", "is_elected", "accepts_news"):
        setattr(row, name, person.get(name, getattr(blank, name)))
    for name in ("given_name", "family_name", "email", "job_title", "language"):
        setattr(row, name, person[name])
    row.code = blank.code
    if row.is_contact:
        for name in ("given_name", "family_name", "email", "language"):
            setattr(row.booking, name, person[name])
        row.booking.address_confirmed_at = None
        row.booking.save(
            update_fields=["given_name", "family_name", "email", "language", "address_confirmed_at"]
        )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # the colleague registered in this very instant
        raise Refusal(NOT_TO_THIS_ADDRESS) from error
    Needs.objects.filter(registration=row).delete()
    journal.write([journal.entry(row, "replaced", at=at, by=by)])
    outbox.write([farewell, letters.to_person("taken_over", row, edition=row.edition)], at=at)
    return row


@transaction.atomic
def move_category(
    registration: Registration, category: Category, *, at: dt.datetime, by: User | None, reason: str = ""
) -> None:
    """Put somebody into another category, with the place or the rank.

    A place of the old category is given back and one of the new taken; refuses if the new has none free, or if
    somebody who waits there would be overtaken.
    """
    places.lock_alone(registration.edition)
    [row] = _locked([registration])
    if row.category_id == category.pk:
        return
    # Once the quotas are released, somebody may sit on a place of the new category already.
    if row.place is not None and row.place.category_id != category.pk:
        waiting = Registration.objects.waiting().filter(edition=row.edition, category=category)
        free = Place.objects.filter(edition=row.edition, category=category).free().order_by("number").first()
        if free is None or waiting.exists():
            raise Refusal(
                _("“%(category)s” has no free place, or people who wait for it.")
                % {"category": category.name}
            )
        row.place = free
    row.category = category
    row.save()
    journal.write([journal.entry(row, "moved", at=at, by=by, reason=reason, category=category.code)])
    places.settle(row.edition, at=at)


def send_link(edition: Edition, email: str, *, at: dt.datetime) -> None:
    """Write the link to their page to whoever is known under this address; silent about who is.

    One letter per registration or request, and hour.
    """
    once = f"{at:%Y-%m-%dT%H}"
    known = Registration.objects.live().select_related("booking").filter(edition=edition, email__iexact=email)
    out = [letters.to_person("new_link", r, edition=edition, once=once) for r in known]
    for booking in Booking.objects.filter(edition=edition, email__iexact=email).exclude(
        registrations__in=known
    ):
        registrations = list(booking.registrations.live())
        if registrations:
            letter = letters.to_contact("new_link", booking, registrations, edition=edition)
            out.append(outbox.Letter(**{**vars(letter), "key": f"{letter.key}:{once}"}))
    outbox.write(out, at=at)


@transaction.atomic
def separate(booking: Booking, *, at: dt.datetime) -> None:
    """Let a group that waits together wait one by one, in the same order; free places are offered at once."""
    edition = Edition.objects.get(pk=booking.edition_id)
    places.lock_alone(edition)
    if not Booking.objects.filter(pk=booking.pk, together=True).update(together=False):
        return
    journal.write([journal.entry(booking, "separated", at=at)])
    places.settle(edition, at=at)


def personal_data(registration: Registration) -> dict[str, Any]:
    """Everything that is held about a person, by name of field, ready to be written as JSON."""
    hidden = {"id", "edition", "booking", "search_key", "sort_key", "shown_as", "place"}
    fields = [f for f in Registration._meta.concrete_fields if f.name not in hidden]
    needs = Needs.objects.filter(registration=registration).first()
    return {
        **{
            f.name: str(value) if (value := getattr(registration, f.name)) not in (None, "") else None
            for f in fields
        },
        "place": registration.place.number if registration.place else None,
        "organisation": registration.booking.organisation_name,
        "submitted_at": registration.booking.submitted_at.isoformat(),
        "registered_by": str(registration.booking),
        "sessions": [
            {
                "session": str(choice.session),
                "waiting": choice.is_waiting,
                "chosen_at": choice.chosen_at.isoformat(),
            }
            for choice in registration.choices.select_related("session").order_by("pk")
        ],
        "visits_wished": [
            str(wish.session) for wish in registration.wishes.select_related("session").order_by("rank")
        ],
        "visit_assigned": [
            str(row.session) if row.session else None
            for row in registration.assigned_visits.filter(
                assignment__applied_at__isnull=False
            ).select_related("session")
        ],
        "meeting_rooms": [
            {"room": str(slot.session), "day": slot.session.day.isoformat(), "at": f"{slot.starts_at:%H:%M}"}
            for slot in registration.meeting_slots.select_related("session")
        ],
        "needs": {f: getattr(needs, f) for f in ("menu", "allergen", "access", "other")} if needs else None,
        "journal": [
            {"at": e.at.isoformat(), "action": e.action, "reason": e.reason} for e in journal.of(registration)
        ],
        "letters": list(
            OutgoingEmail.objects.filter(to_email__iexact=registration.email).values_list(
                "subject", flat=True
            )
        ),
    }

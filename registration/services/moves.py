"""What happens to a registration after it was made."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, OutgoingEmail, User
from registration import letters
from registration.enums import LIVE, Status
from registration.models import Booking, Category, Needs, Place, Registration, SessionChoice
from registration.services import places

#: Hours before the end of a held or an offered place at which its reader is reminded.
REMIND_HOURS = 24


def _locked(registrations: Iterable[Registration]) -> list[Registration]:
    """The rows as they are now, nobody else changing them, in an order all services keep."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related(
        "booking", "edition", "category"
    )
    return list(rows.filter(pk__in=[r.pk for r in registrations]).order_by("booking_id", "pk"))


@transaction.atomic
def confirm(
    registrations: Sequence[Registration], *, at: dt.datetime, by: User | None = None, reason: str = ""
) -> list[Registration]:
    """Confirm held and offered places; returns those that were. Asking twice changes nothing.

    Whoever follows the link in the letter confirms the address at the same time; staff vouch for it. Refuses
    if none of the places is held or offered any more.
    """
    rows = _locked(registrations)
    awaited = [r for r in rows if r.status in (Status.HELD, Status.OFFERED)]
    if not awaited and not any(
        r.status in (Status.CONFIRMED, Status.CHECKED_IN, Status.WAITING) for r in rows
    ):
        raise Refusal(_("This place is not kept any more. You may register again."))
    for registration in awaited:
        registration.move_to(Status.CONFIRMED, at=at)
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
    [row] = _locked([registration])
    if row.status == Status.CANCELLED:
        return
    real = row.status != Status.DUPLICATE
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
    [row] = _locked([registration])
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
    for registration in rows:
        registration.move_to(Status.LAPSED, at=at)
    journal.write(journal.entry(r, "lapsed", at=at) for r in rows)
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
    sessions: Sequence[Any] | None = None,
    needs: dict[str, Any] | None = None,
) -> Registration:
    """Change what was told about a person; a letter says what stands now.

    ``details`` are fields of the registration, ``sessions`` the new choices, ``needs`` the new needs (an empty
    dictionary erases them: consent was withdrawn). None leaves them as they are.
    """
    [row] = _locked([registration])
    if row.status not in LIVE:
        raise Refusal(
            _("This registration is “%(state)s”: that is not possible any more.")
            % {"state": row.get_status_display()}
        )
    changed = [name for name, value in details.items() if getattr(row, name) != value]
    once = f"{at:%Y%m%d%H%M%S%f}"
    # Whoever loses a registration to another address is told at the old one.
    to_old_address = letters.to_person("changed", row, edition=row.edition, once=f"{once}-old")
    for name in changed:
        setattr(row, name, details[name])
    row.save()
    if sessions is not None:
        before = set(row.choices.values_list("session_id", flat=True))
        if before != {s.pk for s in sessions}:
            changed.append("sessions")
            row.choices.all().delete()
            SessionChoice.objects.bulk_create(
                SessionChoice(registration=row, session=s, choice_group=s.choice_group) for s in sessions
            )
    if needs is not None:
        changed += _replace_needs(row, needs, at)
    if changed:
        journal.write([journal.entry(row, "changed", at=at, by=by, fields=changed)])
        letters.tell("changed", [row], edition=row.edition, at=at, once=once)
    if "email" in changed:
        outbox.write([to_old_address], at=at)
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
    Needs and choices of the first person are erased, the badge and the links of the first die, and both get a
    letter. Refuses a colleague who is registered already.
    """
    [row] = _locked([registration])
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
        raise Refusal(_("This colleague cannot take over: the address is in use for another registration."))
    farewell = letters.to_person("replaced", row, edition=row.edition)
    blank = Registration(
        honorific="", name_zh="", job_title_zh="", phone="", is_elected=False, accepts_news=False
    )
    for name in ("honorific", "name_zh", "job_title_zh", "phone", "is_elected", "accepts_news"):
        setattr(row, name, person.get(name, getattr(blank, name)))
    for name in ("given_name", "family_name", "email", "job_title", "language"):
        setattr(row, name, person[name])
    row.code = blank.code
    # The request stays with its contact person, whoever comes in her place.
    row.is_contact = False
    row.save()
    row.choices.all().delete()
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
    if row.place_id is not None:
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
    Booking.objects.filter(pk=booking.pk).update(together=False)
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
        "sessions": [str(choice.session) for choice in registration.choices.select_related("session")],
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

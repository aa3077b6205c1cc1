"""Taking and giving back half-hours of the rooms for informal meetings."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import journal
from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, User
from program.models import Session
from registration import letters
from registration.meeting_rooms import (
    HALF_HOUR,
    MOST_A_DAY,
    hours_by_room,
    hours_of,
    moment_of,
    open_rooms,
)
from registration.models import MeetingSlot, Registration

#: After so long a change of the programme is taken for meant.
SETTLED = dt.timedelta(minutes=10)


@transaction.atomic
def take_half_hour(
    registration: Registration, session: Session, starts_at: dt.time, *, at: dt.datetime
) -> MeetingSlot:
    """Take this half-hour of the room. Asking twice changes nothing.

    For somebody with a place, two a day at most. Refuses one that is taken, over, or outside the opening hours.
    """
    # Whoever takes two at once is looked at one by one.
    row = (
        Registration.objects.select_for_update(of=("self",)).select_related("edition").get(pk=registration.pk)
    )
    rooms = open_rooms(row.edition)
    room = next((room for room in rooms if room.pk == session.pk), None)
    if room is None or starts_at not in hours_of(room):
        raise Refusal(_("This room is not open at that time."))
    if row.place_id is None:
        raise Refusal(_("The rooms are for those who have a place at the Assises."))
    if moment_of(row.edition, room.day, starts_at) + HALF_HOUR <= at:
        raise Refusal(_("This half-hour is over."))
    known = MeetingSlot.objects.filter(session=room, starts_at=starts_at).first()
    if known is not None and known.registration_id == row.pk:
        return known
    if _held_that_day(row, [other for other in rooms if other.day == room.day]) >= MOST_A_DAY:
        raise Refusal(
            ngettext(
                "You hold %(count)d half-hour of that day, the most that one person may. Give it back first.",
                "You hold %(count)d half-hours of that day, the most that one person may. Give one back first.",
                MOST_A_DAY,
            )
            % {"count": MOST_A_DAY}
        )
    try:
        with transaction.atomic():
            slot = MeetingSlot.objects.create(
                session=room, starts_at=starts_at, registration=row, taken_at=at
            )
    except IntegrityError as error:
        raise Refusal(_("Somebody else has just taken this half-hour.")) from error
    journal.write([_entry(row, "half-hour taken", room, starts_at, at)])
    return slot


def _held_that_day(registration: Registration, rooms: list[Session]) -> int:
    """How many half-hours this person sees as her own; one outside the hours of its room is nobody's."""
    hours = hours_by_room(rooms)
    slots = MeetingSlot.objects.filter(registration=registration, session__in=rooms)
    return sum(hour in hours[room] for room, hour in slots.values_list("session", "starts_at"))


@transaction.atomic
def give_half_hour_back(
    registration: Registration, session: Session, starts_at: dt.time, *, at: dt.datetime
) -> None:
    """Give back what this person holds; what somebody else holds stays. Asking twice changes nothing."""
    gone, _by_model = MeetingSlot.objects.filter(
        registration=registration, session=session, starts_at=starts_at
    ).delete()
    if gone:
        journal.write([_entry(registration, "half-hour given back", session, starts_at, at)])


@transaction.atomic
def free_half_hour(slot: MeetingSlot, *, at: dt.datetime, by: User | None, reason: str = "") -> None:
    """Let the organisers free a half-hour; a letter says so to whoever had it."""
    _free(slot, at=at, by=by, reason=reason, told=reason)


@transaction.atomic
def free_those_outside(edition: Edition, *, at: dt.datetime) -> int:
    """Free the half-hours to come at which their room is not open any more, and write so; how many were freed.

    A room is moved or abandoned in the programme, which knows nothing of half-hours. Run by beat, twice or late too.
    A room that was changed in the last minutes is left: somebody may be putting it back.
    """
    hours = hours_by_room(open_rooms(edition))
    slots = MeetingSlot.objects.filter(session__edition=edition).select_related(
        "session__edition", "session__room", "registration__booking"
    )
    label = Session._meta.label_lower
    fresh = set(
        JournalEntry.objects.filter(subject_type=label, at__gt=at - SETTLED).values_list(
            "subject_id", flat=True
        )
    )
    outside = [
        slot
        for slot in slots
        if slot.session_id not in fresh
        and slot.starts_at not in hours.get(slot.session_id, ())
        and moment_of(edition, slot.session.day, slot.starts_at) + HALF_HOUR > at
    ]
    reason = "the room is not open at that time any more"
    told = gettext_lazy("The room is no longer open for informal meetings at that time.")
    return sum(_free(slot, at=at, by=None, reason=reason, told=told) for slot in outside)


def _free(slot: MeetingSlot, *, at: dt.datetime, by: User | None, reason: str, told: str | Promise) -> bool:
    """Whether it was still taken; ``reason`` is what the journal keeps, ``told`` what the letter says."""
    gone, _by_model = MeetingSlot.objects.filter(pk=slot.pk).delete()
    if gone:
        journal.write(
            [_entry(slot.registration, "half-hour freed", slot.session, slot.starts_at, at, by, reason)]
        )
        letters.tell(
            "half_hour_freed",
            [slot.registration],
            edition=slot.session.edition,
            at=at,
            once=f"{slot.pk}",
            # A session that lost its room is called by its own name.
            room=slot.session.room or slot.session,
            day=slot.session.day,
            starts_at=slot.starts_at,
            reason=told,
        )
    return bool(gone)


def _entry(
    registration: Registration,
    action: str,
    room: Session,
    starts_at: dt.time,
    at: dt.datetime,
    by: User | None = None,
    reason: str = "",
) -> JournalEntry:
    return journal.entry(
        registration, action, at=at, by=by, reason=reason, session=room.code, hour=f"{starts_at:%H:%M}"
    )

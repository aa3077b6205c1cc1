"""A session is made, changed, moved, abandoned, taken back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.deletion import Collector, ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.enums import AgreementStatus
from assises.exceptions import Conflict, Refusal
from assises.models import Edition, User
from assises.rules import differences, write
from program.models import FieldVisit, ProgrammeRelease, Room, Session

REGISTER_SPEAKS = gettext_lazy(
    "The register speaks of this session: abandon it, so that what was said of it stays."
)
# The keys that only ``0003_keys_and_frozen_releases`` and ``0011_the_register_takes_over_open_points`` know.
constraints.declare(
    {
        "program_session_room_same_edition": gettext_lazy("This room belongs to another edition."),
        "program_colead_of_that_side": gettext_lazy("This authority is not of that side."),
        "program_session_follows_the_edition": gettext_lazy(
            "The days of the edition have changed meanwhile. Save again."
        ),
        "program_register_speaks_of_a_session": gettext_lazy("This session is not of this edition any more."),
        "program_session_stays_for_the_register": REGISTER_SPEAKS,
    }
)

#: What a change does not touch: what counts, what a file or an address is named after, and the seats: these are rows,
#: which the registration gives and takes.
FIXED = {
    "id",
    "edition",
    "edition_id",
    "code",
    "guid",
    "short_code",
    "version",
    "first_day",
    "last_day",
    "seats",
}


@transaction.atomic
def create_session(edition: Edition, *, at: dt.datetime, by: User | None, **values: Any) -> Session:
    """Add a session to the programme. Refuses what the rules of the model refuse, in their words."""
    session = Session(edition=edition, **values)
    write(session)
    journal.write([journal.entry(session, "session_created", at=at, by=by)])
    return session


@transaction.atomic
def change_session(
    session: Session,
    changes: Mapping[str, Any],
    *,
    version: int,
    at: dt.datetime,
    by: User | None,
    reason: str = "",
) -> Session:
    """Change the fields in ``changes`` if the session is still at ``version``, and count the version on.

    Raises ``Conflict`` if it is not, ``Refusal`` where a rule says no (a room that is taken, a day outside the
    edition); then nothing is changed. A change that changes nothing is none.
    """
    current = held(session, version)
    if wrong := FIXED & changes.keys():
        raise ValueError(f"A change does not touch {', '.join(sorted(wrong))}.")
    changed = differences(current, changes)
    if not changed:
        return current
    for name in changed:
        setattr(current, name, changes[name])
    if "status" in changed:
        _decision_follows(current)
    turn(current, "session_changed", at=at, by=by, reason=reason, fields=changed)
    return current


def _decision_follows(session: Session) -> None:
    """A visit is decided when it takes place, abandoned when it does not, and else still talked about (S-113)."""
    visit = FieldVisit.objects.select_for_update().filter(session=session).first()
    if visit is None:
        return
    kept = {AgreementStatus.DECIDED: True, AgreementStatus.ABANDONED: False}.get(
        AgreementStatus(session.status)
    )
    if visit.is_kept is kept:
        return
    visit.is_kept = kept
    if kept is False:
        visit.decision_note_fr = session.status_reason_fr  # type: ignore[attr-defined]
        visit.decision_note_zh_hans = session.status_reason_zh_hans or ""  # type: ignore[attr-defined]
    write(visit)


def move_session(
    session: Session,
    *,
    day: dt.date,
    starts_at: dt.time | None,
    room: Room | None,
    minutes: int | None = None,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> Session:
    """Put a session on another day, at another hour, in another room; it lasts as long as before.

    ``minutes`` says how long it lasts where that was open. Without ``starts_at`` its hours are open again. Raises
    as ``change_session`` does, and refuses an end after midnight.
    """
    minutes = session.minutes or minutes
    ends_at = None
    if starts_at is not None and minutes:
        end = dt.datetime.combine(day, starts_at) + dt.timedelta(minutes=minutes)
        if end.date() != day:
            raise Refusal(_("There the session would end after midnight."))
        ends_at = end.time()
    changes = {"day": day, "starts_at": starts_at, "ends_at": ends_at, "room": room}
    return change_session(session, changes, version=version, at=at, by=by)


@transaction.atomic
def abandon_session(
    session: Session, *, reason_fr: str, reason_zh: str = "", version: int, at: dt.datetime, by: User | None
) -> Session:
    """Take a session out of the programme; organisers still see it, with its reason (S-052)."""
    changes = {
        "status": AgreementStatus.ABANDONED,
        "status_reason_fr": reason_fr,
        "status_reason_zh_hans": reason_zh,
    }
    return change_session(session, changes, version=version, at=at, by=by)


@transaction.atomic
def delete_session(session: Session, *, version: int, at: dt.datetime, by: User | None) -> None:
    """Take back a session that nobody has read of.

    Refuses once it stands in a release, somebody chose it, or the register speaks of it: what was said of it stays.
    """
    current = held(session, version)
    if is_released(current):
        raise Refusal(_("This session stands in a release: abandon it, so that its readers are told."))
    if current.open_points.exists():
        raise Refusal(str(REGISTER_SPEAKS))
    if _others_depend_on(current):
        raise Refusal(_("Something else depends on this session: abandon it instead."))
    journal.write([journal.entry(current.edition, "session_deleted", at=at, by=by, code=current.code)])
    current.delete()


def is_released(session: Session) -> bool:
    """Whether a release, published or not, contains the session."""
    this = [{"guid": str(session.guid)}]
    releases = ProgrammeRelease.objects.filter(edition=session.edition_id)
    return releases.filter(content__sessions__contains=this).exists()


def _others_depend_on(session: Session) -> bool:
    """Whether rows of another part of the software, or the running order of another session, would go with it."""
    collector = Collector(using="default")
    try:
        collector.collect([session])
    except ProtectedError:
        return True
    rows = [*collector.data, *(q.model for q in collector.fast_deletes if q.exists())]
    return any(kind._meta.app_label != "program" for kind in rows) or session.reports.exists()


# --- For all that hangs from a session -------------------------------------------------------------------


def held(session: Session, version: int) -> Session:
    """The session, locked until the end of the transaction. Raises ``Conflict`` if it is no longer at ``version``."""
    current = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def turn(
    session: Session, action: str, *, at: dt.datetime, by: User | None, reason: str = "", **details: Any
) -> None:
    """Save a held session under its next version, and write what was done to it."""
    session.version += 1
    write(session)
    details = {**details, "version": session.version}
    journal.write([journal.entry(session, action, at=at, by=by, reason=reason, **details)])

"""The sheet of a field visit, the verdict of each side on it, and the decision (S-113)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assises.enums import AgreementStatus, Side
from assises.exceptions import Refusal
from assises.models import User
from assises.rules import differences, write
from program.enums import SessionKind, Verdict
from program.models import FieldVisit, Session
from program.services.releases import APPROVERS
from program.services.sessions import held, turn

VERDICTS = {Side.FRENCH: "verdict_french", Side.CHINESE: "verdict_chinese"}
#: What is said in another way: a verdict by its side, the decision with its consequence, the shares of the seats
#: where it is known who holds them.
_NOT_ON_THE_SHEET = {
    *VERDICTS.values(),
    "is_kept",
    "decision_note_fr",
    "decision_note_zh_hans",
    "seats_chinese",
    "seats_reserved",
}


@transaction.atomic
def write_sheet(
    session: Session, changes: Mapping[str, Any], *, version: int, at: dt.datetime, by: User | None
) -> FieldVisit:
    """Write the sheet of a visit; the first time makes it. Raises ``Conflict`` as ``change_session`` does."""
    if wrong := _NOT_ON_THE_SHEET & changes.keys():
        raise ValueError(f"The sheet does not hold {', '.join(sorted(wrong))}.")
    current = held(session, version)
    if current.kind != SessionKind.VISIT:
        raise Refusal(_("Only a field visit has a sheet."))
    visit = _sheet(current) or FieldVisit(session=current)
    if _change(visit, changes) or visit._state.adding:
        write(visit)
        turn(current, "visit_changed", at=at, by=by)
    return visit


def may_give_verdict(user: User, side: Side) -> bool:
    """Who approves for a side may say what that side says; so may who composes the programme."""
    return user.has_perm(APPROVERS[side]) or user.has_perm("program.compose_programme")


@transaction.atomic
def give_verdict(
    session: Session, side: Side, verdict: Verdict, *, version: int, at: dt.datetime, by: User
) -> FieldVisit:
    """Note what one side says of the visit. Refuses without the right, and against a decision that needs it."""
    if not may_give_verdict(by, side):
        raise Refusal(_("Your account does not answer for the %(side)s.") % {"side": side.label})
    current = held(session, version)
    visit = _sheet(current)
    if visit is None:
        raise Refusal(_("Write the sheet first: a side says yes or no to what it can read."))
    if _change(visit, {VERDICTS[side]: verdict}):
        write(visit)
        turn(current, "verdict_given", at=at, by=by, side=side, verdict=verdict)
    return visit


@transaction.atomic
def decide_visit(
    session: Session,
    *,
    is_kept: bool | None,
    note_fr: str = "",
    note_zh: str = "",
    version: int,
    at: dt.datetime,
    by: User | None,
) -> FieldVisit:
    """Decide whether the visit takes place; None opens the question again.

    What takes place is decided, what does not is abandoned for the reason in the note, and leaves the programme.
    Refuses a visit that a side has not kept, and one dropped without a reason.
    """
    current = held(session, version)
    visit = _sheet(current)
    if visit is None:
        raise Refusal(_("Write the sheet first: a side says yes or no to what it can read."))
    if is_kept is False and not note_fr:
        raise Refusal(_("Say why it is abandoned: it stays visible to organisers with its reason."))
    decision = {"is_kept": is_kept, "decision_note_fr": note_fr, "decision_note_zh_hans": note_zh}
    was_decided = visit.is_kept is not None
    if not _change(visit, decision):
        return visit
    write(visit)
    if is_kept is not None:
        current.status = AgreementStatus.DECIDED if is_kept else AgreementStatus.ABANDONED
        current.status_reason_fr, current.status_reason_zh_hans = note_fr, note_zh
    elif was_decided:
        current.status = AgreementStatus(visit.origin)
    turn(current, "visit_decided", at=at, by=by, kept=is_kept)
    return visit


def _sheet(session: Session) -> FieldVisit | None:
    return FieldVisit.objects.select_for_update().filter(session=session).first()


def _change(visit: FieldVisit, changes: Mapping[str, Any]) -> bool:
    changed = differences(visit, changes)
    for name in changed:
        setattr(visit, name, changes[name])
    return bool(changed)

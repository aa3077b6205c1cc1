"""Items of the register are noted, worded anew, decided, abandoned, opened again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import AgreementStatus, ItemKind
from assises.exceptions import Conflict, Refusal
from assises.locks import Lock
from assises.models import Edition, Meeting, Milestone, RegisterItem, User
from assises.models.register import SETTLED
from assises.rules import differences, write

#: The status that something begins with, in the words of the minutes.
BEGINS = {
    ItemKind.DECISION: AgreementStatus.PROPOSED,
    ItemKind.OPEN_POINT: AgreementStatus.TO_BE_DEFINED,
    ItemKind.WARNING: AgreementStatus.UNDER_STUDY,
    ItemKind.REQUEST: AgreementStatus.REQUESTED,
}


@transaction.atomic
def add(edition: Edition, *, kind: str, at: dt.datetime, by: User | None, **values: Any) -> RegisterItem:
    """Note an item; it gets the next number of the edition, and the status that its kind begins with.

    ``values`` may hold ``subject``, ``blocks_items`` and ``blocks_milestones`` beside the columns. Refuses what a rule
    of the model refuses, in its words.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.REGISTER, edition.pk])
    last = edition.register_items.aggregate(last=Max("number"))["last"] or 0
    blocks = {name: values.pop(name) for name in _BLOCKS if name in values}
    values.setdefault("status", BEGINS[ItemKind(kind)])
    item = RegisterItem(edition=edition, number=last + 1, kind=kind, **values)
    _refuse_foreign(item, blocks)
    write(item)
    for name, rows in blocks.items():
        getattr(item, name).set(rows)
    journal.write([journal.entry(item, "item_added", at=at, by=by)])
    return item


@transaction.atomic
def change(
    item: RegisterItem, changes: Mapping[str, Any], *, version: int, at: dt.datetime, by: User | None
) -> RegisterItem:
    """Word it anew, give it another owner, day, subject… A change that changes nothing is none.

    It is decided, abandoned and opened again by the services of those names. Raises ``Conflict`` if somebody else has
    changed it since ``version``.
    """
    row = held(item, version)
    changes = dict(changes)
    blocks = {name: list(changes.pop(name)) for name in _BLOCKS if name in changes}
    status = changes.get("status", row.status)
    if status != row.status and (status in SETTLED or row.is_settled):
        raise Refusal(_("Close it or open it again with its own button: that asks for the answer."))
    changed = differences(row, changes)
    linked = [name for name, rows in blocks.items() if set(getattr(row, name).all()) != set(rows)]
    if not changed and not linked:
        return row
    for name in changed:
        setattr(row, name, changes[name])
    _refuse_foreign(row, blocks)
    for name in linked:
        getattr(row, name).set(blocks[name])
    # What it is about is one thing to people, and two columns.
    fields = sorted({"subject" if name.startswith("subject_") else name for name in [*changed, *linked]})
    return _turn(row, "item_changed", at=at, by=by, fields=fields)


@transaction.atomic
def decide(
    item: RegisterItem,
    *,
    outcome_fr: str,
    outcome_zh: str = "",
    on: dt.date,
    meeting: Meeting | None = None,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> RegisterItem:
    """Write what was decided: that closes it. Refuses an open point or a request without an answer."""
    status = AgreementStatus.DECIDED
    return _settle(item, status, outcome_fr, outcome_zh, on, meeting, version=version, at=at, by=by)


@transaction.atomic
def abandon(
    item: RegisterItem,
    *,
    reason_fr: str,
    reason_zh: str = "",
    on: dt.date,
    meeting: Meeting | None = None,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> RegisterItem:
    """Give it up, with the reason; both stay visible (S-052). Refuses to do so without a reason."""
    status = AgreementStatus.ABANDONED
    return _settle(item, status, reason_fr, reason_zh, on, meeting, version=version, at=at, by=by)


@transaction.atomic
def reopen(item: RegisterItem, *, version: int, at: dt.datetime, by: User | None) -> RegisterItem:
    """Open it again; what was answered stays, for whoever words the next answer. A choice is free again."""
    row = held(item, version)
    if not row.is_settled:
        return row
    row.status, row.settled_on, row.settled_at_meeting = BEGINS[ItemKind(row.kind)], None, None
    row.candidates.filter(is_chosen=True).update(is_chosen=False)
    return _turn(row, "item_reopened", at=at, by=by)


def held(item: RegisterItem, version: int | None) -> RegisterItem:
    """The item, locked until the end of the transaction. Raises ``Conflict`` if it is no longer at ``version``."""
    row = RegisterItem.objects.select_for_update(of=("self",)).select_related("edition").get(pk=item.pk)
    if version is not None and row.version != version:
        raise Conflict(row)
    return row


_BLOCKS = ("blocks_items", "blocks_milestones")


def _settle(
    item: RegisterItem,
    status: str,
    text_fr: str,
    text_zh: str,
    on: dt.date,
    meeting: Meeting | None,
    *,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> RegisterItem:
    row = held(item, version)
    if row.is_settled:
        raise Refusal(_("It is closed already: open it again first."))
    row.outcome_fr, row.outcome_zh_hans = _said(text_fr), _said(text_zh)
    row.status, row.settled_on, row.settled_at_meeting = status, on, meeting
    _refuse_foreign(row, {})
    action = "item_decided" if status == AgreementStatus.DECIDED else "item_abandoned"
    # The journal keeps the words also after it was opened again.
    reason = row.outcome_fr or row.outcome_zh_hans
    return _turn(row, action, reason=reason, at=at, by=by)


def _said(text: str | None) -> str:
    """The text; empty where nobody could read anything in it."""
    text = (text or "").strip()
    return text if any(character.isalnum() for character in text) else ""


def _turn(
    row: RegisterItem, action: str, *, at: dt.datetime, by: User | None, reason: str = "", **details: Any
) -> RegisterItem:
    row.version += 1
    write(row)
    entry = journal.entry(row, action, at=at, by=by, reason=reason, version=row.version, **details)
    journal.write([entry])
    return row


def _refuse_foreign(item: RegisterItem, blocks: Mapping[str, Iterable[Model]]) -> None:
    """Refuse what belongs to another edition, or blocks itself."""
    meetings = (item.meeting, item.settled_at_meeting)
    if any(meeting is not None and meeting.edition_id != item.edition_id for meeting in meetings):
        raise Refusal(_("This meeting belongs to another edition."))
    for row in (row for rows in blocks.values() for row in rows):
        assert isinstance(row, RegisterItem | Milestone)
        if row.edition_id != item.edition_id:
            raise Refusal(_("“%(name)s” belongs to another edition.") % {"name": row})
        if row == item:
            raise Refusal(_("An item does not block itself."))

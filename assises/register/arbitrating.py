"""Several answers stand beside one another, each with its source; each side gives its voice; a decision chooses one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import AgreementStatus, Side
from assises.exceptions import Refusal
from assises.models import Candidate, Meeting, Preference, RegisterItem, User
from assises.register.writing import held
from assises.rules import write
from assises.sides import speaks_for


@transaction.atomic
def add_candidate(item: RegisterItem, *, at: dt.datetime, by: User | None, **values: Any) -> Candidate:
    """Put one more answer beside the others. Refuses once the point is closed."""
    row = _open(item)
    candidate = Candidate(item=row, **values)
    write(candidate)
    journal.write([journal.entry(row, "candidate_added", at=at, by=by, candidate=candidate.pk)])
    return candidate


@transaction.atomic
def remove_candidate(candidate: Candidate, *, at: dt.datetime, by: User | None) -> None:
    """Take an answer back. Refuses one for which a side has given its voice, and all once the point is closed."""
    row = _open(candidate.item)
    if candidate.preferences.exists():
        raise Refusal(_("A side has given its voice to this candidate: it stays beside the others."))
    candidate.delete()
    journal.write([journal.entry(row, "candidate_removed", at=at, by=by)])


@transaction.atomic
def give_preference(
    item: RegisterItem, *, side: Side, candidate: Candidate, comment: str = "", at: dt.datetime, by: User
) -> Preference:
    """Give the voice of one side, or change it until the point is closed: one side, one voice (S-079, S-101)."""
    row = _open(item)
    if not speaks_for(by, side):
        raise Refusal(_("You do not speak for this side."))
    if candidate.item_id != row.pk:
        raise Refusal(_("This is no candidate of this point."))
    voice = Preference.objects.filter(item=row, side=side).first() or Preference(item=row, side=side)
    voice.candidate, voice.comment, voice.at, voice.by = candidate, comment, at, by
    write(voice)
    journal.write([journal.entry(row, "voice_given", at=at, by=by, side=side, candidate=candidate.pk)])
    return voice


@transaction.atomic
def choose(
    candidate: Candidate,
    *,
    on: dt.date,
    meeting: Meeting | None = None,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> RegisterItem:
    """Decide for one of the candidates: that closes the point, and the candidate is its answer.

    Where the point says which text of its subject it settles (the slogan of the edition), the text is set. Dates are
    moved in the planning, where what they push is shown first: see ``assises.planning.moving``.
    """
    row = held(candidate.item, version)
    if row.is_settled:
        raise Refusal(_("It is closed already: open it again first."))
    chosen = row.candidates.filter(pk=candidate.pk).first()
    if chosen is None:
        raise Refusal(_("This candidate is no longer there."))
    if meeting is not None and meeting.edition_id != row.edition_id:
        raise Refusal(_("This meeting belongs to another edition."))
    chosen.is_chosen = True
    chosen.save(update_fields=["is_chosen"])
    row.outcome_fr, row.outcome_zh_hans = chosen.text_fr, chosen.text_zh_hans
    row.status, row.settled_on, row.settled_at_meeting = AgreementStatus.DECIDED, on, meeting
    row.version += 1
    write(row)
    if row.subject_field and row.subject is not None:
        _set_text(row, chosen, at=at, by=by)
    reason = chosen.text_fr or chosen.text_zh_hans or ""
    details = {"version": row.version, "candidate": chosen.pk}
    journal.write([journal.entry(row, "item_decided", at=at, by=by, reason=reason, **details)])
    return row


def _set_text(row: RegisterItem, chosen: Candidate, *, at: dt.datetime, by: User | None) -> None:
    """The text of the subject becomes the chosen one; a language that the candidate lacks stays as it was."""
    subject: Any = row.subject
    before = {}
    for language in ("fr", "zh_hans"):
        name, text = f"{row.subject_field}_{language}", getattr(chosen, f"text_{language}")
        if text:
            before[name] = getattr(subject, name)
            setattr(subject, name, text)
    write(subject)
    journal.write([journal.entry(subject, "text_decided", at=at, by=by, item=row.number, before=before)])


def _open(item: RegisterItem) -> RegisterItem:
    row = held(item, None)
    if row.is_settled:
        raise Refusal(_("It is closed already: open it again first."))
    return row

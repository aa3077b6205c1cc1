"""A contribution is proposed, revised, withdrawn by those whose practice it is."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import Edition, Organisation, Theme, User
from program import letters
from program.call import call_of
from program.counterparts import other_side
from program.enums import RETAINED, ContributionState
from program.models import Contribution, Session, SessionPart
from program.services import speaking
from program.services.speaking import SpeakerDetails

#: While it stands so, whoever proposed it may change it.
REVISABLE = [ContributionState.PROPOSED, ContributionState.CHANGES_ASKED]


class ChangedMeanwhile(Refusal):
    """Somebody else with the link has saved since; ``current`` is how the contribution stands now."""

    def __init__(self, current: Contribution) -> None:
        super().__init__(
            _(
                "Somebody else has changed this contribution since you opened it. Nothing of yours is saved yet: compare the two versions, then save again."
            )
        )
        self.current = current


class SentAlready(Refusal):
    """The same form was sent before with other answers: somebody went back and wrote another contribution in it."""

    def __init__(self, known: Contribution) -> None:
        super().__init__(
            _(
                "This form was sent already, and “%(title)s” has arrived. If this is another contribution, send it now; to change the first one, follow the link in our letter."
            )
            % {"title": known.original_title}
        )


@dataclass(frozen=True)
class Practice:
    """What is told and by whom, in the language of the proposal. Without a counterpart, one is looked for."""

    theme: Theme
    title: str
    summary: str
    exemplary: str
    existing: str
    concrete: str
    reproducible: str
    #: 1 to 60.
    minutes: int
    counterpart: Organisation | None
    speaker: SpeakerDetails

    def columns(self, original: str) -> dict[str, Any]:
        suffix = "zh_hans" if original == "zh-hans" else "fr"
        plain = ("theme", "exemplary", "existing", "concrete", "reproducible", "minutes", "counterpart")
        return {
            f"title_{suffix}": self.title,
            f"summary_{suffix}": self.summary,
            **{name: getattr(self, name) for name in plain},
        }


@dataclass(frozen=True)
class Proposal:
    """A practice, with who proposes it. The same ``key`` is the same proposal."""

    edition: Edition
    practice: Practice
    original: str
    organisation: Organisation | None
    organisation_name: str
    side: str
    given_name: str
    family_name: str
    email: str
    language: str
    key: uuid.UUID


def may_enter(user: User) -> bool:
    """Whoever answers proposals may enter one that came by letter or by telephone, at any time."""
    return user.has_perm("program.change_contribution")


@transaction.atomic
def propose(proposal: Proposal, *, at: dt.datetime, by: User | None = None) -> Contribution:
    """Take a proposal in, and send its receipt. The same form sent twice is one proposal; with other answers it is
    another one, which is asked (``SentAlready``).

    Refuses outside the dates of the call, which the sentence says, unless an organiser enters it (``by``), and a
    counterpart of the own side.
    """
    known = _sent_before(proposal)
    if known is not None:
        return known
    refusal = call_of(proposal.edition, at).refusal
    if refusal and not (by and may_enter(by)):
        raise Refusal(refusal)
    _check_counterpart(proposal.practice.counterpart, proposal.side)
    row = _row(proposal, at)
    try:
        with transaction.atomic():
            _keep_speaker(row, proposal.practice.speaker, at=at)
            row.save()
    except IntegrityError:
        # The same form, sent on another connection at the same instant.
        known = _sent_before(proposal)
        if known is None:
            raise
        return known
    journal.write([journal.entry(row, "contribution_proposed", at=at, by=by, side=row.side)])
    letters.to_proposer("contribution_received", row, at=at)
    return row


def _sent_before(proposal: Proposal) -> Contribution | None:
    """What came with the same form; raises ``SentAlready`` where it told something else."""
    known = Contribution.objects.select_related("speaker").filter(key=proposal.key).first()
    if known is not None and known.state == ContributionState.PROPOSED and known.version == 1:
        values = {**proposal.practice.columns(proposal.original), "email": proposal.email}
        if any(getattr(known, name) != value for name, value in values.items()):
            raise SentAlready(known)
    return known


def _row(proposal: Proposal, at: dt.datetime) -> Contribution:
    same = (
        "key", "edition", "original", "organisation", "organisation_name", "side", "given_name", "family_name",
        "email", "language",
    )  # fmt: skip
    return Contribution(
        state=ContributionState.PROPOSED,
        state_since=at,
        submitted_at=at,
        **{name: getattr(proposal, name) for name in same},
        **proposal.practice.columns(proposal.original),
    )


@transaction.atomic
def revise(contribution: Contribution, practice: Practice, *, version: int, at: dt.datetime) -> Contribution:
    """Change what is told, by the own link; where changes were asked for, it is proposed again.

    Raises ``ChangedMeanwhile`` if somebody with the same link saved something else after ``version``. The same
    answers sent twice are one change. Refuses once the organisers have answered.
    """
    row = Contribution.objects.held(contribution.pk)
    if row.state not in REVISABLE:
        raise Refusal(
            _("This contribution is “%(state)s”: it cannot be changed here any more.")
            % {"state": row.get_state_display()}
        )
    _check_counterpart(practice.counterpart, row.side)
    values = practice.columns(row.original)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if speaking.differs(row, practice.speaker):
        changed.append("speaker")
    if row.version != version:
        if changed:
            raise ChangedMeanwhile(row)
        return row
    if "speaker" in changed:
        _keep_speaker(row, practice.speaker, at=at)
    for name, value in values.items():
        setattr(row, name, value)
    if row.state == ContributionState.CHANGES_ASKED:
        row.move_to(ContributionState.PROPOSED, at=at)
    elif not changed:
        return row
    row.version += 1
    row.save()
    journal.write([journal.entry(row, "contribution_revised", at=at, fields=changed)])
    return row


def _keep_speaker(row: Contribution, details: SpeakerDetails, *, at: dt.datetime) -> None:
    speaker = speaking.revised(row, details)
    speaker.state_since = speaker.state_since or at
    speaker.save()
    row.speaker = speaker


@transaction.atomic
def withdraw(contribution: Contribution, *, at: dt.datetime, reason: str = "") -> Contribution:
    """Take a proposal back; what was planned of it leaves the programme. Asking twice changes nothing."""
    row = Contribution.objects.held(contribution.pk)
    if row.state == ContributionState.WITHDRAWN:
        return row
    return turn(row, ContributionState.WITHDRAWN, "contribution_withdrawn", at=at, reason=reason)


# --- For all services of contributions -------------------------------------------------------------------


def turn(
    row: Contribution,
    state: ContributionState,
    event: str,
    *,
    at: dt.datetime,
    by: User | None = None,
    reason: str = "",
    **details: Any,
) -> Contribution:
    """Move a locked row that is not, or no longer, in the programme; journal and letter are both named ``event``."""
    was_planned = row.state in RETAINED
    row.move_to(state, at=at)
    if was_planned:
        _leave_programme(row, at=at, by=by)
    row.save()
    journal.write([journal.entry(row, event, at=at, by=by, reason=reason[:500], **details)])
    letters.to_proposer(event, row, at=at)
    return row


def _leave_programme(row: Contribution, *, at: dt.datetime, by: User | None) -> None:
    """Take its part out of the running order, and tell the speaker."""
    for part in SessionPart.objects.filter(contribution=row).select_related("session"):
        Session.objects.select_for_update(of=("self",)).get(pk=part.session_id)
        part.delete()
        count_on([part.session], at=at, by=by)
    speaking.release(row, at=at, by=by, author_is_told=True)
    row.session = None


def count_on(sessions: Sequence[Session], *, at: dt.datetime, by: User | None) -> None:
    """The running order of these sessions, held by the caller, is another one: whoever edits it is told."""
    Session.objects.filter(pk__in=[s.pk for s in sessions]).update(version=F("version") + 1)
    journal.write(journal.entry(s, "parts_changed", at=at, by=by) for s in sessions)


def _check_counterpart(counterpart: Organisation | None, side: str) -> None:
    if counterpart is not None and counterpart.side != other_side(side):
        raise Refusal(
            _("%(authority)s is of your own side: the counterpart is of the other one.")
            % {"authority": counterpart}
        )

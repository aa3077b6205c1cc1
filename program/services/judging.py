"""What the organisers answer to a proposed contribution."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import AgreementStatus
from assises.exceptions import Refusal
from assises.models import Edition, User
from program import letters
from program.enums import RETAINED, WORKSHOPS, ContributionState, Criterion, PartKind
from program.models import Contribution, Session, SessionPart, Speaker
from program.services import speaking
from program.services.contributions import count_on, turn


@transaction.atomic
def judge(
    contribution: Contribution, *, met: Iterable[str], at: dt.datetime, by: User | None
) -> Contribution:
    """Say which of the four words of the minutes the practice meets (S-098)."""
    row = Contribution.objects.held(contribution.pk)
    said = set(met)
    found = [word.value for word in Criterion if word in said]
    if row.met != found:
        row.met = found
        row.save(update_fields=["met"])
        journal.write([journal.entry(row, "contribution_judged", at=at, by=by, met=found)])
    return row


@transaction.atomic
def ask_for_changes(
    contribution: Contribution, *, message: str, at: dt.datetime, by: User | None
) -> Contribution:
    """Ask those who proposed it to change something; what was planned of it leaves the programme meanwhile."""
    row = Contribution.objects.held(contribution.pk)
    row.message = _written(message, _("Say what to change: whoever proposed it reads this."))
    return turn(row, ContributionState.CHANGES_ASKED, "contribution_changes_asked", at=at, by=by)


@transaction.atomic
def decline(contribution: Contribution, *, reason: str, at: dt.datetime, by: User | None) -> Contribution:
    """Do not retain it, for a reason that those who proposed it read."""
    row = Contribution.objects.held(contribution.pk)
    row.message = _written(reason, _("Say why: whoever proposed it reads this."))
    return turn(row, ContributionState.DECLINED, "contribution_declined", at=at, by=by, reason=row.message)


@transaction.atomic
def reopen(contribution: Contribution, *, reason: str = "", at: dt.datetime, by: User | None) -> Contribution:
    """Take up again what was not retained. No letter: the next answer brings one."""
    row = Contribution.objects.held(contribution.pk)
    row.move_to(ContributionState.PROPOSED, at=at)
    row.save(update_fields=["state", "state_since", "speaker_declined_at"])
    journal.write([journal.entry(row, "contribution_reopened", at=at, by=by, reason=reason)])
    return row


@transaction.atomic
def accept(
    contribution: Contribution,
    *,
    session: Session,
    speaker: Speaker | None = None,
    at: dt.datetime,
    by: User | None,
) -> Contribution:
    """Put it last into the running order of a workshop, and ask its speaker: until then it is not confirmed.

    Without ``speaker`` it is the person who was proposed. Refuses what is no workshop of the programme, and a
    speaker without an address: nobody could ask.
    """
    row = Contribution.objects.held(contribution.pk)
    workshop = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    _check_workshop(row, workshop)
    row.move_to(ContributionState.ACCEPTED, at=at)
    row.session, row.message = workshop, ""
    row.speaker = speaker or row.speaker
    if row.speaker is None or not row.speaker.email:
        raise Refusal(_("The speaker has no e-mail address: write it first, so that we can ask."))
    speaking.ask(row.speaker, at=at, by=by)
    row.save()
    last = workshop.parts.aggregate(last=Max("order"))["last"]
    SessionPart.objects.create(
        session=workshop,
        kind=PartKind.CONTRIBUTION,
        contribution=row,
        minutes=row.minutes,
        order=(last or 0) + 1,
    )
    count_on([workshop], at=at, by=by)
    journal.write([journal.entry(row, "contribution_accepted", at=at, by=by, session=workshop.code)])
    letters.to_speaker("please_confirm", row, at=at)
    if not letters.one_reader(row):
        letters.to_proposer("contribution_accepted", row, at=at)
    return row


@transaction.atomic
def name_speaker(
    contribution: Contribution, *, speaker: Speaker, at: dt.datetime, by: User | None
) -> Contribution:
    """Somebody else is to tell what was accepted: who was asked before hears of it, the new one is asked.

    It keeps its place in the running order, and is confirmed anew. Refuses what is not accepted, and whoever is asked
    already.
    """
    row = Contribution.objects.held(contribution.pk)
    if row.state not in RETAINED:
        raise Refusal(_("Accept the contribution first."))
    if not speaker.email:
        raise Refusal(_("The speaker has no e-mail address: write it first, so that we can ask."))
    if speaker.pk == row.speaker_id and row.speaker_declined_at is None:
        raise Refusal(_("%(speaker)s was asked already.") % {"speaker": speaker})
    if row.speaker_declined_at is None:
        speaking.release(row, at=at, by=by, author_is_told=False)
    if row.state == ContributionState.CONFIRMED:
        row.move_to(ContributionState.ACCEPTED, at=at)
    row.speaker, row.speaker_declined_at = speaker, None
    row.version += 1
    speaking.ask(speaker, at=at, by=by)
    row.save()
    journal.write([journal.entry(row, "contribution_speaker_named", at=at, by=by, speaker=str(speaker))])
    letters.to_speaker("please_confirm", row, at=at)
    return row


@transaction.atomic
def send_link(contribution: Contribution, *, email: str, at: dt.datetime, by: User | None) -> Contribution:
    """Send the link to the own page to ``email``, the address from now on; links to another one die."""
    row = Contribution.objects.held(contribution.pk)
    if not email:
        raise Refusal(_("The e-mail address is missing. For example: camille.exemple@example.org."))
    is_new = email.lower() != row.email.lower()
    if is_new:
        if row.speaker and letters.one_reader(row):
            row.speaker.email = email
            row.speaker.save()
        row.email = email
        row.save()
    journal.write([journal.entry(row, "contribution_link_sent", at=at, by=by, new_address=is_new)])
    letters.to_proposer("contribution_link", row, at=at)
    return row


def send_links_again(edition: Edition, email: str, *, at: dt.datetime) -> None:
    """Write their links to whoever proposed a contribution, or is asked to tell one; silent about who did.

    One letter per contribution, reader and hour.
    """
    once = f"{at:%Y-%m-%dT%H}"
    rows = Contribution.objects.filter(edition=edition).select_related("edition", "session", "speaker")
    for row in rows.filter(email__iexact=email).order_by("pk"):
        letters.to_proposer("contribution_link", row, at=at, once=once)
    asked = rows.filter(state=ContributionState.ACCEPTED, speaker_declined_at=None)
    for row in asked.filter(speaker__email__iexact=email).order_by("pk"):
        letters.to_speaker("please_confirm", row, at=at, once=once)


def _check_workshop(row: Contribution, session: Session) -> None:
    if session.edition_id != row.edition_id or session.kind not in WORKSHOPS:
        raise Refusal(_("A contribution is told in a workshop of its edition: choose one."))
    if session.status == AgreementStatus.ABANDONED:
        raise Refusal(_("This workshop was abandoned: choose another one."))


def _written(text: str, missing: str) -> str:
    if not text.strip():
        raise Refusal(missing)
    return text.strip()

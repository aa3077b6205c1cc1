"""Phases open one after the other: each on its date, and when both co-presidents have agreed."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import letters
from awards.content import digest_of_rules
from awards.enums import Phase
from awards.models import Agreement, Call, JuryMember, Rules
from awards.services.rules import freeze, problems_of


@transaction.atomic
def agree_to_phase(call: Call, phase: Phase, *, digest: str = "", at: dt.datetime, by: User) -> Call:
    """Note that the co-president of a side agrees to open ``phase``; open it if the other side has, and its date has come.

    The call for applications opens with the rules: ``digest`` is the hash of the draft that was read, and both sides
    have read the same. Asking twice changes nothing. Refuses anybody but a co-president, any phase but the next one,
    and rules with a gap or that were changed since they were read.
    """
    call = held(call)
    member = president(call, by)
    if phase != call.next_phase:
        raise Refusal(_("The next phase is “%(phase)s”.") % {"phase": _label(call.next_phase)})
    rules = None
    if phase == Phase.CALL:
        rules = _draft_as_read(call, digest)
        # Somebody agreed to another wording: that holds no longer.
        call.agreements.filter(phase=phase).exclude(digest=digest).delete()
    _agree(call, member, phase=phase, rules=rules, digest=digest if rules else "", at=at)
    _open(call, phase, at=at)
    return call


@transaction.atomic
def agree_to_rules(rules: Rules, *, digest: str, at: dt.datetime, by: User) -> Rules:
    """Note that the co-president of a side agrees to a new version, while the call is open; the second freezes it."""
    call = held(rules.call)
    member = president(call, by)
    if call.phase != Phase.CALL:
        raise Refusal(_("Rules are changed while the call for applications is open, and not after."))
    draft = _draft_as_read(call, digest)
    draft.agreements.exclude(digest=digest).delete()
    _agree(call, member, phase="", rules=draft, digest=digest, at=at)
    if draft.agreements.values("side").distinct().count() == len(Side):
        freeze(draft, at=at)
    return draft


@transaction.atomic
def take_back(call: Call, *, at: dt.datetime, by: User) -> None:
    """A co-president no longer agrees to what is not open yet. Refuses what is open."""
    call = held(call)
    member = president(call, by)
    taken, _rows = call.agreements.filter(side=member.side).filter(_not_done(call)).delete()
    if not taken:
        raise Refusal(_("There is nothing to take back: what is open stays open."))
    journal.write([journal.entry(call, "agreement_taken_back", at=at, by=by, side=member.side)])


def open_due(*, at: dt.datetime) -> int:
    """Open every phase that both co-presidents have agreed to and whose date has come; how many. May run twice."""
    opened = 0
    for call in Call.objects.exclude(phase=Phase.PUBLISHED).order_by("pk"):
        with transaction.atomic():
            call = held(call)
            phase = call.next_phase
            opened += phase is not None and _open(call, phase, at=at)
    return opened


def president(call: Call, user: User) -> JuryMember:
    """The co-president behind this account. Refuses everybody else."""
    member = JuryMember.objects.filter(call=call).presidents().filter(user=user).first()
    if member is None:
        raise Refusal(_("Only the two co-presidents of the jury agree to this."))
    return member


def held(call: Call) -> Call:
    """The call as it is now, nobody else changing it until the transaction ends."""
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition__host")
        .prefetch_related("edition__milestones")
        .get(pk=call.pk)
    )


def _open(call: Call, phase: Phase, *, at: dt.datetime) -> bool:
    """Open ``phase`` if nothing is missing; whether it was."""
    agreed = list(call.agreements.filter(phase=phase))
    date = call.date_of(phase)
    if len({a.side for a in agreed}) < len(Side) or (date is not None and at < date):
        return False
    if phase == Phase.CALL:
        draft = _draft(call)
        if draft is None or {a.digest for a in agreed} != {digest_of_rules(draft)} or problems_of(draft):
            # Changed since both had agreed: they read it again.
            return False
        freeze(draft, at=at)
    call.phase = phase
    call.save(update_fields=["phase"])
    journal.write([journal.entry(call, "phase_opened", at=at, phase=phase)])
    return True


def _agree(
    call: Call, member: JuryMember, *, phase: str, rules: Rules | None, digest: str, at: dt.datetime
) -> None:
    what = {"phase": phase} if phase else {"phase": "", "rules": rules}
    if call.agreements.filter(side=member.side, **what).exists():
        return
    Agreement.objects.create(
        call=call,
        phase=phase,
        rules=rules,
        digest=digest,
        side=member.side,
        member=member,
        by=member.user,
        at=at,
    )
    details = {"phase": phase} if phase else {"version": rules.version if rules else 0}
    journal.write(
        [journal.entry(call, "agreement_given", at=at, by=member.user, side=member.side, **details)]
    )
    letters.to_other_president(call, member, phase=phase, at=at)


def _draft(call: Call) -> Rules | None:
    draft = call.rules.filter(frozen_at=None).first()
    if draft is not None:
        draft.call = call
    return draft


def _draft_as_read(call: Call, digest: str) -> Rules:
    draft = _draft(call)
    if draft is None:
        raise Refusal(_("There are no new rules to agree to."))
    problems = problems_of(draft)
    if problems:
        raise Refusal(_("The rules are not complete. %(problem)s") % {"problem": problems[0]})
    if digest != digest_of_rules(draft):
        raise Refusal(_("The rules were changed since you opened this page. Read them again, then agree."))
    return draft


def _not_done(call: Call) -> Q:
    return Q(phase=call.next_phase or "-") | Q(phase="", rules__frozen_at=None)


def _label(phase: Phase | None) -> str:
    return str(phase.label) if phase else "–"

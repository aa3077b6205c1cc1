"""Phases open one after the other: each on its date, and when both co-presidents have agreed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises import journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import User
from awards import letters, sealing
from awards.content import ceremony_of, differences, digest_of_rules, on_both_clocks, opening_of
from awards.enums import MILESTONES, JuryRole, Phase, SealKind
from awards.models import Agreement, Call, JuryMember, Rules
from awards.readiness import gaps_before
from awards.services.recusals import find_ties
from awards.services.rules import freeze, problems_of

#: Within this both co-presidents release the results, each on their own screen; a trigger knows it too.
TOGETHER = dt.timedelta(minutes=15)


@transaction.atomic
def agree_to_phase(call: Call, phase: Phase, *, digest: str = "", at: dt.datetime, by: User) -> Call:
    """Note that the co-president of a side agrees to open ``phase``; open it if the other side has, and its date has come.

    The call for applications opens with the rules: ``digest`` is the hash of the draft that was read, and both sides
    have read the same. Asking twice changes nothing. Refuses anybody but a co-president, any phase but the next one,
    rules with a gap or that were changed since they were read, and to release results before the ceremony: that both
    do within ``TOGETHER``.
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
    else:
        _refuse_gaps(call, phase)
    if phase == Phase.PUBLISHED:
        _refuse_alone(call, at=at)
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
    if len(_sides(draft.agreements.filter(phase=""))) == len(Side):
        freeze(draft, digest=digest, at=at)
    return draft


@transaction.atomic
def take_back_agreement(call: Call, phase: str, *, at: dt.datetime, by: User) -> None:
    """A co-president no longer agrees to open ``phase``, or with an empty one to the new rules. Refuses what is open."""
    call = held(call)
    member = president(call, by)
    pending = Q(phase=call.next_phase or "-") if phase else Q(phase="", rules__frozen_at=None)
    given = call.agreements.filter(pending, side=member.side, phase=phase).select_related("rules").first()
    if given is None:
        raise Refusal(_("There is nothing to take back: what is open stays open."))
    given.delete()
    details = _what(phase, given.rules)
    journal.write([journal.entry(call, "agreement_taken_back", at=at, by=by, side=member.side, **details)])


def open_due(*, at: dt.datetime) -> int:
    """Open every phase that both co-presidents have agreed to and whose date has come; how many. May run twice.

    Results are not released like that: two people do it, on the stage.
    """
    opened = 0
    for call in Call.objects.exclude(phase__in=[Phase.SEALED, Phase.PUBLISHED]).order_by("pk"):
        with transaction.atomic():
            call = held(call)
            phase = call.next_phase
            opened += phase is not None and _open(call, phase, at=at)
    return opened


def president(call: Call, user: User) -> JuryMember:
    """The co-president behind this account. Refuses everybody else."""
    member = call.jury.presidents().filter(user=user).first()
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
    """Open ``phase`` if nothing is missing; whether it was.

    Not before its milestone, nor before the date that the rules in force have told everybody.
    """
    agreed = list(_valid(call.agreements.filter(phase=phase)))
    if len({a.side for a in agreed}) < len(Side) or not _is_time(call, phase, at):
        return False
    if phase == Phase.CALL:
        draft = _draft(call)
        digests = {a.digest for a in agreed}
        if draft is None or len(digests) > 1 or not freeze(draft, digest=digests.pop(), at=at):
            # Changed since both had agreed: they read it again.
            return False
    # Both may have agreed before its date: what was complete then must be so now.
    if gaps_before(call, phase):
        return False
    call.phase = phase
    call.save(update_fields=["phase"])
    journal.write([journal.entry(call, "phase_opened", at=at, phase=phase)])
    if phase == Phase.CONFLICTS:
        find_ties(call, at=at)
    if phase == Phase.PUBLISHED:
        content = sealing.release_content(call)
        sealing.seal(call, kind=SealKind.RELEASE, subject=call.pk, content=content, at=at)
    return True


def _is_time(call: Call, phase: Phase, at: dt.datetime) -> bool:
    if phase not in MILESTONES:
        return True
    opens = opening_of(call, phase, call.rules.in_force().first())
    return opens is not None and at >= opens


def _refuse_gaps(call: Call, phase: Phase) -> None:
    """Refuse to go on with an award that is not what its rules say, or with a jury that is not of equal sides."""
    if differences(call.rules.in_force().first()).award:
        raise Refusal(
            _(
                "The award is no longer what the rules in force say of it: set it back, or write a new version while the call is open."
            )
        )
    if call.rules.in_draft().exists():
        raise Refusal(
            _("A new version of the rules is being written: both agree to it, or it is given up, first.")
        )
    if list(Phase).index(phase) >= list(Phase).index(Phase.CONFLICTS):
        for side in Side:
            roles = list(call.jury.filter(side=side).values_list("role", flat=True))
            voting = sum(role in (JuryRole.PRESIDENT, JuryRole.JUROR) for role in roles)
            if voting != call.jury_per_side or JuryRole.SECRETARY not in roles:
                raise Refusal(
                    _(
                        "The %(side)s has %(voting)d voting members; the rules say %(wanted)d, and a secretary."
                    )
                    % {"side": side.label, "voting": voting, "wanted": call.jury_per_side}
                )
    gaps = gaps_before(call, phase)
    if gaps:
        raise Refusal(gaps[0])


def _refuse_alone(call: Call, *, at: dt.datetime) -> None:
    """Refuse to release results before the ceremony; let lapse what the other side has agreed to long ago (S-117)."""
    if not _is_time(call, Phase.PUBLISHED, at):
        opens = ceremony_of(call)
        raise Refusal(
            _(
                "Results are released at the ceremony, not before %(moment)s, by both co-presidents within %(minutes)d minutes."
            )
            % {
                "moment": on_both_clocks(opens, call, get_language() or "fr") if opens else "–",
                "minutes": TOGETHER // dt.timedelta(minutes=1),
            }
        )
    given = call.agreements.filter(phase=Phase.PUBLISHED)
    given.exclude(pk__in=releasing(call, at=at)).delete()


def releasing(call: Call, *, at: dt.datetime) -> QuerySet[Agreement]:
    """Who has released the results, or before both have, who is about to: within ``TOGETHER``."""
    given = call.agreements.filter(phase=Phase.PUBLISHED)
    return given if call.phase == Phase.PUBLISHED else given.filter(at__gte=at - TOGETHER)


def _valid(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Those of whoever is a co-president still."""
    return agreements.filter(member__role=JuryRole.PRESIDENT)


def _sides(agreements: QuerySet[Agreement]) -> set[str]:
    return set(_valid(agreements).values_list("side", flat=True))


def _agree(
    call: Call, member: JuryMember, *, phase: str, rules: Rules | None, digest: str, at: dt.datetime
) -> None:
    what: dict[str, Any] = {"phase": phase} if phase else {"phase": "", "rules": rules}
    of_side = call.agreements.filter(side=member.side, **what)
    if of_side.filter(member=member).exists():
        return
    # Whoever was co-president before has agreed; that is asked of the new one.
    of_side.delete()
    Agreement.objects.create(
        call=call,
        phase=phase,
        rules=rules,
        digest=digest,
        side=member.side,
        member=member,
        at=at,
    )
    details = _what(phase, rules)
    journal.write(
        [journal.entry(call, "agreement_given", at=at, by=member.user, side=member.side, **details)]
    )
    letters.to_other_president(call, member, phase=phase, at=at)


def _what(phase: str, rules: Rules | None) -> dict[str, Any]:
    """What a co-president agrees to, for the journal: a phase, or a version of the rules."""
    return {"phase": phase} if phase else {"version": rules.version if rules else 0}


def _draft(call: Call) -> Rules | None:
    """The draft of the rules, which nobody writes in until the transaction ends."""
    return call.rules.select_for_update().in_draft().first()


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


def _label(phase: Phase | None) -> str:
    return str(phase.label) if phase else "–"

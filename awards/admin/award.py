"""Where the award stands: its phases, who opens them, the rules in force, the jury."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal
from assises.back_office import Task, action_name, hidden_actions, page_of_edition, show, staff
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, User
from awards import services
from awards.content import differences, digest_of_rules, opening_of
from awards.enums import Phase
from awards.models import Agreement, Call, Rules
from awards.reading import call_of

READ, WRITE = "awards.view_call", "awards.change_rules"


@dataclass(frozen=True)
class Step:
    """A phase as its row shows it."""

    phase: Phase
    date: dt.datetime | None
    #: ``past``, ``present`` or ``ahead``.
    when: str
    agreements: list[Agreement]

    @property
    def sides(self) -> list[tuple[Side, Agreement | None]]:
        given = {agreement.side: agreement for agreement in self.agreements}
        return [(side, given.get(side)) for side in Side]


@page_of_edition(
    "prix/", name="award", title=gettext_lazy("The award"), permission=READ, task=Task.AWARD, order=10
)
def award(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Where the award stands, what it waits for, and who agrees to the next phase."""
    call = call_of(edition)
    if call is None:
        return show(request, "awards/back_office/none.html", {"title": _("The award")})
    if request.method == "POST":
        try:
            messages.success(request, _act(request, call))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:award")
    return show(request, "awards/back_office/award.html", _about(call, staff(request)))


def _act(request: HttpRequest, call: Call) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "next_version" in request.POST:
        if not user.has_perm(WRITE):
            raise PermissionDenied
        written = services.write_next(call, at=at, by=user)
        return _("Version %(version)d of the rules is begun, with the articles of the one before.") % {
            "version": written.version
        }
    digest = request.POST.get("digest", "")[:64]
    if "agree" in request.POST:
        phase = request.POST.get("phase", "")
        if phase not in Phase.values:
            raise Refusal(_("Nothing was asked for. Press one of the buttons."))
        done = services.agree_to_phase(call, Phase(phase), digest=digest, at=at, by=user)
        if done.phase == phase:
            return _("Both co-presidents have agreed: “%(phase)s” is open.") % {"phase": Phase(phase).label}
        return _("Your agreement is noted. The phase opens on its date, once the other side has agreed too.")
    if "agree_rules" in request.POST:
        draft = call.rules.in_draft().first()
        if draft is None:
            raise Refusal(_("There are no new rules to agree to."))
        agreed = services.agree_to_rules(draft, digest=digest, at=at, by=user)
        if agreed.frozen_at:
            return _("Both co-presidents have agreed: the new version is in force.")
        return _("Your agreement is noted. The new version is in force once the other side has agreed too.")
    if "take_back" in request.POST:
        services.take_back_agreement(call, request.POST.get("phase", ""), at=at, by=user)
        return _("Your agreement is taken back.")
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))


def _about(call: Call, user: User) -> dict[str, Any]:
    agreements = list(call.agreements.select_related("member__user"))
    draft, in_force = call.rules.in_draft().first(), call.rules.in_force().first()
    digest = digest_of_rules(draft) if draft else ""
    of_draft = [a for a in agreements if draft and a.rules_id == draft.pk]
    president = call.jury.presidents().filter(user=user).first()
    mine = [a for a in agreements if president and a.member_id == president.pk]
    following, differ = call.next_phase, differences(in_force)
    return {
        "title": _("The award"),
        "call": call,
        "steps": _steps(call, agreements, in_force),
        "draft": draft,
        "problems": services.problems_of(draft) if draft else [],
        "in_force": in_force,
        "differs": differ.award,
        "dates_differ": differ.dates,
        "following": following,
        "is_president": president is not None,
        "has_agreed": following is not None and any(a.phase == following for a in mine),
        "has_agreed_draft": any(a in mine and a.digest == digest for a in of_draft),
        # Somebody agreed to another wording than that which stands now.
        "stale": [a for a in of_draft if a.phase and a.digest != digest],
        "rules_agreed": [a for a in of_draft if not a.phase],
        "may_write": user.has_perm(WRITE),
        "is_call": call.phase == Phase.CALL,
        "jury": list(call.jury.select_related("user")),
        "history": [
            {"entry": e, "words": _in_words(e)} for e in journal.of(call).exclude(action__in=hidden_actions())
        ],
    }


def _in_words(entry: JournalEntry) -> str:
    """What was done, and to which phase or version of the rules."""
    done, phase, version = action_name(entry.action), entry.details.get("phase"), entry.details.get("version")
    if phase in Phase.values:
        what = str(Phase(phase).label)
    elif version:
        what = _("version %(version)d of the rules") % {"version": version}
    else:
        return done
    return _("%(label)s: %(text)s") % {"label": done, "text": what}


def _steps(call: Call, agreements: list[Agreement], in_force: Rules | None) -> list[Step]:
    phases = list(Phase)
    now = phases.index(Phase(call.phase))
    return [
        Step(
            phase,
            opening_of(call, phase, in_force),
            "past" if n < now else "present" if n == now else "ahead",
            # Of what lies ahead, a co-president who has left agrees no more.
            [a for a in agreements if a.phase == phase and (n <= now or a.member.is_president)],
        )
        for n, phase in enumerate(phases)
    ]

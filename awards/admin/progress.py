"""How far the jury is, for its secretaries: counts, never a mark."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import clock
from assises.back_office import show, staff
from assises.enums import Side
from assises.exceptions import Refusal
from assises.text import whole_number
from awards import dealing, services
from awards.access import jury_page
from awards.enums import JuryRole, Phase
from awards.judges import FEWEST, judges_of, judging
from awards.models import Application, Call, JuryMember, Sheet
from awards.readiness import answers_owed, gaps_before


@dataclass(frozen=True)
class Progress:
    """How far one member is, or a side together: numbers of applications."""

    name: str
    side: Side
    role: str
    signed: bool
    owed: int
    total: int
    opened: int
    begun: int
    sealed: int


@dataclass(frozen=True)
class Few:
    """An application with too few judges left on a side."""

    number: int
    side: Side
    count: int
    may_call: bool


@jury_page(
    "jury/avancement/",
    name="jury_progress",
    title=gettext_lazy("Progress of the jury"),
    roles=[JuryRole.SECRETARY],
)
def progress(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """Who has signed, answered, opened, begun and sealed how much; what is missing; where a substitute is needed."""
    call = member.call
    if request.method == "POST":
        try:
            messages.success(request, _act(request, call))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:jury_progress")
    members = progress_of(call)
    following = call.next_phase
    admissible = call.applications.admissible().count()
    context = {
        "title": _("Progress of the jury"),
        "call": call,
        "members": members,
        "sides": [_together(side, [m for m in members if m.side == side]) for side in Side],
        "following": following,
        "gaps": gaps_before(call, following) if following else [],
        "few": _few(call, member),
        "admissible": admissible,
        "may_deal": admissible > dealing.JURY_READS_ALL
        and call.first_opened_at is None
        and call.phase in (Phase.CONFLICTS, Phase.SCORING),
        "most": dealing.JURY_READS_ALL,
    }
    return show(request, "awards/back_office/jury_progress.html", context)


def progress_of(call: Call) -> list[Progress]:
    """For each member who judges, in the order of the jury. No mark is read."""
    counts = {
        row["member"]: row
        for row in Sheet.objects.valid()
        .filter(member__call=call)
        .order_by()
        .values("member")
        .annotate(
            opened=Count("pk"),
            begun=Count("pk", filter=Q(changed_at__isnull=False)),
            sealed=Count("pk", filter=Q(sealed_at__isnull=False)),
        )
    }
    owed, totals = answers_owed(call), Counter(member for _row, member in judging(call))
    nothing = {"opened": 0, "begun": 0, "sealed": 0}
    found = []
    for member in call.jury.exclude(role=JuryRole.SECRETARY).select_related("user", "pledge"):
        if not member.votes and not totals[member.pk]:
            # A substitute who was called for nothing has nothing to do.
            continue
        row = counts.get(member.pk, nothing)
        found.append(
            Progress(
                name=str(member),
                side=Side(member.side),
                role=member.get_role_display(),
                signed=member.has_pledged,
                owed=len(owed.get(member.pk, ())),
                total=totals[member.pk],
                opened=row["opened"],
                begun=row["begun"],
                sealed=row["sealed"],
            )
        )
    return found


def _together(side: Side, members: list[Progress]) -> Progress:
    return Progress(
        name=str(side.label),
        side=side,
        role="",
        signed=all(m.signed for m in members),
        owed=sum(m.owed for m in members),
        total=sum(m.total for m in members),
        opened=sum(m.opened for m in members),
        begun=sum(m.begun for m in members),
        sealed=sum(m.sealed for m in members),
    )


def _few(call: Call, member: JuryMember) -> list[Few]:
    if call.phase not in (Phase.CONFLICTS, Phase.SCORING):
        return []
    numbers = dict(call.applications.admissible().values_list("pk", "number"))
    least = min(FEWEST, call.jury_per_side)
    return [
        Few(numbers[pk] or 0, side, counts[side], side == member.side)
        for pk, counts in judges_of(call).items()
        for side in Side
        if counts[side] < least
    ]


def _act(request: HttpRequest, call: Call) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "deal" in request.POST:
        pairs = services.deal(call, at=at, by=user)
        return ngettext(
            "The applications are dealt: %(count)d reading.",
            "The applications are dealt: %(count)d readings.",
            pairs,
        ) % {"count": pairs}
    row = Application.objects.filter(call=call, number=whole_number(request.POST.get("call", ""))).first()
    if row is None:
        raise Refusal(_("Nothing was asked for. Press one of the buttons."))
    called = services.call_substitute(row, at=at, by=user)
    return _("%(name)s is called for application %(number)d, and is written to.") % {
        "name": called.member,
        "number": row.number or 0,
    }

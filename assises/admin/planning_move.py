"""A milestone is moved: where it goes, then all that follows, then, confirmed, it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises import clock
from assises.admin.planning import CHANGE, page_of_milestone
from assises.back_office import show, staff
from assises.exceptions import Refusal
from assises.forms.planning import (
    MoveForm,
)
from assises.models import Candidate, Milestone, RegisterItem
from assises.planning.moving import Proposal, move, propose
from assises.planning.reading import Plan
from assises.planning.wording import in_both_calendars, place_of, span_in_words
from assises.text import whole_number


@page_of_milestone("deplacer/", name="milestone_move", permission=CHANGE)
def milestone_move(request: HttpRequest, plan: Plan, milestone: Milestone) -> HttpResponse:
    """Where it goes; then all that follows; then, confirmed, it is done. ``?candidat=`` takes a date of the register."""
    candidate = _candidate(request, milestone)
    start = {"first_day": candidate.starts_on, "last_day": candidate.ends_on, "first_hour": None, "last_hour": None} if candidate else None  # fmt: skip
    form = MoveForm(request.POST if request.method == "POST" else None, milestone=milestone, initial=start)
    context: dict[str, Any] = {"candidate": candidate}
    if form.is_bound and form.is_valid():
        starts_at, ends_at = form.span
        try:
            if "confirm" in request.POST:
                move(
                    milestone, starts_at, ends_at, reason_fr=form.cleaned_data["reason_fr"],
                    reason_zh=form.cleaned_data["reason_zh_hans"], digest=request.POST.get("digest", ""), at=clock.now(),
                    by=staff(request),
                )  # fmt: skip
                messages.success(request, _("It is moved."))
                return redirect("admin:milestone", milestone.key)
            context |= {"proposal": _shown(propose(milestone, starts_at, ends_at, plan=plan), plan)}
        except Refusal as refused:
            messages.error(request, str(refused))
            if "confirm" in request.POST:
                # What would happen by now, to be looked at again.
                context |= {"proposal": _shown(propose(milestone, starts_at, ends_at), plan)}
    return show(
        request,
        "assises/back_office/milestone_move.html",
        {
            "title": _("Move “%(name)s”") % {"name": milestone},
            "milestone": milestone,
            "dates": in_both_calendars(milestone, get_language()),
            "place": place_of(plan.edition.time_zone),
            "form": form,
            **context,
        },
    )


def _candidate(request: HttpRequest, milestone: Milestone) -> Candidate | None:
    pk, items = whole_number(request.GET.get("candidat")), RegisterItem.objects.about(milestone)
    return Candidate.objects.filter(pk=pk, item__in=items, starts_on__isnull=False).first() if pk else None


def stands_on(milestone: Milestone, candidate: Candidate) -> bool:
    """Whether the milestone has the dates of a candidate; one without dates says nothing of them."""
    first = candidate.starts_on
    return first is None or (milestone.first_day, milestone.last_day) == (first, candidate.ends_on or first)


def _shown(proposal: Proposal, plan: Plan) -> dict[str, Any]:
    """A proposal in words: each date before and after, on the clocks of both sides."""
    language = get_language()

    def after(shift: Any) -> list[tuple[str, str]]:
        moved = Milestone(edition=plan.edition, starts_at=shift.starts_at, ends_at=shift.ends_at)
        return in_both_calendars(moved, language)

    def line(shift: Any) -> dict[str, Any]:
        zone = plan.edition.time_zone
        starts, ends = shift.milestone.on_clocks(zone)
        before = span_in_words(starts, ends, language)
        return {"shift": shift, "before": before, "after": after(shift)}

    return {
        "digest": proposal.digest,
        "moved": line(proposal.moved),
        "pushed": [line(shift) for shift in proposal.pushed],
        "clashes": [line(shift) for shift in proposal.clashes],
        "too_early": proposal.too_early,
        "reminders": proposal.reminders,
        "tasks": proposal.tasks,
        "switches": proposal.switches,
    }

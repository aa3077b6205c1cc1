"""One milestone: everything about it; done, given up, replaced; what waits for what."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.admin.planning import CHANGE, page_of_milestone, row_of
from assises.admin.planning_move import stands_on
from assises.back_office import action_name, show, staff
from assises.enums import WorkState
from assises.exceptions import Refusal
from assises.forms.planning import (
    DependencyForm,
    ReplaceForm,
    StateForm,
)
from assises.models import Dependency, Milestone, RegisterItem
from assises.planning.reading import Plan
from assises.planning.wording import span_in_words
from assises.planning.writing import (
    add_dependency,
    delete_milestone,
    remove_dependency,
    replace,
    set_state,
)
from assises.text import whole_number


@page_of_milestone("", name="milestone")
def milestone(request: HttpRequest, plan: Plan, milestone: Milestone) -> HttpResponse:
    """Everything about it: dates in two calendars, work, tasks, what waits for what, moves, points, reminders."""
    acts = _Acts(request, milestone)
    if request.method == "POST":
        if not staff(request).has_perm(CHANGE):
            raise PermissionDenied
        try:
            if done := acts.act():
                messages.success(request, done)
                gone = not Milestone.objects.filter(pk=milestone.pk).exists()
                return redirect("admin:planning") if gone else redirect("admin:milestone", milestone.key)
        except Refusal as refused:
            messages.error(request, str(refused))
    return show(request, "assises/back_office/milestone.html", {**_about(request, plan, milestone), **acts.context()})  # fmt: skip


class _Acts:
    """The small forms on the page of a milestone; the button that was pressed says which one was sent."""

    NAMES = ("state", "replace", "tie", "untie", "delete")

    def __init__(self, request: HttpRequest, milestone: Milestone) -> None:
        self.request, self.milestone = request, milestone
        self.common: dict[str, Any] = {"at": clock.now(), "by": staff(request)}
        self.name = next((name for name in self.NAMES if name in request.POST), "")
        data = request.POST
        self.state = StateForm(data if self.name == "state" else None, milestone=milestone)
        self.replace = ReplaceForm(data if self.name == "replace" else None, milestone=milestone)
        self.tie = DependencyForm(data if self.name == "tie" else None, milestone=milestone)

    def context(self) -> dict[str, Any]:
        forms = {"state": self.state, "replace": self.replace, "tie": self.tie}
        return {
            "state_form": self.state, "replace_form": self.replace, "tie_form": self.tie, "act": self.name,
            "sent": forms.get(self.name),
        }  # fmt: skip

    def act(self) -> str:
        """Do what was asked, and say it; empty where something typed is wrong. Raises ``Refusal``."""
        match self.name:
            case "state" if self.state.is_valid():
                data = self.state.cleaned_data
                set_state(self.milestone, WorkState(data["state"]), on=data["done_on"], version=data["version"], **self.common)  # fmt: skip
                return _("The work is noted.")
            case "replace" if self.replace.is_valid():
                data = self.replace.cleaned_data
                replace(self.milestone, data["replaced_by"], version=data["version"], **self.common)
                return _("It is saved which milestone stands in its place.")
            case "tie" if self.tie.is_valid():
                data = self.tie.cleaned_data
                pair = (data["other"], self.milestone) if data["direction"] == "waits" else (self.milestone, data["other"])  # fmt: skip
                add_dependency(*pair, lag_days=data["lag_days"] or 0, reason=data["reason"], **self.common)
                return _("The dependency is noted.")
            case "untie":
                remove_dependency(self._dependency(), **self.common)
                return _("The dependency is gone.")
            case "delete":
                delete_milestone(self.milestone, version=self.milestone.version, **self.common)
                return _("The milestone is taken back.")
            case "":
                raise Refusal(_("Nothing was asked for. Press one of the buttons."))
        return ""

    def _dependency(self) -> Dependency:
        pk = whole_number(self.request.POST.get("untie"))
        rows = Dependency.objects.select_related("before__edition", "after__edition")
        found = next((d for d in rows.filter(pk=pk) if self.milestone.pk in (d.before_id, d.after_id)), None)
        if found is None:
            raise Refusal(_("This dependency is gone already."))
        return found


def _about(request: HttpRequest, plan: Plan, milestone: Milestone) -> dict[str, Any]:
    user, today = staff(request), plan.edition.day_of(clock.now())
    language, zone = get_language(), plan.edition.time_zone
    moves = [
        {
            "move": m,
            "before": _span(m.from_starts_at, m.from_ends_at, zone, language),
            "after": _span(m.to_starts_at, m.to_ends_at, zone, language),
        }
        for m in milestone.moves.select_related("by", "pushed_by__milestone")
    ]
    points = list(RegisterItem.objects.about(milestone).prefetch_related("candidates"))
    chosen = [c for item in points if item.is_settled for c in item.candidates.all() if c.is_chosen]
    return {
        "title": str(milestone),
        "row": row_of(plan, milestone, today, {m.pk for m in plan.critical}),
        "milestone": milestone,
        "today": today,
        "tasks": list(milestone.tasks.select_related("organisation", "person")),
        "waits": [(d, plan.milestones[d.before_id]) for d in plan.dependencies if d.after_id == milestone.pk],
        "holds": [(d, plan.milestones[d.after_id]) for d in plan.dependencies if d.before_id == milestone.pk],
        "replaces": list(milestone.replaces.all()),
        "moves": moves,
        "points": points,
        "decided": [c for c in chosen if not stands_on(milestone, c)],
        "blocked_by": list(RegisterItem.objects.filter(blocks_milestones=milestone).unsettled()),
        "reminders": list(milestone.reminders.all()),
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(milestone)],
        "may_change": user.has_perm(CHANGE),
        "may_remind": user.has_perm("assises.add_reminder"),
    }


def _span(starts: Any, ends: Any, zone: str, language: str | None) -> str:
    if starts is None:
        return ""
    place = ZoneInfo(zone)
    return span_in_words(starts.astimezone(place), (ends or starts).astimezone(place), language)

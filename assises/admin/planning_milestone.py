"""One milestone: everything about it; changed, moved once what follows was seen, done, given up; its tasks."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.admin.planning import CHANGE, row_of
from assises.back_office import View, action_name, page_of_edition, show, staff
from assises.enums import WorkState
from assises.exceptions import Conflict, Refusal
from assises.forms.planning import (
    DependencyForm,
    MilestoneForm,
    MoveForm,
    NewMilestoneForm,
    ReplaceForm,
    StateForm,
    TaskForm,
)
from assises.forms.versioned import Versioned, compare, rebased
from assises.models import Candidate, Dependency, Edition, Milestone, RegisterItem, Task
from assises.planning.feeds import READ
from assises.planning.moving import Proposal, move, propose
from assises.planning.reading import Plan, plan_of
from assises.planning.wording import in_both_calendars, place_of, span_in_words
from assises.planning.writing import (
    add_dependency,
    add_task,
    change_milestone,
    change_task,
    create_milestone,
    delete_milestone,
    remove_dependency,
    replace,
    set_state,
)


def page_of_milestone(
    ending: str, *, name: str, permission: str = READ
) -> Callable[[Callable[..., HttpResponse]], View]:
    """Declare a page under ``/admin/planning/<key>/``; its view is given the plan and the milestone."""

    def declare(view: Callable[..., HttpResponse]) -> View:
        @wraps(view)
        def found(request: HttpRequest, edition: Edition, key: str, **kwargs: Any) -> HttpResponse:
            plan = plan_of(edition)
            milestone = next((m for m in plan.milestones.values() if m.key == key), None)
            if milestone is None:
                raise Http404
            return view(request, plan, milestone, **kwargs)

        route = f"planning/jalon/<slug:key>/{ending}"
        return page_of_edition(route, name=name, title=gettext_lazy("Planning"), permission=permission)(found)

    return declare


@page_of_edition("planning/ajouter/", name="milestone_add", title=gettext_lazy("Planning"), permission="assises.add_milestone")  # fmt: skip
def milestone_add(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Plan one more milestone."""
    form = NewMilestoneForm(request.POST if request.method == "POST" else None, edition=edition)
    if form.is_bound and form.is_valid():
        try:
            milestone = create_milestone(
                edition, follows=form.cleaned_data["follows"], at=clock.now(), by=staff(request), **form.values
            )  # fmt: skip
        except Refusal as refused:
            form.refuse(str(refused), Milestone)
        else:
            messages.success(request, _("The milestone is planned."))
            return redirect("admin:milestone", milestone.key)
    return show(
        request, "assises/back_office/milestone_edit.html", {"title": _("Plan a milestone"), "form": form}
    )


@page_of_milestone("modifier/", name="milestone_edit", permission=CHANGE)
def milestone_edit(request: HttpRequest, plan: Plan, milestone: Milestone) -> HttpResponse:
    """Change what is said of it; two who do so at once see both versions."""

    def form_of(data: Any = None) -> MilestoneForm:
        row = Milestone.objects.select_related("edition").get(pk=milestone.pk)
        return MilestoneForm(data, edition=plan.edition, instance=row)

    def save(form: MilestoneForm) -> None:
        changes = form.changes
        follows = changes.pop("follows", None)
        change_milestone(
            milestone, changes, version=form.version, follows=follows, at=clock.now(), by=staff(request)
        )

    context, done = _edited(request, milestone, form_of, save)
    if done:
        messages.success(request, _("The milestone is saved."))
        return redirect("admin:milestone", milestone.key)
    frame = {"title": str(milestone), "milestone": milestone, **context}
    status = 409 if "comparison" in context else 200
    return show(request, "assises/back_office/milestone_edit.html", frame, status=status)


def _edited(
    request: HttpRequest,
    about: Milestone,
    form_of: Callable[..., Any],
    save: Callable[[Any], None],
) -> tuple[dict[str, Any], bool]:
    """The form for the page, and whether it was saved; where somebody else was faster, both versions."""
    form: Versioned = form_of(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return {"form": form}, False
    try:
        save(form)
    except Conflict:
        theirs = form_of()
        since = journal.of(about).filter(details__version__gt=form.version)
        return {"comparison": compare(form, theirs, since), "form": form_of(rebased(form, theirs))}, False
    except Refusal as refused:
        form.refuse(str(refused))
        return {"form": form}, False
    return {"form": form}, True


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
    asked = request.GET.get("candidat", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return None
    items = RegisterItem.objects.about(milestone)
    return Candidate.objects.filter(pk=int(asked), item__in=items, starts_on__isnull=False).first()


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


@page_of_milestone("taches/ajouter/", name="task_add", permission=CHANGE)
def task_add(request: HttpRequest, plan: Plan, milestone: Milestone) -> HttpResponse:
    """Note a piece of work under the milestone."""
    form = TaskForm(request.POST if request.method == "POST" else None, milestone=milestone)
    if form.is_bound and form.is_valid():
        try:
            add_task(milestone, at=clock.now(), by=staff(request), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The task is noted."))
            return redirect("admin:milestone", milestone.key)
    return show(request, "assises/back_office/task_edit.html", {"title": _("Add a task"), "milestone": milestone, "form": form})  # fmt: skip


@page_of_milestone("taches/<int:pk>/", name="task_edit", permission=CHANGE)
def task_edit(request: HttpRequest, plan: Plan, milestone: Milestone, pk: int) -> HttpResponse:
    """Change a task, or say that it is done."""
    task = get_object_or_404(Task, pk=min(pk, 2**63 - 1), milestone=milestone)

    def form_of(data: Any = None) -> TaskForm:
        return TaskForm(data, milestone=milestone, instance=Task.objects.get(pk=task.pk))

    def save(form: TaskForm) -> None:
        change_task(task, form.changes, version=form.version, at=clock.now(), by=staff(request))

    context, done = _edited(request, milestone, form_of, save)
    if done:
        messages.success(request, _("The task is saved."))
        return redirect("admin:milestone", milestone.key)
    frame = {"title": str(task), "milestone": milestone, "task": task, **context}
    status = 409 if "comparison" in context else 200
    return show(request, "assises/back_office/task_edit.html", frame, status=status)


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
        asked = self.request.POST.get("untie", "")
        pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
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

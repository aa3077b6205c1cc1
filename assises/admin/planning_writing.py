"""Milestones and tasks are planned and changed; two who do so at once see both versions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal
from assises.admin.planning import CHANGE, page_of_milestone
from assises.back_office import page_of_edition, show, staff
from assises.exceptions import Conflict, Refusal
from assises.forms.planning import (
    MilestoneForm,
    NewMilestoneForm,
    TaskForm,
)
from assises.forms.versioned import Versioned, compare, rebased
from assises.models import Edition, Milestone, Task
from assises.planning.reading import Plan
from assises.planning.writing import (
    add_task,
    change_milestone,
    change_task,
    create_milestone,
)


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

"""The planning in the back office: list, month, Gantt, critical path, by side; on paper."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assises import clock
from assises.back_office import Task as Menu
from assises.back_office import View, name_actions, page_of_edition, panel, show, staff
from assises.documents import render_pdf
from assises.enums import MilestoneKind, OwnerSide, Side
from assises.exceptions import Refusal
from assises.forms.planning import FilterForm
from assises.models import Edition, Milestone
from assises.planning.again import plan_from
from assises.planning.feeds import READ
from assises.planning.gantt import draw
from assises.planning.month import weeks_of
from assises.planning.reading import Plan, plan_of
from assises.planning.wording import in_both_calendars
from assises.working_time import working_days

CHANGE = "assises.change_milestone"
#: Milestones on one page of the list, in one drawing on the screen, and of each side.
PER_PAGE, OF_A_DRAWING, OF_A_SIDE = 100, 200, 40
#: Days that the first page looks ahead.
SOON = 14

name_actions(
    {
        "milestone_created": gettext_lazy("milestone planned"),
        "milestone_changed": gettext_lazy("milestone changed"),
        "milestone_moved": gettext_lazy("milestone moved"),
        "milestone_to_do": gettext_lazy("to be done"),
        "milestone_in_progress": gettext_lazy("work begun"),
        "milestone_done": gettext_lazy("done"),
        "milestone_dropped": gettext_lazy("given up"),
        "milestone_replaced": gettext_lazy("replaced by another, or no longer"),
        "milestone_deleted": gettext_lazy("milestone taken back"),
        "dependency_added": gettext_lazy("dependency added"),
        "dependency_removed": gettext_lazy("dependency removed"),
        "task_added": gettext_lazy("task added"),
        "task_changed": gettext_lazy("task changed"),
        "edition_planned": gettext_lazy("planned from another edition"),
    }
)


def _shown(plan: Plan, form: FilterForm, today: dt.date) -> list[Milestone]:
    """The milestones that the form asks for; what it does not understand, it leaves out."""
    form.is_valid()
    state, side = form.cleaned_data.get("state"), form.cleaned_data.get("side")
    rows: Iterable[Milestone] = plan.standing
    match state:
        case "open":
            rows = (m for m in rows if m.is_open and m.kind == MilestoneKind.PREPARATION)
        case "late":
            rows = plan.late(today)
        case "arbitrate":
            rows = (m for m in rows if m.pk in plan.to_arbitrate)
        case "remarked":
            rows = (m for m in rows if plan.remarks_of(m))
        case "external":
            rows = plan.events
        case "gone":
            rows = (m for m in plan.milestones.values() if not m.is_standing)
    if side:
        rows = (m for m in rows if m.owner_side == ("" if side == "none" else side))
    return list(rows)


def row_of(plan: Plan, milestone: Milestone, today: dt.date, critical: set[int]) -> dict[str, Any]:
    """What the lists say of a milestone."""
    tasks = plan.tasks.get(milestone.pk, [])
    ours = milestone.kind == MilestoneKind.PREPARATION
    return {
        "milestone": milestone,
        "dates": in_both_calendars(milestone, get_language()),
        "remarks": plan.remarks_of(milestone),
        "is_late": ours and milestone.is_open and milestone.last_day < today,
        "to_arbitrate": milestone.pk in plan.to_arbitrate,
        "tasks": len(tasks),
        "tasks_done": sum(not task.is_open for task in tasks),
        "margin": plan.margins.get(milestone.pk) if ours and milestone.is_open else None,
        "is_critical": milestone.pk in critical,
    }


def frame_of(
    request: HttpRequest, edition: Edition, plan: Plan, tab: str, form: FilterForm | None
) -> dict[str, Any]:
    """What all pages of the planning share."""
    today = edition.day_of(clock.now())
    return {
        "title": _("Planning"),
        "tab": tab,
        "form": form,
        "query": request.GET.urlencode(),
        "today": today,
        "countdown": countdown(edition, today),
        "late": len(plan.late(today)),
        "arbitrate": len(plan.to_arbitrate),
        "may_change": staff(request).has_perm(CHANGE),
    }


def countdown(edition: Edition, today: dt.date) -> dict[str, Any]:
    """How long it is to the first day: in days, and in days that each side works (S-001)."""
    return {
        "days": (edition.starts_on - today).days,
        "by_side": [
            (side.label, working_days(today, edition.starts_on - dt.timedelta(days=1), side)) for side in Side
        ],
    }


@page_of_edition("planning/", name="planning", title=gettext_lazy("Planning"), permission=READ, task=Menu.PREPARATION, order=10)  # fmt: skip
def planning(request: HttpRequest, edition: Edition) -> HttpResponse:
    """All milestones by month, each on the calendars of both sides, with what is to be known of its date."""
    plan, form = plan_of(edition), FilterForm(request.GET)
    frame = frame_of(request, edition, plan, "planning", form)
    critical = {m.pk for m in plan.critical}
    page = Paginator(_shown(plan, form, frame["today"]), PER_PAGE).get_page(request.GET.get("page"))
    rows = [row_of(plan, milestone, frame["today"], critical) for milestone in page]
    months = [
        (month, list(found))
        for month, found in groupby(rows, key=lambda row: row["milestone"].first_day.replace(day=1))
    ]
    others = Edition.objects.exclude(pk=edition.pk) if frame["may_change"] else Edition.objects.none()
    return show(
        request,
        "assises/back_office/planning.html",
        {**frame, "months": months, "page_obj": page, "others": others},
    )


@page_of_edition("planning/mois/", name="planning_month", title=gettext_lazy("Planning"), permission=READ)
def month(request: HttpRequest, edition: Edition) -> HttpResponse:
    """A month as a grid, with the holidays of both countries; ``?mois=2018-10``."""
    plan, form = plan_of(edition), FilterForm(request.GET)
    frame = frame_of(request, edition, plan, "planning_month", form)
    first = _month(request.GET.get("mois", ""), frame["today"])
    return show(
        request,
        "assises/back_office/planning_month.html",
        {
            **frame,
            "month": first,
            "previous": (first - dt.timedelta(days=1)).replace(day=1),
            "next": (first + dt.timedelta(days=32)).replace(day=1),
            "weeks": weeks_of(edition, _shown(plan, form, frame["today"]), first.year, first.month),
        },
    )


def _month(text: str, today: dt.date) -> dt.date:
    try:
        asked = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = today.replace(day=1)
    return asked if 2000 <= asked.year < 2100 else today.replace(day=1)


@page_of_edition("planning/gantt/", name="planning_gantt", title=gettext_lazy("Planning"), permission=READ)
def gantt(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The planning as a drawing, with its table."""
    plan, form = plan_of(edition), FilterForm(request.GET)
    frame = frame_of(request, edition, plan, "planning_gantt", form)
    page = Paginator(_shown(plan, form, frame["today"]), OF_A_DRAWING).get_page(request.GET.get("page"))
    chart = draw(plan, list(page), today=frame["today"], language=get_language())
    return show(
        request, "assises/back_office/planning_gantt.html", {**frame, "chart": chart, "page_obj": page}
    )


@page_of_edition("planning/chemin-critique/", name="planning_path", title=gettext_lazy("Planning"), permission=READ)  # fmt: skip
def critical_path(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The chain with the least days to spare, and the margin of each milestone that is not done."""
    plan = plan_of(edition)
    frame = frame_of(request, edition, plan, "planning_path", None)
    critical = {m.pk for m in plan.critical}
    ours = [m for m in plan.standing if m.is_open and m.kind == MilestoneKind.PREPARATION]
    tightest = sorted(ours, key=lambda m: plan.margins[m.pk])
    page = Paginator(tightest, PER_PAGE).get_page(request.GET.get("page"))
    rows = [row_of(plan, m, frame["today"], critical) for m in page]
    chain = [row_of(plan, m, frame["today"], critical) for m in plan.critical]
    return show(
        request,
        "assises/back_office/planning_path.html",
        {**frame, "chain": chain, "rows": rows, "page_obj": page},
    )


@page_of_edition("planning/par-partie/", name="planning_sides", title=gettext_lazy("Planning"), permission=READ)  # fmt: skip
def by_side(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What each side owes, in the order of time; what nobody owes yet, in red."""
    plan = plan_of(edition)
    frame = frame_of(request, edition, plan, "planning_sides", None)
    critical = {m.pk for m in plan.critical}
    ours = [m for m in plan.standing if m.is_open and m.kind == MilestoneKind.PREPARATION]
    sides = [*OwnerSide.choices, ("", _("nobody yet"))]
    parts = []
    for code, label in sides:
        found = [m for m in ours if m.owner_side == code]
        rows = [row_of(plan, m, frame["today"], critical) for m in found[:OF_A_SIDE]]
        parts.append((code, label, rows, len(found) - len(rows)))
    return show(request, "assises/back_office/planning_sides.html", {**frame, "parts": parts})


@page_of_edition("planning/planning.pdf", name="planning_pdf", title=gettext_lazy("Planning"), permission=READ)  # fmt: skip
def planning_pdf(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The drawing and its table on paper, in the language of the reader."""
    plan, today = plan_of(edition), edition.day_of(clock.now())
    shown = _shown(plan, FilterForm(request.GET), today)
    language = staff(request).language
    critical = {m.pk for m in plan.critical}
    with translation.override(language):
        rows = [row_of(plan, milestone, today, critical) for milestone in shown]
        chart = draw(plan, shown, today=today, language=language)
    pdf = render_pdf(
        "assises/pdf/planning.html", language=language, edition=edition, chart=chart, rows=rows, today=today
    )
    name = f"planning-{edition.code}-{today:%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Language": language}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@page_of_edition("planning/reprendre/", name="planning_again", title=gettext_lazy("Planning"), permission=CHANGE)  # fmt: skip
@require_POST
def again(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Plan the edition from another one's days."""
    source = Edition.objects.filter(code=request.POST.get("from", "").replace("\x00", "")).first()
    try:
        if source is None:
            raise Refusal(_("Choose the edition to plan from."))
        made = plan_from(source, edition, at=clock.now(), by=staff(request))
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Milestones planned from %(edition)s: %(count)d.") % {"edition": source, "count": made})  # fmt: skip
    return redirect("admin:planning")


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


@panel("assises/back_office/_panel_planning.html", permission=READ, order=11)
def what_comes(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """How long it is to the Assises, what is late, and what is due in a fortnight."""
    plan, today = plan_of(edition), edition.day_of(clock.now())
    until = today + dt.timedelta(days=SOON)
    soon = [
        m for m in plan.standing if m.is_open and any(today <= d <= until for d in (m.first_day, m.last_day))
    ]
    return {
        "countdown": countdown(edition, today),
        "late": plan.late(today),
        "arbitrate": len(plan.to_arbitrate),
        "soon": soon,
        "today": today,
    }

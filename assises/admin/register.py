"""The decision register in the back office: its list, one item, its answers and the voices of both sides."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal
from assises.back_office import Task, name_actions, page_of_edition, panel, show, staff
from assises.documents import render_pdf
from assises.enums import OwnerSide
from assises.exceptions import Conflict, Refusal
from assises.forms.register import (
    FilterForm,
    ItemForm,
    RequestForm,
)
from assises.forms.versioned import compare, rebased
from assises.models import Edition, RegisterItem
from assises.models.register import RegisterItemQuerySet
from assises.register import (
    add,
    change,
)
from assises.text import whole_number

READ, ADD, CHANGE = (f"assises.{verb}_registeritem" for verb in ("view", "add", "change"))
PER_PAGE = 50
#: Items that the first page of the back office names.
NAMED = 6

name_actions(
    {
        "item_added": gettext_lazy("noted in the register"),
        "item_changed": gettext_lazy("worded anew"),
        "item_decided": gettext_lazy("decided"),
        "item_abandoned": gettext_lazy("abandoned"),
        "item_reopened": gettext_lazy("opened again"),
        "text_decided": gettext_lazy("a text of it decided in the register"),
        "candidate_added": gettext_lazy("candidate added"),
        "candidate_removed": gettext_lazy("candidate taken back"),
        "voice_given": gettext_lazy("voice of a side given"),
    }
)


def _rows(edition: Edition) -> RegisterItemQuerySet:
    return (
        RegisterItem.objects.filter(edition=edition)
        .select_related("organisation", "person", "meeting", "settled_at_meeting", "subject_type")
        .prefetch_related("subject")
        .annotate(waiting=Count("blocks_items", distinct=True) + Count("blocks_milestones", distinct=True))
    )


def _filtered(edition: Edition, form: FilterForm, today: dt.date) -> RegisterItemQuerySet:
    """The items that the form asks for; what it does not understand, it leaves out."""
    form.is_valid()
    asked = form.cleaned_data
    rows = _rows(edition)
    match asked.get("state"):
        case "owed":
            rows = rows.owed()
        case "red":
            rows = rows.red()
        case "overdue":
            rows = rows.overdue(today)
        case "unsettled":
            rows = rows.unsettled()
        case "decided" | "abandoned" as status:
            rows = rows.filter(status=status)
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if side := asked.get("side"):
        rows = rows.filter(owner_side="" if side == "none" else side)
    if asked.get("meeting"):
        rows = rows.filter(Q(meeting=asked["meeting"]) | Q(settled_at_meeting=asked["meeting"]))
    for word in (asked.get("q") or "").split():
        found = Q(source__icontains=word)
        for name in ("text", "detail", "outcome"):
            found |= Q(**{f"{name}_fr__icontains": word}) | Q(**{f"{name}_zh_hans__icontains": word})
        if number := whole_number(word):
            found |= Q(number=number)
        rows = rows.filter(found)
    return rows


@page_of_edition(
    "registre/",
    name="register",
    title=gettext_lazy("Decision register"),
    permission=READ,
    task=Task.PREPARATION,
    order=20,
)
def register(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What is decided, what is open, who owes whom what until when."""
    today = edition.day_of(clock.now())
    form = FilterForm(request.GET, edition=edition)
    rows = _filtered(edition, form, today)
    rows_shown = Paginator(rows.order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "assises/back_office/register.html",
        {
            "title": _("Decision register"),
            "form": form,
            "page_obj": rows_shown,
            "figures": figures(edition, today),
            "today": today,
            "query": request.GET.urlencode(),
            "may_add": staff(request).has_perm(ADD),
        },
    )


@page_of_edition(
    "registre/ajouter/", name="register_add", title=gettext_lazy("Decision register"), permission=ADD
)
def register_add(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Note an item; the Chinese side notes its own requests and questions, in its own language."""
    user = staff(request)
    organises = user.has_perm(CHANGE)
    kind = ItemForm if organises else RequestForm
    asked = {name: request.GET[name] for name in ("kind", "subject", "meeting") if name in request.GET}
    form = kind(request.POST if request.method == "POST" else None, edition=edition, initial=asked)
    if form.is_bound and form.is_valid():
        values = form.values()
        if not organises:
            values["raised_by"] = user.side
        if values.get("kind") == "decision":
            # What both sides have decided is noted with its day on the next page.
            values["raised_by"] = values.get("raised_by") or OwnerSide.BOTH
        try:
            item = add(edition, at=clock.now(), by=user, **values)
        except Refusal as refused:
            form.refuse(str(refused), RegisterItem)
        else:
            messages.success(request, _("It is noted as number %(number)d.") % {"number": item.number})
            return redirect("admin:register_item", item.number)
    return show(
        request,
        "assises/back_office/register_edit.html",
        {"title": _("Note an item in the register"), "form": form},
    )


def found(edition: Edition, number: int) -> RegisterItem:
    """The item of this number, with what its page needs; 404 for any other."""
    return get_object_or_404(_rows(edition), number=min(number, 2**31 - 1))


@page_of_edition("registre/<int:number>/modifier/", name="register_edit", title=gettext_lazy("Decision register"), permission=CHANGE)  # fmt: skip
def register_edit(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    """Word an item anew; two who do so at once see both versions."""
    item = found(edition, number)
    form = ItemForm(request.POST if request.method == "POST" else None, edition=edition, instance=item)
    context: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            change(found(edition, number), form.changes, version=form.version, at=clock.now(), by=staff(request))  # fmt: skip
        except Conflict:
            theirs = ItemForm(edition=edition, instance=found(edition, number))
            since = journal.of(item).filter(details__version__gt=form.version)
            context["comparison"] = compare(form, theirs, since)
            form = ItemForm(rebased(form, theirs), edition=edition, instance=found(edition, number))
        except Refusal as refused:
            form.refuse(str(refused), RegisterItem)
        else:
            messages.success(request, _("The item is saved."))
            return redirect("admin:register_item", number)
    return show(
        request,
        "assises/back_office/register_edit.html",
        {"title": _("No. %(number)d of the register") % {"number": number}, "item": item, "form": form, **context},
        status=409 if context else 200,
    )  # fmt: skip


@page_of_edition(
    "registre/registre.pdf", name="register_pdf", title=gettext_lazy("Decision register"), permission=READ
)
def register_pdf(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What the list shows, on paper: by the side that owes it, the red ones first."""
    today = edition.day_of(clock.now())
    rows = list(_filtered(edition, FilterForm(request.GET, edition=edition), today).order_by("number"))
    sides = [*OwnerSide.choices, ("", _("nobody yet"))]
    parts = [(label, [r for r in rows if r.owner_side == code]) for code, label in sides]
    language = staff(request).language
    pdf = render_pdf(
        "assises/pdf/register.html",
        language=language,
        edition=edition,
        parts=[(label, found) for label, found in parts if found],
        today=today,
        count=len(rows),
    )
    name = f"registre-{edition.code}-{today:%Y-%m-%d}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Content-Language": language},
    )


def figures(edition: Edition, today: dt.date) -> dict[str, Any]:
    """How much is owed, by side and by age, in one query."""
    owed = RegisterItem.objects.filter(edition=edition).owed().order_by()
    late = Q(due_on__lt=today)
    red = Q(owner_side="") | Q(due_on=None)
    totals = owed.aggregate(
        owed=Count("pk"), overdue=Count("pk", filter=late), red=Count("pk", filter=red),
        oldest=Min("due_on", filter=late),
        **{f"side_{code}": Count("pk", filter=Q(owner_side=code)) for code in OwnerSide.values},
        **{f"late_{code}": Count("pk", filter=Q(owner_side=code) & late) for code in OwnerSide.values},
    )  # fmt: skip
    by_side = [
        {"code": code, "label": label, "owed": totals[f"side_{code}"], "late": totals[f"late_{code}"]}
        for code, label in OwnerSide.choices
    ]
    oldest = totals["oldest"]
    return {
        **{name: totals[name] for name in ("owed", "overdue", "red")},
        "by_side": by_side,
        "oldest_days": (today - oldest).days if oldest else 0,
    }


@panel("assises/back_office/_panel_register.html", permission=READ, order=12)
def what_is_owed(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """Open points by side and age, and those to close first: the oldest, then those without owner or date."""
    today = edition.day_of(at)
    rows = RegisterItem.objects.filter(edition=edition).select_related("organisation", "person")
    first = list(rows.overdue(today).order_by("due_on", "number")[:NAMED])
    first += list(rows.red().exclude(pk__in=[r.pk for r in first]).order_by("number")[: NAMED - len(first)])
    return {"figures": figures(edition, today), "first": first, "today": today}

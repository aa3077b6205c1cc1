"""A juror reads applications and marks them, in an order of their own."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assises import clock
from assises.back_office import show
from assises.exceptions import Conflict, Refusal
from assises.templatetags.typography import write_time
from assises.text import whole_number
from awards import services
from awards.access import jury_page
from awards.admin.jury import JUDGES
from awards.admin.jury_forms import SheetForm
from awards.enums import Phase
from awards.models import Application, Criterion, JuryMember, Sheet
from awards.models.application import ApplicationQuerySet
from awards.presenting import present
from awards.services.sheets import entry_of
from awards.serving import address_of
from awards.sheets import gaps_of_sheet, has_film

PER_PAGE = 50


def in_own_order(member: JuryMember) -> ApplicationQuerySet:
    """What a juror marks, in an order of their own that stays: nobody's application is always read last."""
    mixed = MD5(Concat(Value(f"{member.pk}:"), Cast("pk", TextField()), output_field=TextField()))
    return Application.objects.visible_to_juror(member).annotate(own_order=mixed).order_by("own_order", "pk")


@jury_page("jury/notation/", name="jury_scoring", title=gettext_lazy("Scoring"), roles=JUDGES)
def scoring(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """All applications of a juror, in their own order, with what remains."""
    # Keys alone, in one statement: with thousands of applications, counting them again and again would take longer.
    order = dict(in_own_order(member).values_list("pk", "number"))
    page = Paginator(list(order), PER_PAGE).get_page(request.GET.get("page"))
    sheets = {sheet.application_id: sheet for sheet in member.sheets.all()}
    found = Application.objects.select_related("category").in_bulk(list(page.object_list))
    waiting = [pk for pk in order if pk not in sheets or not sheets[pk].is_sealed]
    context = {
        "title": _("Scoring"),
        "member": member,
        "page_obj": page,
        "rows": [(found[pk], sheets.get(pk)) for pk in page.object_list],
        "total": len(order),
        "sealed": len(order) - len(waiting),
        "next": order[waiting[0]] if waiting else None,
        "is_open": member.call.phase == Phase.SCORING,
    }
    return show(request, "awards/back_office/jury_scoring.html", context)


@jury_page("jury/notation/<int:number>/", name="jury_sheet", title=gettext_lazy("Scoring"), roles=JUDGES)
def sheet(request: HttpRequest, member: JuryMember, number: int) -> HttpResponse:
    """One application in the juror's language, and their sheet beside it."""
    row = _application(member, number)
    try:
        if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
            # Whoever asks so does not read: nothing is begun.
            return HttpResponse()
        own = services.open_file(member, row, at=clock.now())
    except Refusal:
        # The jury has ceased to mark: it is read, and there is no sheet to begin.
        own = None
    criteria = _criteria(member)
    if own is None or own.is_sealed or member.call.phase != Phase.SCORING:
        return show(
            request, "awards/back_office/jury_sheet.html", _about(request, member, row, own, criteria)
        )
    own.application = row
    stands = None
    page = uuid.uuid4()
    if request.method == "POST":
        form = SheetForm(request.POST, sheet=own, criteria=criteria, page=page)
        if form.is_valid():
            try:
                said = form.cleaned_data
                services.save_sheet(
                    own, form.entry, version=said["version"], page=said["page"], at=clock.now()
                )
                if "read_over" in request.POST:
                    return redirect("admin:jury_seal", number)
                messages.success(request, _("It is saved. Nobody else sees it before the phase closes."))
                return redirect("admin:jury_sheet", number)
            except Conflict as conflict:
                stands = entry_of(conflict.current, criteria)
                # What was typed is kept; saving it again is a decision, now that both are seen.
                data = request.POST.copy()
                data["version"], data["page"] = str(conflict.current.version), str(page)
                form = SheetForm(data, sheet=own, criteria=criteria, page=page)
            except Refusal as refused:
                messages.error(request, str(refused))
                return redirect("admin:jury_sheet", number)
    else:
        form = SheetForm(sheet=own, criteria=criteria, page=page)
    context = {
        **_about(request, member, row, own, criteria),
        "form": form,
        "stands": [(c, stands.marks[c.code], stands.comments[c.code]) for c in criteria] if stands else None,
    }
    return show(request, "awards/back_office/jury_sheet.html", context)


@jury_page(
    "jury/notation/<int:number>/enregistrer/",
    name="jury_autosave",
    title=gettext_lazy("Scoring"),
    roles=JUDGES,
)
def autosave(request: HttpRequest, member: JuryMember, number: int) -> HttpResponse:
    """Keep what was typed so far, for the script of the page; what became of it as JSON, with a sentence."""
    return _autosave(request, member, number)


@require_POST
def _autosave(request: HttpRequest, member: JuryMember, number: int) -> HttpResponse:
    judged = Application.objects.visible_to_juror(member).filter(number=number)
    own = member.sheets.filter(application__in=judged).first()
    if own is None:
        raise Http404
    criteria = _criteria(member)
    form = SheetForm(request.POST, sheet=own, criteria=criteria, page=None)
    if not form.is_valid():
        return JsonResponse({"said": _("Something typed here is too long, or is no mark.")}, status=422)
    said, at = form.cleaned_data, clock.now()
    try:
        saved = services.save_sheet(own, form.entry, version=said["version"], page=said["page"], at=at)
    except Conflict as conflict:
        return JsonResponse({"said": str(conflict)}, status=409)
    except Refusal as refused:
        return JsonResponse({"said": str(refused)}, status=403)
    time = write_time(at.astimezone(ZoneInfo(member.call.edition.zone_of(member.side))), get_language())
    return JsonResponse({"version": saved.version, "said": _("Saved at %(time)s.") % {"time": time}})


@jury_page(
    "jury/notation/<int:number>/sceller/", name="jury_seal", title=gettext_lazy("Seal my sheet"), roles=JUDGES
)
def seal(request: HttpRequest, member: JuryMember, number: int) -> HttpResponse:
    """What will be sealed, as it stands; sealed once it is confirmed."""
    row = _application(member, number)
    own = member.sheets.filter(application=row).first()
    if own is None or own.is_sealed or member.call.phase != Phase.SCORING:
        return redirect("admin:jury_sheet", number)
    own.application = row
    criteria = _criteria(member)
    if request.method == "POST":
        try:
            services.seal_sheet(own, version=whole_number(request.POST.get("version")), at=clock.now())
            messages.success(
                request, _("Your sheet on application %(number)d is sealed.") % {"number": number}
            )
            return redirect("admin:jury_scoring")
        except Conflict:
            messages.error(
                request, _("Your sheet was changed since you opened this page. Read it over again.")
            )
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:jury_seal", number)
    context = {
        **_about(request, member, row, own, criteria),
        "title": _("Seal my sheet: application %(number)d") % {"number": number},
        "gaps": gaps_of_sheet(own, criteria),
    }
    return show(request, "awards/back_office/jury_seal.html", context)


def _application(member: JuryMember, number: int) -> Application:
    """Fetched among what this member judges: of all else they learn nothing."""
    rows = Application.objects.visible_to_juror(member).select_related("category", "film", "call__edition")
    row = rows.filter(number=number).prefetch_related("partners__organisation", "attachments").first()
    if row is None:
        raise Http404
    return row


def _criteria(member: JuryMember) -> list[Criterion]:
    return list(member.call.criteria.prefetch_related("anchors"))


def _about(
    request: HttpRequest, member: JuryMember, row: Application, own: Sheet | None, criteria: list[Criterion]
) -> dict[str, Any]:
    language = get_language() or "fr"
    asked = request.GET.get("langue", "")
    entry = entry_of(own, criteria) if own else None
    following = (
        in_own_order(member)
        .exclude(pk__in=[row.pk])
        .exclude(sheets__member=member, sheets__sealed_at__isnull=False)
    )
    return {
        "title": _("Application %(number)d") % {"number": row.number or 0},
        "member": member,
        "application": row,
        "shown": present(row, asked if asked in ("fr", "zh-hans") else language, address_of(row)),
        "other": row.original if row.original != language else row.translation,
        "sheet": own,
        "lines": [
            (c, entry.marks[c.code], entry.comments[c.code], _meaning(c, entry.marks[c.code]))
            for c in criteria
        ]
        if entry
        else [],
        "next": following.first(),
        "others": _others(request, member, row) if member.call.has_reached(Phase.DELIBERATION) else None,
        "has_film": has_film(row),
    }


def _meaning(criterion: Criterion, mark: int | None) -> str:
    return next((anchor.meaning for anchor in criterion.anchors.all() if anchor.mark == mark), "")


def _others(request: HttpRequest, member: JuryMember, row: Application) -> list[Sheet]:
    """All sealed sheets of an application, once the phase has closed."""
    assert request.user.is_authenticated
    found = Sheet.objects.visible_to(request.user).valid().sealed().filter(application=row)
    return list(
        found.select_related("member__user")
        .prefetch_related("scores__criterion")
        .order_by(F("member__side").desc(), "member")
    )

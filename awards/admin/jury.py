"""A member of the jury at home: what there is to do now; the pledge; conflicts of interest; the list of recusals."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import clock
from assises.back_office import show
from assises.canonical import hash_of
from assises.exceptions import Refusal
from awards import services
from awards.access import jury_page
from awards.admin.jury_forms import ConflictForm, ConflictsForm
from awards.content import in_both_languages, opening_of
from awards.enums import SIGNING, VOTING, JuryRole, Phase
from awards.models import Application, Calling, Interest, JuryMember
from awards.pledges import text_of

JUDGES = (*VOTING, JuryRole.SUBSTITUTE)


@jury_page("jury/", name="jury", title=gettext_lazy("My jury"), pledged=False, in_menu=True)
def home(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """What this member has to do now, and what is done."""
    call = member.call
    rows = Application.objects.named_to_juror(member)
    readable = Application.objects.visible_to_juror(member)
    sealed = member.sheets.sealed().filter(application__in=readable).count()
    following = call.next_phase
    in_force = call.rules.in_force().first()
    context = {
        "title": _("My jury"),
        "call": call,
        "member": member,
        "phase": Phase(call.phase),
        "following": following,
        "opens": opening_of(call, following, in_force) if following else None,
        "named": rows.count(),
        "owed": rows.exclude(interests__member=member).count(),
        "to_mark": readable.count(),
        "sealed": sealed,
        "judges": member.role in JUDGES,
        "answers": call.phase in (Phase.CONFLICTS, Phase.SCORING),
        "marks": call.phase == Phase.SCORING,
        "recusals": call.has_reached(Phase.CONFLICTS),
        "deliberates": call.has_reached(Phase.DELIBERATION),
        "is_sealed": call.has_reached(Phase.SEALED),
        "prepares": member.role in SIGNING,
    }
    return show(request, "awards/back_office/jury.html", context)


@jury_page("jury/engagement/", name="jury_pledge", title=gettext_lazy("Pledge"), pledged=False)
def pledge(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """What every member promises; signed once."""
    if request.method == "POST":
        try:
            services.sign_pledge(member, digest=request.POST.get("digest", "")[:64], at=clock.now())
            messages.success(request, _("You have signed. Thank you."))
            return redirect("admin:jury")
        except Refusal as refused:
            messages.error(request, str(refused))
            return redirect("admin:jury_pledge")
    signed = member.pledge if member.has_pledged else None
    content = signed.content if signed else text_of(member.call)
    context = {
        "title": _("Pledge of impartiality and confidentiality"),
        "member": member,
        "signed": signed,
        "content": in_both_languages(content),
        "digest": hash_of(content),
    }
    return show(request, "awards/back_office/jury_pledge.html", context)


@jury_page("jury/conflits/", name="jury_conflicts", title=gettext_lazy("Conflicts of interest"), roles=JUDGES)
def conflicts(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """Number, title and partners of each application, and whether anything ties the member to it; one form for all."""
    rows = list(
        Application.objects.named_to_juror(member)
        .select_related("category")
        .prefetch_related("partners__organisation")
    )
    said = {interest.application_id: interest for interest in member.interests.all()}
    form = ConflictsForm(request.POST if request.method == "POST" else None, rows=rows, said=said)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.answer_conflicts(member, form.answers, at=clock.now())
            messages.success(request, _said(done, len(form.fields) // 2 - done))
            return redirect("admin:jury_conflicts")
        except Refusal as refused:
            messages.error(request, str(refused))
    context = {
        "title": _("Conflicts of interest"),
        "member": member,
        "form": form,
        "owed": len(form.fields) // 2,
        "may_say": member.call.phase in (Phase.CONFLICTS, Phase.SCORING, Phase.DELIBERATION),
    }
    return show(request, "awards/back_office/jury_conflicts.html", context)


@jury_page(
    "jury/conflits/<int:number>/",
    name="jury_conflict",
    title=gettext_lazy("Declare a conflict of interest"),
    roles=JUDGES,
)
def conflict(request: HttpRequest, member: JuryMember, number: int) -> HttpResponse:
    """Something ties the member to an application after all: it is found out while marking, or later."""
    row = Application.objects.named_to_juror(member).filter(number=number).first()
    if row is None:
        raise Http404
    form = ConflictForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_conflict(member, row, words=form.cleaned_data["words"], at=clock.now())
            messages.success(
                request, _("It is noted: you do not judge application %(number)d.") % {"number": number}
            )
            return redirect("admin:jury")
        except Refusal as refused:
            messages.error(request, str(refused))
    recused = Interest.objects.recusals().filter(member=member, application=row).first()
    context = {
        "title": _("Conflict of interest: application %(number)d") % {"number": number},
        "application": row,
        "form": form,
        "recused": recused,
    }
    return show(request, "awards/back_office/jury_conflict.html", context)


@jury_page("jury/recusations/", name="jury_recusals", title=gettext_lazy("Recusals"))
def recusals(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """Who does not judge what, for both sides; the words are for the secretaries."""
    rows = (
        Interest.objects.recusals()
        .filter(member__call=member.call)
        .select_related("member__user", "member__organisation", "application")
        .order_by("application__number", "member__side", "member")
    )
    context: dict[str, Any] = {
        "title": _("Recusals"),
        "rows": list(rows),
        "callings": [
            {"number": c.application.number, "name": c.member, "side": c.member.get_side_display()}
            for c in Calling.objects.filter(member__call=member.call)
            .select_related("application", "member__user")
            .order_by("application__number", "member")
        ],
        "with_words": member.is_secretary,
    }
    return show(request, "awards/back_office/jury_recusals.html", context)


def _said(done: int, left: int) -> str:
    if left <= 0:
        return _("It is saved: you have answered for all applications.")
    return ngettext(
        "It is saved. %(left)d application is left to answer for.",
        "It is saved. %(left)d applications are left to answer for.",
        left,
    ) % {"left": left}

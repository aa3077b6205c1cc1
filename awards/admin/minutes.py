"""The minutes of the jury: read, worded by the secretaries, signed by both co-presidents and both secretaries."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock, files
from assises.back_office import show, staff
from assises.documents import BOTH
from assises.exceptions import Refusal
from assises.ranges import private_file
from assises.text import whole_number
from awards import services
from awards.access import jury_page
from awards.enums import SIGNING, Look, Phase
from awards.minutes import masked
from awards.minutes.reading import readable, signers
from awards.models import JuryMember, JuryMinutes
from awards.rights import hidden_from
from awards.services.minutes import REMARKS
from awards.wording import Wording


@jury_page("jury/proces-verbal/", name="jury_minutes", title=gettext_lazy("Minutes of the jury"))
def minutes(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """The latest minutes, or those with the number that was asked for; what this member has to do with them."""
    typed = _text(request)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, member, typed))
            return redirect("admin:jury_minutes")
        except Refusal as refused:
            messages.error(request, str(refused))
            if not (typed.fr or typed.zh_hans):
                return redirect("admin:jury_minutes")
    rows = list(
        member.call.minutes.select_related("call__edition", "amends__call__edition").order_by("-number")
    )
    asked = whole_number(request.GET.get("numero", ""))
    row = next((r for r in rows if r.number == asked), None) if asked else rows[0] if rows else None
    if asked and row is None:
        raise Http404
    context = {
        "title": _("Minutes of the jury"),
        "call": member.call,
        "member": member,
        "rows": rows,
        "minutes": row,
        "is_sealed": member.call.has_reached(Phase.SEALED),
        "writes": member.is_secretary,
        # What was typed stays on the page where it was refused.
        "remarks": typed if "remarks" in request.POST else None,
        "amendment": typed,
        "form_is_open": request.method == "POST",
    }
    if row is not None:
        context["remarks"] = context["remarks"] or Wording(row.remarks_fr, row.remarks_zh_hans)
        context |= _about(request, member, row, is_last=row == rows[0])
    return show(request, "awards/back_office/jury_minutes.html", context)


@jury_page(
    "jury/proces-verbal/<int:number>.pdf", name="jury_minutes_pdf", title=gettext_lazy("Minutes of the jury")
)
def pdf(request: HttpRequest, member: JuryMember, number: int) -> HttpResponseBase:
    """The document; before the release for whoever may read all of it."""
    row = member.call.minutes.filter(number=number).first()
    if hidden_from(member):
        raise PermissionDenied
    if row is None or row.document is None:
        raise Http404
    row.call = member.call
    services.note_look(member, Look.MINUTES, at=clock.now())
    return private_file(request, row.document, media_type="application/pdf", name=f"{row.label}.pdf")


def _about(request: HttpRequest, member: JuryMember, row: JuryMinutes, *, is_last: bool) -> dict[str, Any]:
    hidden = hidden_from(member)
    languages = BOTH if "langues" in request.GET else [get_language() or "fr"]
    signatures = services.valid_signatures(row)
    has_signed = member.pk in {signature.member_id for signature in signatures}
    if row.content is not None:
        services.note_look(member, Look.MINUTES, at=clock.now())
    return {
        "languages": languages,
        "in_both": len(languages) > 1,
        "content": readable(masked(row.content, hidden), member.call) if row.content else None,
        "signers": signers(row.content, signatures) if row.content else [],
        "stale": row.signatures.exclude(digest=row.digest).exists(),
        "may_sign": is_last
        and member.role in SIGNING
        and not row.is_signed
        and row.content is not None
        and not has_signed,
        "has_signed": has_signed,
        "may_word": is_last and member.is_secretary and not row.is_signed,
        "may_amend": is_last and member.is_secretary and row.is_signed,
        "may_give_up": is_last and member.is_secretary and not row.is_signed and row.amends_id is not None,
        "has_file": row.document is not None and not hidden and files.path_of(row.document).exists(),
        "most": REMARKS,
    }


# --- What the buttons do ---------------------------------------------------------------------------------


def _text(request: HttpRequest) -> Wording:
    return Wording(request.POST.get("text_fr", ""), request.POST.get("text_zh_hans", ""))


def _act(request: HttpRequest, member: JuryMember, text: Wording) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user, asked = clock.now(), staff(request), request.POST
    if "begin" in asked:
        services.begin_minutes(member.call, at=at, by=user)
        return _(
            "The minutes are being written. Both co-presidents and both secretaries are told when they are ready."
        )
    row = member.call.minutes.filter(number=whole_number(asked.get("number", ""))).first()
    if row is None:
        raise Refusal(_("There are no such minutes."))
    if "sign" in asked:
        signed = services.sign_minutes(row, digest=asked.get("digest", "")[:64], at=at, by=user)
        if signed.is_signed:
            return _("All four have signed: these are the minutes of the jury.")
        return _("You have signed. Thank you.")
    if "remarks" in asked:
        services.write_remarks(row, text, at=at, by=user)
        return _("The remarks are kept. The minutes are written anew, and signed anew by whoever had signed.")
    if "amend" in asked:
        services.amend_minutes(row, text, at=at, by=user)
        return _("The amendment is being written; what it amends stays beside it.")
    if "give_up" in asked:
        services.give_up_amendment(row, at=at, by=user)
        return _("The amendment is given up.")
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))

"""Until the results are released: what is prepared, sealed, for the ceremony. Then: who is told."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import clock, journal
from assises.back_office import show, staff
from assises.enums import Side
from assises.exceptions import Refusal
from awards import letters, services
from awards.access import ceremony_page, jury_page
from awards.content import ceremony_of
from awards.diplomas import diplomas_of, diplomas_pdf, given_by
from awards.engraving import engraving_of, engraving_pdf, lines_of, tells_who_has_won
from awards.enums import SIGNING, Look, Phase
from awards.models import JuryMember
from awards.readiness import gaps_before
from awards.rights import why_not_prepared
from awards.services.phases import TOGETHER

#: Looks that the page lists, the latest first.
LOOKS = 50


@jury_page("jury/ceremonie/", name="jury_ceremony", title=gettext_lazy("Award ceremony"), roles=SIGNING)
def ceremony(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """What is ready, who has looked, the release by both co-presidents, and the letters after it."""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, member))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:jury_ceremony")
    call, at = member.call, clock.now()
    why = why_not_prepared(member)
    if not why:
        services.note_look(member, Look.CEREMONY, at=at)
    results = [] if why else given_by(call)
    opens, told = ceremony_of(call), services.told_at(call)
    given = {
        agreement.side: agreement
        for agreement in services.releasing(call, at=at).select_related("member__user")
    }
    context = {
        "title": _("Award ceremony"),
        "call": call,
        "member": member,
        "is_sealed": call.has_reached(Phase.SEALED),
        "is_published": call.phase == Phase.PUBLISHED,
        "why": why,
        "gaps": gaps_before(call, Phase.PUBLISHED) if call.phase == Phase.SEALED else [],
        "opens": opens,
        "is_time": opens is not None and at >= opens,
        "agreed": [(side, given.get(side)) for side in Side],
        "has_agreed": member.side in given,
        "minutes": TOGETHER // dt.timedelta(minutes=1),
        "results": [(result, engraving_of(call, result)) for result in results],
        # One for each authority.
        "diplomas": sum(len(result.application.partners.all()) for result in results),
        "tells": tells_who_has_won(call),
        "is_told": told is not None,
        "letters_wait": told is not None and letters.results_wait(told),
        "sends_comments": services.sends_comments(call) if call.phase == Phase.PUBLISHED else False,
        "looks": [
            (entry, Look(entry.details["what"]).label)
            for entry in journal.of(call).filter(action="results_seen")[:LOOKS]
        ],
    }
    return show(request, "awards/back_office/jury_ceremony.html", context)


@ceremony_page(
    "jury/ceremonie/diplomes.pdf", name="jury_diplomas", title=gettext_lazy("Diplomas"), look=Look.DIPLOMAS
)
def diplomas(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """All diplomas, or the one with the code that is asked for."""
    found = diplomas_of(member.call)
    if code := request.GET.get("code", ""):
        found = [diploma for diploma in found if diploma.code == code]
    if not found:
        raise Http404
    # The name of the file tells nothing.
    return _pdf(diplomas_pdf(found), f"{member.call.edition.code}-diplomes{'-' + code if code else ''}.pdf")


@ceremony_page(
    "jury/ceremonie/gravure.pdf", name="jury_engraving", title=gettext_lazy("Engraving"), look=Look.ENGRAVING
)
def engraving(_request: HttpRequest, member: JuryMember) -> HttpResponse:
    """The sheet for whoever engraves the objects."""
    call = member.call
    return _pdf(engraving_pdf(call, lines_of(call)), f"{call.edition.code}-gravure.pdf")


def _pdf(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _act(request: HttpRequest, member: JuryMember) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "release" in request.POST:
        call = services.agree_to_phase(member.call, Phase.PUBLISHED, at=at, by=user)
        if call.phase == Phase.PUBLISHED:
            return _("The results are released. The page of the laureates is open to everybody.")
        return _(
            "Your agreement is noted. The other co-president releases the results within %(minutes)d minutes."
        ) % {"minutes": TOGETHER // dt.timedelta(minutes=1)}
    if "take_back" in request.POST:
        services.take_back_agreement(member.call, Phase.PUBLISHED, at=at, by=user)
        return _("Your agreement is taken back.")
    if "tell" in request.POST:
        count = services.tell_results(member.call, at=at, by=user)
        return ngettext("%(count)d pair is written to.", "%(count)d pairs are written to.", count) % {
            "count": count
        }
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))

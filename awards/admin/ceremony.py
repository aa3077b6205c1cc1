"""Until the results are released: what is prepared, sealed, for the ceremony. Then: who is told."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from assises import clock, journal
from assises.back_office import show, staff
from assises.enums import Side
from assises.exceptions import Refusal
from awards import letters, services
from awards.access import jury_page
from awards.content import opening_of
from awards.diplomas import diplomas_of, diplomas_pdf, given_by
from awards.engraving import engraving_of, engraving_pdf, lines_of, tells_who_has_won
from awards.enums import JuryRole, Phase
from awards.models import Agreement, JuryMember
from awards.readiness import gaps_before
from awards.rights import may_prepare
from awards.services.phases import TOGETHER

PREPARE = (JuryRole.PRESIDENT, JuryRole.SECRETARY)
#: Looks that the page lists, the latest first.
LOOKS = 50
#: What was looked at, by the word that the journal has.
WHAT = {
    "ceremony": pgettext_lazy("looked at", "the page of the ceremony"),
    "deliberation": pgettext_lazy("looked at", "what is decided, on the page of the deliberation"),
    "diplomas": pgettext_lazy("looked at", "the diplomas"),
    "engraving": pgettext_lazy("looked at", "the sheet for the engraver"),
    "minutes": pgettext_lazy("looked at", "the minutes"),
    "ranking": pgettext_lazy("looked at", "the ranking"),
    "stage": pgettext_lazy("looked at", "the pages of the stage"),
}


@jury_page("jury/ceremonie/", name="jury_ceremony", title=gettext_lazy("Award ceremony"), roles=PREPARE)
def ceremony(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """What is ready, who has looked, the release by both co-presidents, and the letters after it."""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, member))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:jury_ceremony")
    call, at = member.call, clock.now()
    prepares = may_prepare(member)
    if prepares and request.method == "GET":
        services.note_look(member, "ceremony", at=at)
    opens = opening_of(call, Phase.PUBLISHED, call.rules.in_force().first())
    given = {agreement.side: agreement for agreement in _together(member, at)}
    results = given_by(call) if prepares else []
    context = {
        "title": _("Award ceremony"),
        "call": call,
        "member": member,
        "is_sealed": call.has_reached(Phase.SEALED),
        "is_published": call.phase == Phase.PUBLISHED,
        "prepares": prepares,
        "gaps": gaps_before(call, Phase.PUBLISHED) if call.phase == Phase.SEALED else [],
        "opens": opens,
        "is_time": opens is not None and at >= opens,
        "agreed": [(side, given.get(side)) for side in Side],
        "has_agreed": member.side in given,
        "minutes": int(TOGETHER.total_seconds() // 60),
        "results": [(result, engraving_of(call, result)) for result in results],
        "diplomas": len(diplomas_of(call)) if prepares else 0,
        "tells": tells_who_has_won(call),
        "is_told": services.is_told(call),
        "letters_wait": letters.results_wait(),
        "sends_comments": services.sends_comments(call) if call.phase == Phase.PUBLISHED else False,
        "looks": [
            (entry, WHAT.get(entry.details.get("what", ""), ""))
            for entry in journal.of(call).filter(action="results_seen")[:LOOKS]
        ],
    }
    return show(request, "awards/back_office/jury_ceremony.html", context)


@jury_page("jury/ceremonie/diplomes.pdf", name="jury_diplomas", title=gettext_lazy("Diplomas"), roles=PREPARE)
def diplomas(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """All diplomas, or the one with the code that is asked for."""
    _refuse_unprepared(member)
    found = diplomas_of(member.call)
    if code := request.GET.get("code", ""):
        found = [diploma for diploma in found if diploma.code == code]
    if not found:
        raise Http404
    services.note_look(member, "diplomas", at=clock.now())
    # The name of the file tells nothing.
    return _pdf(diplomas_pdf(found), f"{member.call.edition.code}-diplomes{'-' + code if code else ''}.pdf")


@jury_page(
    "jury/ceremonie/gravure.pdf", name="jury_engraving", title=gettext_lazy("Engraving"), roles=PREPARE
)
def engraving(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """The sheet for whoever engraves the objects."""
    _refuse_unprepared(member)
    services.note_look(member, "engraving", at=clock.now())
    call = member.call
    return _pdf(engraving_pdf(call, lines_of(call)), f"{call.edition.code}-gravure.pdf")


def _pdf(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _refuse_unprepared(member: JuryMember) -> None:
    if not member.call.has_reached(Phase.SEALED):
        raise Http404
    if not may_prepare(member):
        raise PermissionDenied(
            _(
                "You are recused from an application: what is prepared for the ceremony shows you nothing of it before the release."
            )
        )


def _together(member: JuryMember, at: dt.datetime) -> list[Agreement]:
    """Those who release the results now: what was agreed to long ago has lapsed."""
    found = member.call.agreements.filter(phase=Phase.PUBLISHED).select_related("member__user")
    return list(found if member.call.phase == Phase.PUBLISHED else found.filter(at__gte=at - TOGETHER))


def _act(request: HttpRequest, member: JuryMember) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "release" in request.POST:
        call = services.agree_to_phase(member.call, Phase.PUBLISHED, at=at, by=user)
        if call.phase == Phase.PUBLISHED:
            return _("The results are released. The page of the laureates is open to everybody.")
        return _(
            "Your agreement is noted. The other co-president releases the results within %(minutes)d minutes."
        ) % {"minutes": TOGETHER.total_seconds() // 60}
    if "take_back" in request.POST:
        services.take_back_agreement(member.call, Phase.PUBLISHED, at=at, by=user)
        return _("Your agreement is taken back.")
    if "tell" in request.POST:
        count = services.tell_results(member.call, at=at, by=user)
        return ngettext("%(count)d pair is written to.", "%(count)d pairs are written to.", count) % {
            "count": count
        }
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))

"""The stage: the ceremony on the big screen, rehearsed and shown by the co-presidents and the secretaries."""

import io
from collections.abc import Callable

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assises import clock
from assises.text import whole_number
from awards.access import ceremony_page
from awards.content import ceremony_of
from awards.enums import Look, Phase
from awards.laureates import groups_of, public_address
from awards.models import Application, Call, JuryMember
from awards.presenting import AddressOf
from awards.rights import may_read
from awards.serving import address_of
from awards.stage import SlideKind, slides_of, titles_of

TITLE = gettext_lazy("Stage of the ceremony")
#: Without a language: whoever comes by it has the page in that of their telephone.
PUBLIC_PAGE = "/prix/laureats/"


@ceremony_page("jury/ceremonie/scene/", name="jury_stage", title=TITLE, look=Look.STAGE)
@require_safe
@cache_control(private=True, no_store=True)
def stage(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """One slide, as large as the screen; the others have addresses of their own, and nothing of them is in this one."""
    call, language = member.call, get_language() or "fr"
    slides = slides_of(groups_of(call, member.user, language, _files_of(call)))
    number = min(max(whole_number(request.GET.get("page", "")), 1), len(slides))
    slide = slides[number - 1]
    row = slide.laureate.application if slide.laureate else None
    published = call.has_reached(Phase.PUBLISHED)
    return render(
        request,
        "awards/stage.html",
        {
            "call": call,
            "edition": call.edition,
            "slide": slide,
            "titles": titles_of(row) if row and slide.kind == SlideKind.LAUREATE else {},
            "readable": row is None or published or may_read(member.user, row),
            "number": number,
            "back": number - 1,
            # The last slide looks again whether the results are out.
            "next": number + 1 if number < len(slides) else 0 if published else number,
            "published": published,
            "rehearsal": _is_rehearsal(call) and not published,
            "address": settings.BASE_URL.partition("://")[2] + PUBLIC_PAGE,
            "code": _code(settings.BASE_URL + PUBLIC_PAGE) if slide.kind == SlideKind.CLOSING else "",
            "languages": [language, "fr" if language != "fr" else "zh-hans"],
        },
    )


def _files_of(call: Call) -> Callable[[Application], AddressOf]:
    """Where the stage has its films and pictures from: once they are public, from there."""
    return _public if call.has_reached(Phase.PUBLISHED) else address_of


def _public(_row: Application) -> AddressOf:
    return public_address


def _is_rehearsal(call: Call) -> bool:
    """Whether the hour of the ceremony has not come, or is not known."""
    ceremony = ceremony_of(call)
    return ceremony is None or clock.now() < ceremony


def _code(address: str) -> SafeString:
    """A QR code that a telephone reads from the last row."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawn, "svg", border=4, dark="#1c2433", light="#ffffff", omitsize=True, xmldecl=False, svgns=False
    )
    return mark_safe(drawn.getvalue().decode())

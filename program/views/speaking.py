"""The page on which a speaker says yes or no."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assises import clock
from assises.exceptions import Refusal
from program import links, services
from program.enums import ContributionState
from program.views.contributions import find


@never_cache
@require_safe
def speaker(request: HttpRequest, token: str) -> HttpResponse:
    """What one is asked to tell, when and where, and how one's name will be printed. It looks; the buttons act."""
    _link, row = find(token, "speaker")
    response = render(
        request,
        "program/contributions/speaker.html",
        {
            "token": token,
            "contribution": row,
            "speaker": row.speaker,
            "edition": row.edition,
            "is_asked": row.state == ContributionState.ACCEPTED,
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Yes: the contribution is confirmed."""
    _link, row = find(token, "speaker")
    assert row.speaker is not None
    try:
        services.confirm(row, speaker=row.speaker, at=clock.now())
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. It is confirmed; a letter says so."))
    return redirect(links.speaker_page(token))


@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No: the organisers see that somebody else is needed."""
    _link, row = find(token, "speaker")
    assert row.speaker is not None
    try:
        services.decline_to_speak(row, speaker=row.speaker, at=clock.now())
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you for telling us. The organisers know."))
    return redirect(links.speaker_page(token))

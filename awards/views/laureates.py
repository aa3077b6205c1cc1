"""The laureates as everybody reads them, from the moment at which the results are published (S-117)."""

import uuid

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from assises.current import current_edition
from assises.pages import nobody, page_for_everybody
from awards.content import ceremony_of
from awards.enums import Phase
from awards.laureates import public_file, public_groups
from awards.reading import call_of
from awards.serving import send


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """Per category its laureates; before the release, when it will be. The same for everybody, whoever is logged in."""
    edition = current_edition()
    call = call_of(edition) if edition is not None else None
    if call is None:
        raise Http404

    def draw() -> str:
        secret = not call.has_reached(Phase.PUBLISHED)
        context = {
            "call": call,
            "edition": edition,
            "secret": secret,
            "ceremony": ceremony_of(call) if secret else None,
            "groups": public_groups(call, get_language() or "fr"),
            **nobody(),
        }
        return render_to_string("awards/laureates.html", context, request)

    # The page of another phase is another page: whoever asks after the release never gets the one from before.
    return page_for_everybody(request, draw, keep=not request.GET, version=f"#{call.pk}-{call.phase}")


@require_safe
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A picture, a film or its subtitles of a laureate."""
    found = public_file(key)
    if found is None:
        raise Http404
    response = send(request, *found)
    # It is everybody's now, and never changes under its key.
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response

"""The programme as everybody reads it: the latest public release, or a release by its own address."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assises.accounts import led_elsewhere
from assises.current import current_edition
from assises.models import User
from assises.pages import is_nobody_in_particular, kept_for_everybody, nobody, page_for_everybody
from program import current
from program.current import Shown
from program.selection import WAYS, Selection
from program.views.formats import formats_of

#: Who prepares and approves releases reads them before they are published.
BEFORE_PUBLICATION = (
    "program.release_programme",
    "program.approve_for_french_side",
    "program.approve_for_chinese_side",
)


@require_safe
@kept_for_everybody
def programme(request: HttpRequest) -> HttpResponseBase:
    """The latest public release, by day, theme or place."""
    shown = current.latest()
    if shown is None:
        return nothing_yet(request)
    return overview(request, shown)


@require_safe
@kept_for_everybody
def session(request: HttpRequest, code: str) -> HttpResponseBase:
    """One item of it, or the sheet of a visit."""
    shown = current.latest()
    if shown is None:
        return nothing_yet(request, status=404)
    return item(request, shown, code)


@require_safe
@kept_for_everybody
def versions(request: HttpRequest) -> HttpResponseBase:
    """All public releases, latest first."""
    edition = current_edition()
    shown = current.published_of(edition) if edition else []
    if not shown:
        return nothing_yet(request)
    return _page(request, shown[0], "program/versions.html", lambda: {"versions": shown})


@require_safe
@kept_for_everybody
def version(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A release as it was frozen."""
    return overview(request, release_or_404(request, reference))


@require_safe
@kept_for_everybody
def version_session(request: HttpRequest, reference: str, code: str) -> HttpResponseBase:
    return item(request, release_or_404(request, reference), code)


def release_or_404(request: HttpRequest, reference: str) -> Shown:
    """The release that this reader may see: published ones by their reference; others for those at work on them."""
    shown = current.release(reference)
    if shown is not None:
        return shown
    user = request.user
    at_work = isinstance(user, User) and any(user.has_perm(right) for right in BEFORE_PUBLICATION)
    if at_work and led_elsewhere(request) is None:
        found = current.find(reference)
        if found is not None:
            return current.unpublished(found)
    raise Http404


def overview(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    """All items of a programme, chosen and grouped as the query asks."""
    selection = Selection.of(request.GET, shown.programme)

    def context() -> dict[str, Any]:
        sessions = selection.sessions(shown.programme)
        page = selection.page_of(sessions)
        return {
            "selection": selection,
            "ways": [(way, selection.by_way(way)) for way in WAYS],
            "groups": selection.groups(shown.programme, list(page)),
            "page_obj": page,
            "found": len(sessions),
            "formats": formats_of(shown),
        }

    canonical = not request.GET or shown.url + selection.query == request.get_full_path()
    return _page(request, shown, "program/programme.html", context, keep=canonical)


def item(request: HttpRequest, shown: Shown, code: str) -> HttpResponseBase:
    """One item, with the one before and the one after it; 410 for what was taken out of the programme."""
    chosen = shown.programme.session_by_code.get(code)
    if chosen is None:
        dropped = next((s for s in shown.programme.dropped if s.code == code), None)
        if dropped is None:
            raise Http404
        return render(request, "program/dropped.html", {"shown": shown, "session": dropped}, status=410)

    def context() -> dict[str, Any]:
        sessions = shown.programme.sessions
        place = sessions.index(chosen)
        return {
            "session": chosen,
            "before": sessions[place - 1] if place else None,
            "after": sessions[place + 1] if place + 1 < len(sessions) else None,
        }

    return _page(request, shown, "program/session.html", context, keep=not request.GET)


def nothing_yet(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """What there is while no programme is public."""
    return render(request, "program/none.html", status=status)


def _page(
    request: HttpRequest,
    shown: Shown,
    template: str,
    context: Callable[[], dict[str, Any]],
    *,
    keep: bool = True,
) -> HttpResponseBase:
    """Everybody's page where it can be; drawn anew, and kept by nobody, for who is signed in."""
    if shown.published_at is not None and is_nobody_in_particular(request):
        is_public = shown.stamp is not None and shown.stamp.is_public

        def draw() -> str:
            return render_to_string(template, {"shown": shown, **context(), **nobody()}, request)

        return page_for_everybody(request, draw, keep=keep, is_public=is_public)
    response = render(request, template, {"shown": shown, **context()})
    response.headers["Cache-Control"] = "private, no-store"
    return response

"""What all pages of a session share: who may, which session, its tabs, what the checks say of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assises import clock, journal
from assises.back_office import View, action_name, name_actions, page, show, staff, working_edition
from assises.models import Edition, JournalEntry
from program import checks, drafting
from program.checks import Finding
from program.enums import SessionKind
from program.models import Session

READ, COMPOSE = "program.view_session", "program.compose_programme"

name_actions(
    {
        "session_created": gettext_lazy("session added"),
        "session_changed": gettext_lazy("session changed"),
        "session_deleted": gettext_lazy("session taken back"),
        "leads_changed": gettext_lazy("pair of a session changed"),
        "parts_changed": gettext_lazy("running order changed"),
        # Until the register took them over, points were kept by the pages of their session.
        "point_added": gettext_lazy("open point added"),
        "point_changed": gettext_lazy("open point changed"),
        "point_closed": gettext_lazy("open point closed"),
        "point_reopened": gettext_lazy("open point opened again"),
        "visit_changed": gettext_lazy("sheet of a visit changed"),
        "verdict_given": gettext_lazy("verdict on a visit given"),
        "visit_decided": gettext_lazy("visit decided"),
    }
)


def may_compose(request: HttpRequest) -> bool:
    return staff(request).has_perm(COMPOSE)


def page_of_a_session(
    ending: str, *, name: str, guards_itself: bool = False
) -> Callable[[Callable[..., HttpResponse]], View]:
    """Declare a page under ``/admin/composer/<code>/``; its view is given the session, as it stands now.

    Whoever sees the programme reads it; only who composes sends something, unless the view ``guards_itself``.
    """

    def declare(view: Callable[..., HttpResponse]) -> View:
        @wraps(view)
        def found(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
            edition = working_edition()
            if edition is None:
                return no_edition(request, _("Compose"))
            session = get_object_or_404(drafting.sessions_of(edition), code=code)
            session.edition = edition
            if request.method == "POST" and not guards_itself and not may_compose(request):
                raise PermissionDenied
            return view(request, session, **kwargs)

        route = f"composer/<slug:code>/{ending}"
        return page(route, name=name, title=gettext_lazy("Compose"), permission=READ)(found)

    return declare


def no_edition(request: HttpRequest, title: str) -> HttpResponse:
    return show(request, "registration/back_office/no_edition.html", {"title": title})


def findings_of(edition: Edition) -> list[Finding]:
    return checks.find(drafting.load(edition))


def show_session(
    request: HttpRequest,
    session: Session,
    template: str,
    tab: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of a session in its frame: the tabs, and beside them what the checks say."""
    at = clock.now()
    findings = [f for f in findings_of(session.edition) if session.pk in {s.pk for s in f.sessions}]
    frame = {
        "title": str(session),
        "session": session,
        "tabs": _tabs(session, may_move=may_compose(request)),
        "tab": tab,
        "may_compose": may_compose(request),
        "findings": findings,
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(session)[:8]],
        "today": at.date(),
    }
    return show(request, template, {**frame, **(context or {})}, status=status)


def _tabs(session: Session, *, may_move: bool) -> list[dict[str, Any]]:
    """The pages of a session: name, address, and how much there is."""

    def tab(name: str, label: str, count: int | None = None) -> dict[str, Any]:
        url = reverse(f"admin:{name}", args=[session.code])
        return {"name": name, "label": label, "url": url, "count": count}

    tabs = [tab("session", pgettext("of the programme", "Session"))]
    if session.is_workshop or session.leads.all():
        tabs.append(tab("session_pair", _("Pair"), len(session.leads.all())))
    tabs.append(tab("session_order", _("Running order"), len(session.parts.all())))
    if session.kind == SessionKind.VISIT:
        tabs.append(tab("session_visit", _("Visit sheet")))
    still_open = sum(item.is_owed for item in session.open_points.all())
    tabs.append(tab("session_points", _("Open points"), still_open))
    if may_move:
        tabs.append(tab("session_move", pgettext("of a session", "Move")))
    return tabs


def entries_since(session: Session, version: int) -> list[JournalEntry]:
    """What was done to the session after somebody opened it at ``version``."""
    return list(journal.of(session).filter(details__version__gt=version))


def done(request: HttpRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """Say what was done, and show it."""
    messages.success(request, words)
    return redirect(f"admin:{to}", *args)


def at_version(data: Any, name: str, current: Session) -> Any:
    """What was typed, on the version that stands now: who looks and presses again means this one."""
    data = data.copy()
    data[name] = str(current.version)
    return data

"""The open points of a session: who owes which answer until when."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import staff
from assises.exceptions import Conflict, Refusal
from assises.forms.versioned import compare, rebased
from program.admin.common import at_version, done, entries_since, may_compose, page_of_a_session, show_session
from program.forms.points import CloseForm, PointForm
from program.models import OpenPoint, Session
from program.services import add_point, change_point, close_point, reopen_point


@page_of_a_session("points/", name="session_points")
def points(request: HttpRequest, session: Session) -> HttpResponse:
    """All points of a session, the open ones first; and one more."""
    form = PointForm(request.POST if request.method == "POST" else None, session=session)
    if form.is_bound and form.is_valid():
        values = {n: v for n, v in form.cleaned_data.items() if n != "version"}
        try:
            add_point(session, version=session.version, at=clock.now(), by=staff(request), **values)
        except Refusal as refused:
            form.refuse(str(refused), OpenPoint)
        else:
            return done(request, _("The point is noted."), "session_points", session.code)
    every = list(session.open_points.all())
    context = {
        "form": form,
        "open": [p for p in every if p.closed_on is None],
        "closed": [p for p in every if p.closed_on is not None],
    }
    return show_session(request, session, "program/back_office/points.html", "session_points", context)


@page_of_a_session("points/<int:pk>/", name="session_point")
def point(request: HttpRequest, session: Session, pk: int) -> HttpResponse:
    """One point: worded anew, closed with its answer, opened again."""
    if not may_compose(request):
        raise PermissionDenied
    found = get_object_or_404(OpenPoint, pk=pk, session=session)
    at, by = clock.now(), staff(request)
    act = next((a for a in ("save", "close", "reopen") if a in request.POST), "")
    form = PointForm(request.POST if act == "save" else None, session=session, instance=found)
    closing = CloseForm(
        request.POST if act == "close" else None, point=found, session=session, today=at.date()
    )
    context: dict[str, Any] = {"point": found, "form": form, "closing": closing}
    try:
        if act == "save" and form.is_valid():
            change_point(found, form.changes, version=form.version, at=at, by=by)
            return done(request, _("The point is saved."), "session_points", session.code)
        if act == "close" and closing.is_valid():
            data = closing.cleaned_data
            close_point(
                found,
                answer_fr=data["answer_fr"],
                answer_zh=data["answer_zh_hans"],
                on=data["closed_on"],
                version=data["version"],
                at=at,
                by=by,
            )
            return done(request, _("The point is closed."), "session_points", session.code)
        if act == "reopen":
            reopen_point(found, version=session.version, at=at, by=by)
            return done(request, _("The point is open again."), "session_points", session.code)
    except Conflict as conflict:
        context |= _both(request, session, found, form, conflict) if act == "save" else {}
        if act == "close":
            closing.data = at_version(closing.data, "close-version", conflict.current)
            closing.add_error(
                None,
                _(
                    "Somebody else has just changed this session. What you typed is kept: look, then save again."
                ),
            )
    except Refusal as refused:
        form.refuse(str(refused), OpenPoint) if act == "save" else closing.add_error(None, str(refused))
    return show_session(
        request,
        session,
        "program/back_office/point.html",
        "session_points",
        context,
        status=409 if "comparison" in context else 200,
    )


def _both(
    request: HttpRequest, session: Session, found: OpenPoint, typed: PointForm, conflict: Conflict
) -> dict[str, Any]:
    standing = OpenPoint.objects.get(pk=found.pk)
    theirs = PointForm(session=conflict.current, instance=standing)
    return {
        "comparison": compare(typed, theirs, entries_since(session, typed.version)),
        "form": PointForm(rebased(typed, theirs), session=conflict.current, instance=standing),
    }

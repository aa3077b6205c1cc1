"""The timer on the stage: one page for each report back, so that all of them stay within their limit (S-106)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assises.accounts import led_elsewhere
from assises.current import current_edition
from program import drafting
from program.enums import PartKind
from program.models import Session, SessionPart


@dataclass(frozen=True)
class Turn:
    """A report in its turn; the hours are those of the plan, where the session has one."""

    part: SessionPart
    starts: dt.time | None
    ends: dt.time | None

    @property
    def seconds(self) -> int:
        return self.part.minutes * 60


def for_composers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For whoever composes the programme; a stranger signs in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        elsewhere = led_elsewhere(request)
        if elsewhere is not None:
            return elsewhere
        if not request.user.has_perm("program.compose_programme"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def turns_of(session: Session) -> list[Turn]:
    """The reports of a session, each with the hour at which the plan lets it begin and end."""
    turns, passed = [], 0
    for part in session.parts.all():
        if part.kind == PartKind.REPORT:
            turns.append(Turn(part, _after(session, passed), _after(session, passed + part.minutes)))
        passed += part.minutes
    return turns


def _after(session: Session, minutes: int) -> dt.time | None:
    if session.starts_at is None:
        return None
    return (dt.datetime.combine(session.day, session.starts_at) + dt.timedelta(minutes=minutes)).time()


@require_safe
@for_composers
def timer(request: HttpRequest, code: str, part: int) -> HttpResponse:
    """What is left of one report, as large as the screen; then the next one."""
    edition = current_edition()
    if edition is None:
        raise Http404
    session = get_object_or_404(drafting.sessions_of(edition), code=code)
    turns = turns_of(session)
    at = next((n for n, turn in enumerate(turns) if turn.part.pk == part), None)
    if at is None:
        raise Http404
    return render(
        request,
        "program/timer.html",
        {
            "session": session,
            "turn": turns[at],
            "turns": turns,
            "number": at + 1,
            "before": turns[at - 1] if at else None,
            "next": turns[at + 1] if at + 1 < len(turns) else None,
            "total": sum(turn.part.minutes for turn in turns),
        },
    )

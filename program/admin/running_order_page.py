"""The running order of a session, with the sum of its minutes and of its reports back (S-106)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import staff
from assises.exceptions import Conflict, Refusal
from program import drafting
from program.admin.common import done, entries_since, page_of_a_session, show_session
from program.enums import PartKind
from program.forms.parts import RunningOrder
from program.models import Session
from program.services import change_session, set_running_order


@dataclass(frozen=True)
class Sums:
    """Minutes of a running order: all, the reports back, and what is allowed."""

    minutes: int
    reports: int
    lasts: int | None
    limit: int | None

    @property
    def over(self) -> int:
        return max(self.minutes - self.lasts, 0) if self.lasts is not None else 0

    @property
    def left(self) -> int:
        return max(self.lasts - self.minutes, 0) if self.lasts is not None else 0

    @property
    def reports_over(self) -> int:
        return max(self.reports - self.limit, 0) if self.limit else 0


def sums_of(session: Session) -> Sums:
    parts = session.parts.all()
    return Sums(
        minutes=sum(p.minutes for p in parts),
        reports=sum(p.minutes for p in parts if p.kind == PartKind.REPORT),
        lasts=session.minutes,
        limit=session.restitution_limit,
    )


def by_the_clock(session: Session) -> list[dict[str, Any]]:
    """The parts with the hour at which each begins, where the session has one."""
    lines, passed = [], 0
    for part in session.parts.all():
        starts = None
        if session.starts_at is not None:
            starts = (
                dt.datetime.combine(session.day, session.starts_at) + dt.timedelta(minutes=passed)
            ).time()
        lines.append({"part": part, "starts": starts, "is_report": part.kind == PartKind.REPORT})
        passed += part.minutes
    return lines


@page_of_a_session("deroule/", name="session_order")
def running_order(request: HttpRequest, session: Session) -> HttpResponse:
    """Rows are added, taken out and moved up and down by buttons; one more button saves them all."""
    order = RunningOrder(request.POST if request.method == "POST" else None, session=session)
    context: dict[str, Any] = {}
    if request.method == "POST":
        if order.rearrange():
            context["not_saved"] = True
        elif order.is_valid():
            try:
                _save(request, session, order)
            except Conflict as conflict:
                context |= _both(session, order, conflict)
                order = context.pop("rebased")
            except Refusal as refused:
                order.order.add_error(None, str(refused))
            else:
                return done(request, _("The running order is saved."), "session_order", session.code)
    return show_session(
        request,
        session,
        "program/back_office/running_order.html",
        "session_order",
        {"order": order, "lines": by_the_clock(session), "sums": sums_of(session), **context},
        status=409 if "theirs" in context else 200,
    )


@transaction.atomic
def _save(request: HttpRequest, session: Session, order: RunningOrder) -> None:
    at, by = clock.now(), staff(request)
    data = order.order.cleaned_data
    current = set_running_order(session, order.values(), version=data["version"], at=at, by=by)
    limit = {"restitution_limit": data["restitution_limit"]}
    change_session(current, limit, version=current.version, at=at, by=by)


def _both(session: Session, typed: RunningOrder, conflict: Conflict) -> dict[str, Any]:
    """Both running orders in words; the rows that were typed are kept, on top of the version that stands."""
    standing = drafting.sessions_of(session.edition).get(pk=conflict.current.pk)
    standing.edition = session.edition
    data = typed.data.copy() if typed.data is not None else None
    assert data is not None
    data["version"] = str(standing.version)
    return {
        "theirs": RunningOrder(session=standing).in_words(),
        "yours": typed.in_words(),
        "entries": entries_since(session, typed.order.cleaned_data["version"]),
        "rebased": RunningOrder(data, session=standing),
    }

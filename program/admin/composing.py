"""The visual timetable: days by rooms. Sessions are moved by mouse, by keys and by a plain form, which all end here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import Task, page, panel, show, staff, working_edition
from assises.enums import AgreementStatus
from assises.exceptions import Conflict, Refusal
from assises.models import Edition
from assises.templatetags.typography import write_date
from program import checks, drafting
from program.admin.common import (
    READ,
    at_version,
    done,
    may_compose,
    no_edition,
    page_of_a_session,
    show_session,
)
from program.checks import Finding
from program.enums import Severity
from program.forms.session import MoveForm, rooms_of
from program.models import Session
from program.services import move_session
from program.templatetags.composing import hours_in_words
from program.timetable import days_of, lay_out
from program.visibility import balance, by_side

#: Minutes to which a moved session snaps.
STEPS = [15, 5]
#: What our script asks for: the part of the page that it draws anew.
PART = "composer"


@dataclass(frozen=True)
class Group:
    """The findings of one severity."""

    severity: Severity
    findings: list[Finding]


def groups_of(findings: list[Finding]) -> list[Group]:
    """All severities, the heaviest first."""
    order = [Severity.BLOCKS, Severity.WARNING, Severity.INFORMATION]
    return [Group(severity, [f for f in findings if f.severity == severity]) for severity in order]


@page(
    "composer/",
    name="compose",
    title=gettext_lazy("Compose the programme"),
    permission=READ,
    task=Task.PROGRAMME,
    order=10,
)
def compose(request: HttpRequest) -> HttpResponse:
    """The programme in progress, with what the checks say of it."""
    edition = working_edition()
    if edition is None:
        return no_edition(request, _("Compose the programme"))
    return _show_timetable(request, edition)


@page_of_a_session("deplacer/", name="session_move")
def move(request: HttpRequest, session: Session) -> HttpResponse:
    """Move a session. A refused move says why and changes nothing; a script gets the timetable as it stands then."""
    edition, is_script = session.edition, request.headers.get("X-Assises-Part") == PART
    form = MoveForm(request.POST if request.method == "POST" else None, session=session)
    if not may_compose(request):
        return show_session(request, session, "program/back_office/move.html", "session_move", {"form": None})
    if not form.is_bound:
        return show_session(request, session, "program/back_office/move.html", "session_move", {"form": form})
    said = ""
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = move_session(
                session,
                day=data["day"],
                starts_at=data["starts_at"],
                room=data["room"],
                minutes=data.get("minutes"),
                version=data["version"],
                at=clock.now(),
                by=staff(request),
            )
        except Conflict as conflict:
            said = _(
                "Somebody else has just changed this session. Nothing was moved: look where it stands now."
            )
            if not is_script:
                form = MoveForm(at_version(request.POST, "version", conflict.current), session=session)
                form.is_valid()
                form.refuse(said)
        except Refusal as refused:
            said = str(refused)
            form.refuse(said)
        else:
            said = _("“%(session)s” is now: %(place)s.") % {"session": moved, "place": place_in_words(moved)}
            if is_script:
                return _show_timetable(request, edition, said=said)
            answer = done(request, said, "compose")
            answer["Location"] += f"?jour={moved.day.isoformat()}#seance-{moved.code}"
            return answer
    if is_script:
        said = said or " ".join(str(e) for errors in form.errors.values() for e in errors)
        return _show_timetable(request, edition, said=said, refused=session.code, status=409)
    return show_session(
        request, session, "program/back_office/move.html", "session_move", {"form": form}, status=409
    )


def place_in_words(session: Session) -> str:
    """Where and when a session stands, in one line."""
    return _("%(day)s, %(hours)s, %(room)s") % {
        "day": write_date(session.day, get_language(), weekday=True),
        "hours": hours_in_words(session),
        "room": session.room or _("no room yet"),
    }


def _show_timetable(
    request: HttpRequest, edition: Edition, *, said: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    sessions = list(drafting.sessions_of(edition))
    kept = [s for s in sessions if s.status != AgreementStatus.ABANDONED]
    findings = checks.find(drafting.load(edition, sessions=kept))
    days = days_of(edition)
    chosen = _chosen_day(request, days, kept)
    step = int(s) if (s := request.GET.get("pas", "")) in map(str, STEPS) else STEPS[0]
    context = {
        "title": _("Compose the programme"),
        "working_edition": edition,
        "timetable": lay_out(
            edition,
            sessions,
            list(rooms_of(edition)),
            findings,
            days=[chosen] if chosen else days,
        ),
        "days": days,
        "chosen": chosen,
        "step": step,
        "steps": STEPS,
        "groups": groups_of(findings),
        "sides": by_side(balance(kept, edition.guest_of_honour)),
        "count": len(findings),
        "may_compose": may_compose(request),
        "said": said,
        "refused": refused,
        "is_empty": not sessions,
    }
    is_part = request.headers.get("X-Assises-Part") == PART
    template = "program/back_office/_composer.html" if is_part else "program/back_office/composer.html"
    return show(request, template, context, status=status)


def _chosen_day(request: HttpRequest, days: list[dt.date], sessions: list[Session]) -> dt.date | None:
    """The day asked for; None for all of them. Without a wish, the first day on which something has its hour."""
    wished = request.GET.get("jour", "")
    if wished == "tous":
        return None
    for day in days:
        if day.isoformat() == wished:
            return day
    timed = {s.day for s in sessions if s.starts_at is not None}
    return next((day for day in days if day in timed), days[0])


@panel("program/back_office/_panel_checks.html", permission=READ, order=30)
def what_the_checks_say(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """How many points of each severity the programme in progress has."""
    draft = drafting.load(edition)
    return {
        "groups": groups_of(checks.find(draft)),
        "sides": by_side(balance(draft.sessions, draft.guest_of_honour)),
        "url": reverse("admin:compose"),
    }

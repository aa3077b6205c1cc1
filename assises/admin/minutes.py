"""The minutes of a meeting: written, sent, answered line by line, frozen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal, minutes
from assises.admin.meetings import READ, WRITE, minutes_of
from assises.admin.minutes_forms import AnswerForm, IntroductionForm, SendForm, typed_with
from assises.admin.minutes_rows import (
    Row,
    badge_of,
    gaps_in_words,
    lines_of,
    progress,
    rows_of,
)
from assises.back_office import action_name, name_actions, page, show, staff
from assises.enums import LineVerdict, MinutesState, Side
from assises.exceptions import Refusal
from assises.minutes.standing import standings
from assises.models import Minutes, MinutesLine, User
from assises.sides import speaks_for
from assises.text import whole_number

name_actions(
    {
        "minutes_written": gettext_lazy("written from the register"),
        "minutes_refreshed": gettext_lazy("wording of the register taken"),
        "minutes_introduced": gettext_lazy("introduction changed"),
        "minutes_reworded": gettext_lazy("line worded anew"),
        "minutes_sent": gettext_lazy("sent to both sides"),
        "minutes_commented": gettext_lazy("commented on"),
        "minutes_lines_accepted": gettext_lazy("lines accepted"),
        "minutes_silent": gettext_lazy("a side keeps silent: it was asked again"),
        "minutes_validated": gettext_lazy("validated by both sides, and frozen"),
        "item_worded_by_minutes": gettext_lazy("worded as in the minutes"),
    }
)


@page(
    "reunions/<slug:code>/releve/<int:number>/",
    name="minutes",
    title=gettext_lazy("Minutes of conclusions"),
    permission=READ,
)
def one(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The minutes; organisers write and send them, each side answers for itself."""
    found = minutes_of(code, number)
    if request.method != "POST":
        return _show(request, found)
    if "answer" in request.POST or "accept_rest" in request.POST:
        return _answer(request, found)
    if not staff(request).has_perm(WRITE):
        raise PermissionDenied
    if "introduce" in request.POST:
        return _introduce(request, found)
    if "send" in request.POST:
        return _send(request, found)
    if "refresh" in request.POST:
        return _refresh(request, found)
    return redirect("admin:minutes", code, number)


# --- What somebody does ------------------------------------------------------------------------------------


def _introduce(request: HttpRequest, found: Minutes) -> HttpResponse:
    form = IntroductionForm(request.POST, minutes=found)
    if form.is_valid():
        data = form.cleaned_data
        try:
            minutes.introduce(
                found,
                introduction_fr=data["introduction_fr"],
                introduction_zh=data["introduction_zh_hans"],
                version=data["version"],
                at=clock.now(),
                by=staff(request),
            )
        except Refusal as refused:
            form.data = typed_with(form.data, version=_found_again(found).version)
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The introduction is saved."))
            return redirect("admin:minutes", found.meeting.code, found.number)
    return _show(request, _found_again(found), introduction=form)


def _send(request: HttpRequest, found: Minutes) -> HttpResponse:
    form = SendForm(request.POST, minutes=found, at=clock.now())
    if form.is_valid():
        data = form.cleaned_data
        try:
            minutes.send(
                found,
                deadline_at=data["deadline_at"],
                silent_days=data["silent_days"],
                version=data["version"],
                at=clock.now(),
                by=staff(request),
            )
        except Refusal as refused:
            form.data = typed_with(form.data, **{"send-version": _found_again(found).version})
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The minutes are sent to both sides for validation."))
            return redirect("admin:minutes", found.meeting.code, found.number)
    return _show(request, _found_again(found), sending=form)


def _refresh(request: HttpRequest, found: Minutes) -> HttpResponse:
    version = whole_number(request.POST.get("version"))
    try:
        minutes.refresh(found, version=version, at=clock.now(), by=staff(request))
        messages.success(request, _("The lines say what the register says now."))
    except Refusal as refused:
        messages.error(request, str(refused))
    return redirect("admin:minutes", found.meeting.code, found.number)


def _answer(request: HttpRequest, found: Minutes) -> HttpResponse:
    """What one side says of the lines; nothing is lost of it if anything is refused."""
    user = staff(request)
    side = _side_of(user)
    if side is None:
        raise PermissionDenied
    lines = lines_of(found)
    data: Any = request.POST
    if "accept_rest" in request.POST:
        data = _rest_accepted(data, lines)
    forms = {x.pk: AnswerForm(data, line=x, side=side) for x in lines}
    sent = {pk: form for pk, form in forms.items() if form.add_prefix("revision") in data}
    # What has changed meanwhile is told first: what was typed may make no sense beside it.
    stale = [x.pk for x in lines if _is_stale(data, x)]
    refused: Refusal | None = minutes.Stale(stale) if stale else None
    if refused is None and all(form.is_valid() for form in sent.values()):
        answers = {pk: answer for pk, form in sent.items() if (answer := form.answer()) is not None}
        try:
            done = minutes.give_verdicts(found, side, answers, at=clock.now(), by=user)
        except Refusal as error:
            refused = error
        else:
            messages.success(request, _thanks(done))
            return redirect("admin:minutes", found.meeting.code, found.number)
    return _show(request, _found_again(found), typed=data, refused=refused)


def _is_stale(data: Any, x: MinutesLine) -> bool:
    """Whether something is said of another wording of this line than the present one."""
    says = data.get(f"l{x.pk}-verdict") or data.get(f"l{x.pk}-comment", "").strip()
    return bool(says) and data.get(f"l{x.pk}-revision") not in (None, str(x.revision))


def _rest_accepted(data: Any, lines: list[MinutesLine]) -> Any:
    """What was typed, with every line accepted on which nothing was said."""
    data = data.copy()
    for x in lines:
        verdict, comment = f"l{x.pk}-verdict", f"l{x.pk}-comment"
        if not data.get(verdict) and not data.get(comment, "").strip():
            data[verdict] = LineVerdict.ACCEPTED.value
    return data


def _thanks(done: Minutes) -> str:
    if done.state == MinutesState.VALIDATED:
        return _("Both sides have accepted every line: the minutes are validated, and frozen.")
    return _("Your verdicts are noted.")


# --- The page ----------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    found: Minutes,
    *,
    introduction: IntroductionForm | None = None,
    sending: SendForm | None = None,
    typed: Any = None,
    refused: Refusal | None = None,
) -> HttpResponse:
    user, at = staff(request), clock.now()
    side = _side_of(user) if found.state == MinutesState.SENT else None
    lines = lines_of(found)
    rows = rows_of(found, lines)
    if side is not None:
        _put_forms(rows, side, typed, refused)
    may_write = user.has_perm(WRITE)
    is_draft = found.state == MinutesState.DRAFT
    writes = may_write and is_draft
    sides = progress(found, standings([found]), at=at)
    context = {
        "title": _("Minutes: %(meeting)s") % {"meeting": found.meeting},
        "minutes": found,
        "meeting": found.meeting,
        "edition": found.meeting.edition,
        "badge": badge_of(found),
        "rows": rows,
        "sides": sides,
        "side": side,
        "own": next((s["standing"] for s in sides if s["standing"].side == side), None),
        "answer_forms": [row.form for row in rows if row.form is not None and row.form.is_bound],
        "refused": refused,
        "may_write": may_write and found.state != MinutesState.VALIDATED,
        "is_draft": is_draft,
        "gaps": gaps_in_words(found, lines) if writes else [],
        "introduction": (introduction or IntroductionForm(minutes=found)) if writes else None,
        "sending": (sending or SendForm(minutes=found, at=at)) if writes else None,
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(found)],
    }
    status = 409 if refused is not None else 200
    return show(request, "assises/back_office/minutes.html", context, status=status)


def _put_forms(rows: list[Row], side: Side, typed: Any, refused: Refusal | None) -> None:
    """Give each line its form; what was typed stays in it, on the wording that stands now."""
    stale: frozenset[int] = getattr(refused, "lines", frozenset())
    for row in rows:
        data = typed
        if row.line.pk in stale:
            row.is_stale = True
            data = typed_with(typed, **{f"l{row.line.pk}-revision": row.line.revision})
        if data is not None and f"l{row.line.pk}-revision" not in data:
            data = None
        row.form = AnswerForm(data, line=row.line, side=side)


def _side_of(user: User) -> Side | None:
    """The side that this account answers for."""
    return next((side for side in Side if speaks_for(user, side)), None)


def _found_again(found: Minutes) -> Minutes:
    return minutes_of(found.meeting.code, found.number)

"""The meetings of both sides, and how far their minutes are."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal, minutes
from assises.admin.minutes_forms import MeetingForm, typed_with
from assises.admin.minutes_rows import badge_of, progress
from assises.back_office import (
    Task,
    action_name,
    name_actions,
    page,
    panel,
    show,
    staff,
    working_edition,
)
from assises.enums import MinutesState, Side
from assises.exceptions import Refusal
from assises.minutes.meetings import add_meeting, change_meeting, mark_of
from assises.minutes.standing import Standing, standings
from assises.models import Edition, Meeting, Minutes

READ, WRITE = "assises.view_minutes", "assises.change_minutes"

name_actions(
    {
        "meeting_added": gettext_lazy("meeting noted"),
        "meeting_changed": gettext_lazy("meeting changed"),
    }
)


@page(
    "reunions/",
    name="meetings",
    title=gettext_lazy("Meetings and minutes"),
    permission=READ,
    task=Task.PREPARATION,
    order=15,
)
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings, the latest first, each with its minutes and what they wait for."""
    edition = working_edition()
    title = _("Meetings and minutes")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    found = list(edition.meetings.annotate(conclusions=Count("items")).prefetch_related("minutes"))
    every = standings([m for meeting in found for m in meeting.minutes.all()])
    return show(
        request,
        "assises/back_office/meetings.html",
        {
            "title": title,
            "rows": [(meeting, _written(meeting.minutes.all(), every)) for meeting in found],
            "may_write": staff(request).has_perm(WRITE),
        },
    )


@page("reunions/ajouter/", name="meeting_add", title=gettext_lazy("Add a meeting"), permission=WRITE)
def add(request: HttpRequest) -> HttpResponse:
    """Note a meeting; its minutes are written from what the register says was raised or settled there."""
    edition = working_edition()
    title = _("Add a meeting")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    form = MeetingForm(request.POST if request.method == "POST" else None, edition=edition)
    if form.is_bound and form.is_valid():
        try:
            meeting = add_meeting(edition, form.values(), at=clock.now(), by=staff(request))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The meeting is noted."))
            return redirect("admin:meeting", meeting.code)
    return show(request, "assises/back_office/meeting_add.html", {"title": title, "form": form})


@page("reunions/<slug:code>/", name="meeting", title=gettext_lazy("Meeting"), permission=READ)
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """One meeting: what is said of it, its minutes, and the next ones."""
    found = meeting_of(code)
    may_write = staff(request).has_perm(WRITE)
    form = MeetingForm(edition=found.edition, meeting=meeting_of(code)) if may_write else None
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if "write" in request.POST:
            return _write(request, found)
        form = MeetingForm(request.POST, edition=found.edition, meeting=meeting_of(code))
        if form.is_valid():
            try:
                change_meeting(
                    found, form.values(), seen=form.cleaned_data["seen"], at=clock.now(), by=staff(request)
                )
            except Refusal as refused:
                # Whoever looks and presses again means the meeting as it stands now.
                form.data = typed_with(form.data, seen=mark_of(meeting_of(code)))
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The meeting is saved."))
                return redirect("admin:meeting", found.code)
    written = list(found.minutes.all())
    return show(
        request,
        "assises/back_office/meeting.html",
        {
            "title": str(found),
            "meeting": found,
            "form": form,
            "may_write": may_write,
            "is_open": all(m.state == MinutesState.VALIDATED for m in written),
            "written": _written(written, standings(written)),
            "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(found)],
        },
    )


@panel("assises/back_office/_panel_minutes.html", permission=READ, order=8)
def minutes_today(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """Minutes that wait for a side, and sides that keep silent; the template shows each reader what is theirs."""
    sent = list(
        Minutes.objects.filter(meeting__edition=edition, state=MinutesState.SENT)
        .select_related("meeting")
        .order_by("deadline_at", "pk")
    )
    found = standings(sent)
    waiting = [(m, standing) for m in sent for standing in found[m.pk]]
    return {
        "of_french": [(m, s) for m, s in waiting if s.side == Side.FRENCH and s.due],
        "of_chinese": [(m, s) for m, s in waiting if s.side == Side.CHINESE and s.due],
        "silent": [(m, s) for m, s in waiting if s.is_silent],
        "commented": [(m, s) for m, s in waiting if s.commented],
        "at": at,
    }


def meeting_of(code: str) -> Meeting:
    """The meeting of the edition that is worked on; 404 for any other."""
    rows = Meeting.objects.select_related("edition", "follows")
    return get_object_or_404(rows, edition=working_edition(), code=code)


def minutes_of(code: str, number: int) -> Minutes:
    """Some minutes of the edition that is worked on; 404 for any other."""
    rows = Minutes.objects.select_related("meeting__edition", "sent_by")
    return get_object_or_404(rows, meeting__edition=working_edition(), meeting__code=code, number=number)


def _write(request: HttpRequest, found: Meeting) -> HttpResponse:
    try:
        written = minutes.write(found, at=clock.now(), by=staff(request))
    except Refusal as refused:
        messages.error(request, str(refused))
        return redirect("admin:meeting", found.code)
    messages.success(request, _("The minutes are written from the register. Read them, then send them."))
    return redirect("admin:minutes", found.code, written.number)


def _written(several: Iterable[Minutes], found: Mapping[int, list[Standing]]) -> list[dict[str, Any]]:
    at = clock.now()
    return [{"minutes": m, "badge": badge_of(m), "sides": progress(m, found, at=at)} for m in several]

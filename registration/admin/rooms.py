"""The rooms for informal meetings, as organisers see them: who has which half-hour, and freeing one."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, show, staff, working_edition
from assises.characters import writable
from assises.models import Edition
from assises.text import whole_number
from registration import meeting_rooms, services
from registration.models import MeetingSlot


class FreeForm(forms.Form):
    """Which half-hour to free, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        validators=[writable],
        required=False,
        help_text=gettext_lazy(
            "Whoever had the half-hour reads it in a letter. For example: the room is closed that day."
        ),
        widget=forms.TextInput(attrs={"size": "60"}),
    )


@page(
    "salons/",
    name="meeting_rooms",
    title=gettext_lazy("Rooms for informal meetings"),
    permission="registration.change_meetingslot",
    task=Task.PLACES,
    order=27,
)
def rooms(request: HttpRequest) -> HttpResponse:
    """The half-hours that are taken; no appointments are kept here."""
    edition = working_edition()
    title = _("Rooms for informal meetings")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    form = FreeForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        _free(request, edition, form.cleaned_data["reason"])
        return redirect("admin:meeting_rooms")
    slots = MeetingSlot.objects.filter(session__edition=edition).select_related(
        "session__room", "registration__booking__organisation"
    )
    return show(
        request,
        "registration/back_office/rooms.html",
        {
            "title": title,
            "form": form,
            "days": meeting_rooms.board(edition, at=clock.now()),
            "slots": slots.order_by("session__day", "starts_at", "session__room__order"),
        },
    )


def _free(request: HttpRequest, edition: Edition, reason: str) -> None:
    slots = MeetingSlot.objects.filter(session__edition=edition).select_related(
        "session__edition", "session__room", "registration__booking"
    )
    slot = slots.filter(pk=whole_number(request.POST.get("free"))).first()
    if slot is None:
        messages.info(request, _("This half-hour is free already."))
        return
    services.free_half_hour(slot, at=clock.now(), by=staff(request), reason=reason)
    messages.success(request, _("The half-hour is free; a letter says so to whoever had it."))

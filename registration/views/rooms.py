"""The rooms for informal meetings: the public board, and the same board for whoever may take a half-hour."""

import datetime as dt
import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assises import clock
from assises.current import current_edition
from assises.exceptions import Refusal
from program.models import Session
from registration import meeting_rooms, services
from registration.enums import SEATED
from registration.models import Registration
from registration.views.own_page import OwnPage, for_its_owner


@cache_control(public=True, max_age=5)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Rooms by half-hours, free or taken: by an organisation, never by a person."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    days = meeting_rooms.board(edition, at=clock.now())
    return render(request, "registration/rooms.html", {"days": days, "most": meeting_rooms.MOST_A_DAY})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def own_rooms(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """The same board with buttons: take a free half-hour, give back one's own."""
    edition, at = registration.edition, clock.now()
    if request.method == "POST":
        try:
            _do(request, registration, at)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(reverse("registration:rooms", args=[page.token]))
    return render(
        request,
        "registration/rooms.html",
        {
            "page": page,
            "registration": registration,
            "may_take": registration.status in SEATED,
            "days": meeting_rooms.board(edition, at=at),
            "most": meeting_rooms.MOST_A_DAY,
        },
    )


def _do(request: HttpRequest, registration: Registration, at: dt.datetime) -> None:
    """What the button says. Refuses what is no half-hour of a room."""
    if "take" in request.POST:
        room, hour = half_hour(request.POST["take"])
        services.take_half_hour(registration, room, hour, at=at)
        messages.success(request, _("The half-hour is yours."))
    else:
        room, hour = half_hour(request.POST.get("give_back", ""))
        services.give_half_hour_back(registration, room, hour, at=at)
        messages.success(request, _("The half-hour is free again. Thank you."))


def half_hour(code: str) -> tuple[Session, dt.time]:
    """The room and the hour that a button sends."""
    found = re.fullmatch(r"([0-9]{1,9})-([01][0-9]|2[0-3])([0-5][0-9])", code)
    room = Session.objects.filter(pk=int(found[1])).first() if found else None
    if found is None or room is None:
        raise Refusal(_("This room is not open at that time."))
    return room, dt.time(int(found[2]), int(found[3]))

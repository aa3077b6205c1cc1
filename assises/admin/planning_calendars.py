"""One's own calendars of the planning: made, opened, revoked."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.admin.planning import frame_of
from assises.back_office import page_of_edition, show, staff
from assises.enums import OwnerSide
from assises.exceptions import Refusal
from assises.models import CalendarFeed, Edition
from assises.planning.feeds import READ, address_of, make_feed, revoke_feed
from assises.planning.reading import plan_of
from assises.text import whole_number


class FeedForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        required=False,
        choices=[
            ("", gettext_lazy("what I and my organisation owe")),
            (OwnerSide.FRENCH, gettext_lazy("all that the French side owes")),
            (OwnerSide.CHINESE, gettext_lazy("all that the Chinese side owes")),
            (OwnerSide.BOTH, gettext_lazy("all of the planning")),
        ],
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)


@page_of_edition("planning/agendas/", name="calendars", title=gettext_lazy("My calendars"), permission=READ)
def calendars(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The calendars of whoever asks, each with its private address."""
    user, at = staff(request), clock.now()
    made = "make" in request.POST
    form = FeedForm(request.POST if made else None, initial={"language": user.language}, use_required_attribute=False)  # fmt: skip
    try:
        if made and form.is_valid():
            make_feed(user, edition, at=at, **form.cleaned_data)
            messages.success(request, _("The calendar is made: its address stands below."))
            return redirect("admin:calendars")
        if "revoke" in request.POST:
            if not revoke_feed(user, whole_number(request.POST["revoke"]), at=at):
                raise Refusal(_("There is no such calendar of yours."))
            messages.success(request, _("The address is revoked: nobody reads anything there any more."))
            return redirect("admin:calendars")
    except Refusal as refused:
        messages.error(request, str(refused))
    feeds: list[Any] = list(CalendarFeed.objects.alive().filter(user=user, edition=edition))
    for feed in feeds:
        feed.address = address_of(feed)
    frame = frame_of(request, edition, plan_of(edition), "calendars", None)
    context = {**frame, "title": _("My calendars"), "feeds": feeds, "form": form}
    return show(request, "assises/back_office/calendars.html", context)

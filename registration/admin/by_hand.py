"""Register somebody by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, show, staff, working_edition
from assises.exceptions import Refusal
from assises.models import Organisation
from registration import services
from registration.enums import Status
from registration.forms.by_hand import ByHandForm
from registration.models import Booking


@page(
    "inscrire/",
    name="register_by_hand",
    title=gettext_lazy("Register somebody"),
    permission="registration.add_registration",
    task=Task.REGISTRATIONS,
    order=20,
)
def register_by_hand(request: HttpRequest) -> HttpResponse:
    """One authority, one to six people: the same service, the same refusals as for everybody."""
    edition = working_edition()
    title = _("Register somebody")
    if edition is None or not edition.categories.exists():
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    form = ByHandForm(request.POST or None, edition=edition)
    if form.is_bound and form.is_valid():
        try:
            booking = services.register(form.request(by=staff(request)), at=clock.now())
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            _tell(request, booking)
            return redirect("admin:registration_booking_change", booking.pk)
    return show(
        request,
        "registration/back_office/by_hand.html",
        {"title": title, "form": form, "organisations": Organisation.objects.french().of_today()},
    )


def _tell(request: HttpRequest, booking: Booking) -> None:
    """Who has a place and who waits, in a message each: staff answer on the telephone."""
    for registration in booking.registrations.select_related("place").order_by("pk"):
        name = registration.full_name
        match registration.status:
            case Status.DUPLICATE:
                messages.warning(
                    request,
                    _("%(name)s is registered already; a letter says so to that person.") % {"name": name},
                )
            case Status.WAITING:
                messages.warning(
                    request,
                    _("%(name)s is on the waiting list, rank %(rank)d.")
                    % {"name": name, "rank": registration.rank_at_entry or 0},
                )
            case Status.CONFIRMED:
                messages.success(request, _("%(name)s has a confirmed place.") % {"name": name})
            case _:
                messages.success(
                    request,
                    _("A place is held for %(name)s, until the address is confirmed.") % {"name": name},
                )

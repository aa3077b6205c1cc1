"""Pages that explain, and the public counter."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assises import clock
from assises.abuse import address_of, allow
from assises.current import current_edition
from program.services import send_links_again
from registration import services
from registration.forms import InvitationLetterForm, NewLinkForm
from registration.models import InvitationLetterRequest
from registration.summary import summary

HOUR = 3600


@require_safe
def places(request: HttpRequest) -> JsonResponse:
    """The public counter for machines, and for a page that stays open. Right within seconds."""
    edition = current_edition()
    if edition is None:
        return JsonResponse({"capacity": 0, "left": 0, "waiting": 0}, status=404)
    numbers = summary(edition, at=clock.now())
    return JsonResponse(
        {
            "capacity": numbers.capacity,
            "left": numbers.left,
            "seated": numbers.seated,
            "confirmed": numbers.confirmed,
            "held": numbers.held,
            "offered": numbers.offered,
            "waiting": numbers.waiting,
        },
        headers={"Cache-Control": "public, max-age=2"},
    )


@require_safe
def chinese_delegation(request: HttpRequest) -> HttpResponse:
    """Members of Chinese delegations are sent to the APCAE, in Chinese first (S-071)."""
    return render(request, "registration/chinese_delegation.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_letter(request: HttpRequest) -> HttpResponse:
    """What to answer a partner who asks for an invitation letter; and the request is counted (S-072)."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    form = InvitationLetterForm(request.POST if request.method == "POST" else None, edition=edition)
    if request.method == "POST":
        allowed = allow("letter", address_of(request), limit=settings.ABUSE_POSTS_PER_HOUR, seconds=HOUR)
        if not allowed:
            form.is_valid()
            form.add_error(
                None, _("Too many requests came from here within the hour. Wait an hour, or call us.")
            )
        elif form.is_valid() and not form.cleaned_data["website"]:
            data = form.cleaned_data
            InvitationLetterRequest.objects.create(
                edition=edition,
                at=clock.now(),
                organisation_name=data["organisation_name"],
                partner=form.partners.get(data["partner"]),
                partner_name=data["partner_name"],
                people=data["people"],
            )
            messages.success(request, _("Thank you: the APCAE will see that this request was made."))
            return redirect("registration:invitation_letter")
    return render(request, "registration/invitation_letter.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Send the link to one's own page again; the answer is the same whether the address is known or not."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    form = NewLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if allow("link", address_of(request), limit=settings.ABUSE_POSTS_PER_HOUR, seconds=HOUR):
            services.send_link(edition, address, at=clock.now())
            send_links_again(edition, address, at=clock.now())
            messages.success(
                request,
                _("If %(address)s is known to us, a letter with the link is on its way to it.")
                % {"address": address},
            )
            return redirect("registration:new_link")
        form.add_error(None, _("Too many requests came from here within the hour. Wait an hour, or call us."))
    return render(request, "registration/new_link.html", {"form": form})

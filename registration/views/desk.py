"""The desk at the entrance: a page for phones, which works without JavaScript too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assises import clock
from assises.accounts import led_elsewhere
from assises.current import current_edition
from assises.exceptions import Refusal
from assises.models import Edition, Organisation, User
from registration import guests, services
from registration.enums import Status
from registration.forms.walk_in import WalkInForm
from registration.models import Registration

View = Callable[..., HttpResponseBase]
DECODER = "qr/decode.js"


def for_the_desk(view: View) -> View:
    """For staff who may check people in. Scripts are told why not, and that a phone must forget its list."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        elsewhere = led_elsewhere(request, otherwise=reverse("desk:desk"))
        if elsewhere is not None:
            if wants_json(request):
                return JsonResponse({"refused": "login", "error": _("Sign in again.")}, status=401)
            return elsewhere
        if not request.user.has_perm("registration.check_in"):
            if wants_json(request):
                return JsonResponse(
                    {"refused": "permission", "error": _("This account may not check people in.")}, status=403
                )
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def member_of_staff(request: HttpRequest) -> User:
    """Who is at the desk, behind ``for_the_desk``."""
    assert isinstance(request.user, User)
    return request.user


def wants_json(request: HttpRequest) -> bool:
    return request.path.endswith(".json") or request.headers.get("Accept") == "application/json"


@require_safe
@for_the_desk
def desk(request: HttpRequest) -> HttpResponse:
    """Scan, search, greet; and the counters."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    at = clock.now()
    typed = request.GET.get("q", "").strip()[:200]
    person = request.GET.get("personne", "")
    found = guests.search(edition, typed, at=at) if typed else []
    if person.isdecimal():
        found = guests.guests(edition, at=at, only=[int(person)])
    counts = guests.counts(edition)
    return render(
        request,
        "registration/desk/desk.html",
        {
            "q": typed,
            "person": person if found else "",
            "searched": bool(typed or person),
            "found": found,
            "counts": counts,
            "expected": sum(c.expected for c in counts),
            "arrived": sum(c.arrived for c in counts),
            "statuses": [status for status in Status if status != Status.DUPLICATE],
            "decoder": decoder_url(),
            "walk_in_done": "inscrit" in request.GET,
        },
    )


def decoder_url() -> str:
    """Where browsers find the QR decoder; empty where the package ``qr`` is not installed."""
    if not (finders.find(DECODER) or (settings.STATIC_ROOT and staticfiles_storage.exists(DECODER))):
        return ""
    return str(staticfiles_storage.url(DECODER))


@require_POST
@for_the_desk
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """Check somebody in from the page without JavaScript."""
    registration = _registration(pk)
    try:
        first = services.check_in(registration, at=clock.now(), by=member_of_staff(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _back_to(registration)
    if first:
        messages.success(request, _("%(name)s is checked in.") % {"name": registration.full_name})
    else:
        messages.warning(
            request,
            _("%(name)s was here already: this badge has been used twice. Compare the name with the person.")
            % {"name": registration.full_name},
        )
    return _back_to(registration)


@require_POST
@for_the_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a check-in back."""
    registration = _registration(pk)
    try:
        services.undo_check_in(registration, at=clock.now(), by=member_of_staff(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The check-in of %(name)s is undone.") % {"name": registration.full_name})
    return _back_to(registration)


@require_POST
@for_the_desk
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a free place to somebody on the waiting list who stands here."""
    registration = _registration(pk)
    at = clock.now()
    try:
        services.admit(registration, at=at, by=member_of_staff(request))
    except Refusal as refusal:
        if wants_json(request):
            return JsonResponse({"error": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return _back_to(registration)
    if wants_json(request):
        [guest] = guests.guests(registration.edition, at=at, only=[pk])
        return JsonResponse({"guest": guest.as_json()})
    messages.success(request, _("%(name)s has a place now.") % {"name": registration.full_name})
    return _back_to(registration)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def walk_in(request: HttpRequest) -> HttpResponse:
    """Somebody came without a registration: onto the waiting list, by the rules."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    form = WalkInForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        if form.registered:
            messages.warning(request, _("This address is registered already. Here is that registration."))
            return _back_to(form.registered, inscrit=1)
        try:
            booking = services.register(form.request(by=member_of_staff(request)), at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            registration = booking.registrations.get()
            messages.success(
                request, _("%(name)s is on the waiting list.") % {"name": registration.full_name}
            )
            return _back_to(registration, inscrit=1)
    authorities = (
        Organisation.objects.french().of_today().order_by("sort_key").values_list("name_fr", flat=True)
    )
    return render(request, "registration/desk/walk_in.html", {"form": form, "authorities": authorities})


def _registration(pk: int) -> Registration:
    edition: Edition | None = current_edition()
    rows = Registration.objects.listed().filter(edition=edition).select_related("edition")
    return get_object_or_404(rows, pk=pk)


def _back_to(registration: Registration, **more: int) -> HttpResponse:
    return redirect(f"{reverse('desk:desk')}?{urlencode({'personne': registration.pk, **more})}")

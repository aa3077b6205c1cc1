"""The page of a person, or of a whole request, behind a signed link."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assises import clock
from assises.abuse import allow
from assises.current import current_edition
from assises.exceptions import Refusal
from assises.signed_links import Link
from registration import links, queue, services
from registration.enums import LIVE, SEATED, Status
from registration.forms import CancelForm, ChangeForm, ReplaceForm
from registration.meeting_rooms import open_rooms
from registration.models import Booking, Registration
from registration.rules import rules_of
from registration.standing import own_sessions

DAY = 24 * 3600


@dataclass
class OwnPage:
    """What a link shows and lets one do."""

    token: str
    link: Link
    booking: Booking
    #: Everybody of the request whom this link may see, the contact person first.
    registrations: list[Registration]
    #: The person of the link; None where a contact person registered only others.
    registration: Registration | None

    @property
    def may_act(self) -> bool:
        """Whoever just typed an address has not shown that it is theirs; the link in the letter does."""
        return self.link.kind != "screen"

    @property
    def state(self) -> Status:
        """The state of the person, or of the first one of the request."""
        return (self.registration or self.registrations[0]).public_status

    @property
    def awaited(self) -> list[Registration]:
        """Whom the button confirms; a duplicate too, as far as the screen tells."""
        return [r for r in self.registrations if r.public_status in (Status.HELD, Status.OFFERED)]

    @property
    def own_state_awaited(self) -> bool:
        return self.registration is None or self.registration in self.awaited

    @property
    def manages_others(self) -> bool:
        return self.link.kind == "booking" and bool(self.colleagues)

    @property
    def colleagues(self) -> list[Registration]:
        return [r for r in self.registrations if r is not self.registration]


def find(token: str) -> OwnPage:
    """What stands behind the token, in one query; 404 for one that was not signed here or is outdated."""
    link = links.read(token)
    if link is None:
        raise Http404(_("This link is not complete. Copy it whole from the letter, or ask for a new one."))
    wanted = {"pk": link.pk} if link.kind == "person" else {"booking_id": link.pk}
    found = list(
        Registration.objects.filter(**wanted)
        .select_related("booking__organisation", "category", "chinese_partner")
        .order_by("-is_contact", "pk")
    )
    if not found or link.version != (
        found[0].code if link.kind == "person" else links.version_of(found[0].booking)
    ):
        raise Http404(_("This link is no longer in use. Ask for a new one."))
    edition = current_edition()
    for registration in found:
        if edition is not None and registration.edition_id == edition.pk:
            registration.edition = edition
    single = found[0] if link.kind == "person" or found[0].is_contact else None
    if single is None and len(found) == 1 and link.kind == "screen":
        single = found[0]
    return OwnPage(token, link, found[0].booking, found, single)


View = Callable[..., HttpResponse]


def for_its_owner(view: View) -> View:
    """Let in only who came by the link of a letter, with a person to act on; others see the page itself."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        page = find(token)
        if not page.may_act or page.registration is None:
            messages.error(
                request, _("Use the link in the letter that we sent: it shows that the address is yours.")
            )
            return redirect(links.own_page(token))
        return view(request, page, page.registration)

    return wrapped


@never_cache
@require_safe
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    """State, rank, deadline, and what one can do. It never stands in a search engine."""
    page = find(token)
    at = clock.now()
    edition = page.registrations[0].edition
    waiting = [r for r in page.registrations if r.public_status == Status.WAITING]
    who = page.registration if page.may_act else None
    rules = rules_of(edition, at)
    response = render(
        request,
        "registration/own_page.html",
        {
            "page": page,
            "edition": edition,
            "reasons": queue.explain(edition, waiting, at=at) if waiting and page.may_act else {},
            "registration": page.registration,
            "ranks": {r.pk: services.rank(r, at=at) for r in waiting},
            "rules": rules,
            "own": own_sessions(who) if who is not None and who.status in LIVE else None,
            "has_rooms": who is not None and who.status in SEATED and bool(open_rooms(edition)),
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button: confirms the address, and every held or offered place of the link."""
    page = find(token)
    if not page.may_act:
        messages.error(
            request, _("Use the link in the letter that we sent: it shows that the address is yours.")
        )
        return redirect(links.own_page(token))
    try:
        confirmed = services.confirm(
            page.registrations, at=clock.now(), proves_contact=page.link.kind == "booking"
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if confirmed:
            messages.success(request, _("Thank you. It is confirmed; a letter says so."))
        else:
            messages.info(request, _("Thank you: your address is confirmed."))
    return redirect(links.own_page(token))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def change(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """Put right, complete or take back what was told."""
    edition, at = registration.edition, clock.now()
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        edition=edition,
        registration=registration,
        may_choose=not rules_of(edition, at).choices_closed,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                registration,
                details=form.details,
                sessions=form.chosen_sessions if form.may_choose else None,
                meanwhile=form.meanwhile if form.may_choose else None,
                wishes=form.wishes if form.may_choose and form.wish_fields else None,
                needs=form.needs,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your changes are kept."))
            return redirect(links.own_page(page.token))
    return render(
        request, "registration/change.html", {"page": page, "registration": registration, "form": form}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def replace(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """Let a colleague take over the place or the rank."""
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        allowed = allow("replace", str(registration.pk), limit=5, seconds=DAY)
        try:
            if not allowed:
                raise Refusal(_("That was tried often today. Wait a day, or call us."))
            services.replace(registration, person=form.cleaned_data, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("A letter is on its way to %(address)s; your own link no longer works.")
                % {"address": form.cleaned_data["email"]},
            )
            return redirect("home")
    return render(
        request, "registration/replace.html", {"page": page, "registration": registration, "form": form}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def cancel(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """Ask once, then cancel; the place passes on."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(registration, at=clock.now(), reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("The registration is cancelled. Thank you for giving the place back.")
            )
        return redirect(links.own_page(page.token))
    return render(
        request, "registration/cancel.html", {"page": page, "registration": registration, "form": form}
    )


@require_POST
def separate(request: HttpRequest, token: str) -> HttpResponse:
    """A group that waited together waits one by one from now on."""
    page = find(token)
    if page.link.kind == "booking":
        services.separate(page.booking, at=clock.now())
        messages.success(request, _("From now on each of you gets a place as soon as there is one."))
    return redirect(links.own_page(token))


@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """Send the link again to the address that was typed."""
    page = find(token)
    services.send_link(page.registrations[0].edition, page.booking.email, at=clock.now())
    messages.success(request, _("If the letter did not come, another one is on its way to the same address."))
    return redirect(links.own_page(token))


@never_cache
@require_safe
@for_its_owner
def confirmation(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """The confirmation with its QR code, as a PDF."""
    from registration.documents import confirmation_pdf

    if registration.status not in (Status.CONFIRMED, Status.CHECKED_IN):
        raise Http404
    pdf = confirmation_pdf(registration, language=get_language() or "fr")
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="assises-{registration.code}.pdf"'},
    )


@never_cache
@require_safe
@for_its_owner
def calendar(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """The days of the Assises and the sessions chosen, for one's own calendar."""
    from registration.calendars import calendar_file

    if registration.status not in SEATED:
        raise Http404
    return HttpResponse(
        calendar_file(registration, language=get_language() or "fr"),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="assises-{registration.edition.code}.ics"'},
    )


@never_cache
@require_safe
@for_its_owner
def data(request: HttpRequest, page: OwnPage, registration: Registration) -> HttpResponse:
    """All we hold about the person, for the person (RGPD art. 15)."""
    response = JsonResponse(
        services.personal_data(registration), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = f'attachment; filename="assises-{registration.code}.json"'
    return response

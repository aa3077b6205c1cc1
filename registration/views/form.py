"""The public form."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from assises import clock
from assises.abuse import address_of, allow
from assises.current import current_edition
from assises.exceptions import Refusal
from assises.forms.robots import new_form_key
from assises.memory import remember
from assises.models import Edition
from registration import links, services
from registration.forms import BookingForm
from registration.rules import rules_of
from registration.summary import Summary, summary

HOUR = 3600
TOO_MUCH = gettext_noop(
    "Too many requests came from here within the hour. Wait an hour, or call us: what you typed is still here."
)
#: Stand in a rendered form for what is each visitor's own.
CSRF_MARK, KEY_MARK = "csrf-mark-Xq7", "key-mark-Xq7"
FORM_SECONDS = 2


# Not "no-store": whoever comes back by the back button finds the form as it was filled in.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form of a town hall; sent well, it leads to the page of the request."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    at = clock.now()
    numbers = summary(edition, at=at)
    if not rules_of(edition, at).is_open:
        return _page(request, edition, numbers, None)
    if request.method != "POST":
        return _empty_form(request, edition, numbers)
    form = BookingForm(request.POST, edition=edition, summary=numbers)
    refusal = _too_much(request)
    if refusal:
        form.is_valid()
        form.add_error(None, refusal)
        return _page(request, edition, numbers, form, status=429)
    valid = form.is_valid()
    if form.is_chinese:
        return _send_to_apcae(request, form)
    if valid and not form.comes_from_robot():
        refusal = _too_many_people(request, form)
        if refusal:
            form.add_error(None, refusal)
            return _page(request, edition, numbers, form, status=429)
        try:
            booking = services.register(form.request(), at=at)
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(links.own_page(links.screen_token(booking)))
    return _page(request, edition, numbers, form)


def _empty_form(request: HttpRequest, edition: Edition, numbers: Summary) -> HttpResponse:
    """The form as everybody gets it first, drawn once in two seconds.

    What is each visitor's own (CSRF token, key of the form) is put into marked places.
    """

    def draw() -> str:
        form = BookingForm(edition=edition, summary=numbers, initial={"form_key": KEY_MARK})
        # Everybody gets this page: nothing of the visitor who happened to come first may stand in it.
        context = {**_context(edition, numbers, form), "csrf_token": CSRF_MARK, "messages": (), "user": None}
        return render_to_string("registration/register.html", context, request)

    # A query string stands in the links of the page: such a page is nobody else's.
    name = f"registration:form:{edition.pk}:{get_language()}"
    page = draw() if request.GET else remember(name, FORM_SECONDS, draw)
    return HttpResponse(page.replace(CSRF_MARK, get_token(request)).replace(KEY_MARK, new_form_key()))


def _page(
    request: HttpRequest, edition: Edition, numbers: Summary, form: BookingForm | None, status: int = 200
) -> HttpResponse:
    return render(request, "registration/register.html", _context(edition, numbers, form), status=status)


def _context(edition: Edition, numbers: Summary, form: BookingForm | None) -> dict[str, object]:
    return {
        "form": form,
        "registration_summary": numbers,
        "rules": rules_of(edition, numbers.at),
        "edition": edition,
    }


def _send_to_apcae(request: HttpRequest, form: BookingForm) -> HttpResponse:
    """A Chinese delegation is told where to register; whoever is French after all goes on with one button."""
    if not form.may_be_french:
        return redirect("registration:chinese_delegation")
    left_out = ("csrfmiddlewaretoken", "organisation_pick")
    typed = [(name, v) for name, values in request.POST.lists() for v in values if name not in left_out]
    return render(request, "registration/chinese_delegation.html", {"typed": typed})


def _too_much(request: HttpRequest) -> str:
    """Why this address may not send a form now; empty if it may."""
    if allow("register", address_of(request), limit=settings.ABUSE_POSTS_PER_HOUR, seconds=HOUR):
        return ""
    return _(TOO_MUCH)


def _too_many_people(request: HttpRequest, form: BookingForm) -> str:
    """Why this address may not register so many people now; only what is otherwise right counts."""
    people = len(form.coming()) + (not form.cleaned_data["contact_only"])
    limit = settings.ABUSE_PEOPLE_PER_HOUR
    if allow("people", address_of(request), limit=limit, seconds=HOUR, cost=people):
        return ""
    return _(TOO_MUCH)

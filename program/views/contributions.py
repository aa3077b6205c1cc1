"""The call for contributions, and the page of a contribution behind its proposer's link."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assises import clock
from assises.abuse import address_of, allow
from assises.accounts import led_elsewhere
from assises.current import current_edition
from assises.exceptions import Refusal
from assises.forms.robots import new_form_key
from assises.models import Edition, User
from assises.signed_links import Link
from program import links, services
from program.call import Call, call_of
from program.counterparts import Suggestions, suggest
from program.enums import RETAINED, ContributionState
from program.forms.proposal import ProposalForm
from program.forms.revision import RevisionForm
from program.models import Contribution
from program.services.contributions import REVISABLE, may_enter

HOUR = 3600


# Not "no-store": whoever comes back by the back button finds the form as it was filled in.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """What the call is about, and its form; sent well, it leads to the page of the contribution."""
    edition = current_edition()
    if edition is None:
        return render(request, "assises/no_edition.html")
    at = clock.now()
    now = call_of(edition, at)
    address = reverse("contributions:organisations")
    if request.method != "POST":
        form = ProposalForm(edition=edition, organisations=address, initial={"form_key": new_form_key()})
        return _call_page(request, edition, now, form)
    # Somebody whose form stayed open past the closing still gets a sentence, with all that was typed.
    form = ProposalForm(request.POST, edition=edition, organisations=address)
    valid = form.is_valid()
    organiser = _organiser(request)
    if organiser is None and not allow(
        "contribution", address_of(request), limit=settings.ABUSE_POSTS_PER_HOUR, seconds=HOUR
    ):
        form.add_error(None, _("Too many requests came from here within the hour. Wait an hour, or call us."))
        return _call_page(request, edition, now, form, status=429)
    if valid and not form.comes_from_robot():
        try:
            row = services.propose(form.proposal(), at=at, by=organiser)
        except services.SentAlready as sent:
            form.add_error(None, str(sent))
            form.take_new_key()
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            if organiser:
                return redirect("admin:program_contribution_change", row.pk)
            return redirect(links.own_page(links.screen_token(row)))
    return _call_page(request, edition, now, form)


def _organiser(request: HttpRequest) -> User | None:
    """The organiser who reads this page from the back office, to enter what came by letter or by telephone."""
    user = request.user
    if not isinstance(user, User) or not may_enter(user) or led_elsewhere(request) is not None:
        return None
    return user


def _call_page(
    request: HttpRequest, edition: Edition, now: Call, form: ProposalForm, status: int = 200
) -> HttpResponse:
    organiser = _organiser(request)
    suggestions: Suggestions | None = None
    theme = form.themes.get(form.data.get("theme", "")) if form.is_bound else None
    if theme is not None and form.own_side:
        suggestions = suggest(organisation=form.found, side=form.own_side, theme=theme)
    return render(
        request,
        "program/contributions/call.html",
        {
            "edition": edition,
            "call": now,
            "form": form if now.is_open or form.is_bound or organiser else None,
            "organiser": organiser,
            "suggestions": suggestions,
        },
        status=status,
    )


# --- The page of a contribution --------------------------------------------------------------------------


@dataclass
class OwnPage:
    """What a link shows and lets one do."""

    token: str
    link: Link
    contribution: Contribution

    @property
    def may_act(self) -> bool:
        """Whoever just typed an address has not shown that it is theirs; the link in the letter does."""
        return self.link.kind == "proposer"

    @property
    def may_revise(self) -> bool:
        return self.may_act and self.contribution.state in REVISABLE

    @property
    def may_withdraw(self) -> bool:
        gone = (ContributionState.DECLINED, ContributionState.WITHDRAWN)
        return self.may_act and self.contribution.state not in gone


def find(token: str, *kinds: str) -> tuple[Link, Contribution]:
    """What stands behind a link of one of these kinds, in one query; 404 for any other, and for an outdated one."""
    link = links.read(token)
    if link is None or link.kind not in kinds:
        raise Http404(_("This link is not complete. Copy it whole from the letter."))
    rows = Contribution.objects.select_related(
        "edition", "theme", "organisation", "counterpart", "session", "speaker__organisation"
    )
    row = rows.filter(pk=link.pk).first()
    if row is None or not links.is_alive(link, row):
        raise Http404(_("This link is no longer in use: another one was sent since, to another address."))
    edition = current_edition()
    if edition is not None and edition.pk == row.edition_id:
        row.edition = edition
    return link, row


View = Callable[..., HttpResponse]


def for_its_owner(view: View) -> View:
    """Let in only who came by the link of a letter; others see the page itself."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        page = OwnPage(token, *find(token, "screen", "proposer"))
        if not page.may_act:
            messages.error(
                request, _("Use the link in the letter that we sent: it shows that the address is yours.")
            )
            return redirect(links.own_page(token))
        return view(request, page)

    return wrapped


@never_cache
@require_safe
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt, where it stands, what one can do. It never stands in a search engine."""
    page = OwnPage(token, *find(token, "screen", "proposer"))
    row = page.contribution
    suggestions = None
    if row.is_looking and row.state in (*REVISABLE, *RETAINED):
        suggestions = suggest(organisation=row.organisation, side=row.side, theme=row.theme, without=row)
    return _unlisted(
        render(
            request,
            "program/contributions/own_page.html",
            {"page": page, "contribution": row, "edition": row.edition, "suggestions": suggestions},
        )
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def revise(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Change what was proposed. Of two people with the link, the second sees both versions before anything is saved."""
    row = page.contribution
    if not page.may_revise:
        messages.info(
            request,
            _("This contribution is “%(state)s”: it cannot be changed here any more.")
            % {"state": row.get_state_display()},
        )
        return redirect(links.own_page(page.token))
    form = RevisionForm(
        request.POST if request.method == "POST" else None,
        contribution=row,
        organisations=reverse("contributions:organisations"),
    )
    stands: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            services.revise(row, form.practice(), version=form.cleaned_data["version"], at=clock.now())
        except services.ChangedMeanwhile as changed:
            stands = form.show_version(changed.current)
            form.add_error(None, str(changed))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your changes are kept, and the organisers see them."))
            return redirect(links.own_page(page.token))
    return _unlisted(
        render(
            request,
            "program/contributions/revise.html",
            {"page": page, "contribution": row, "edition": row.edition, "form": form, "stands": stands},
        )
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def withdraw(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Take the contribution back, after one question."""
    row = page.contribution
    if request.method == "POST":
        try:
            services.withdraw(row, at=clock.now())
        except Refusal as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Your contribution is withdrawn; a letter confirms it."))
        return redirect(links.own_page(page.token))
    if not page.may_withdraw:
        return redirect(links.own_page(page.token))
    return _unlisted(
        render(
            request,
            "program/contributions/withdraw.html",
            {"page": page, "contribution": row, "edition": row.edition},
        )
    )


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    return response

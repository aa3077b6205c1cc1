"""A pair begins its application, and writes in it step by step."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from assises import clock
from assises.abuse import address_of, allow
from assises.current import current_edition
from assises.enums import Side
from assises.exceptions import Conflict, Refusal
from assises.forms.robots import new_form_key
from awards import links, services
from awards.deadlines import closing_of, is_open, why_not
from awards.enums import Phase, Step
from awards.forms.pair import BeginForm, PairForm, initial_of_pair
from awards.forms.people import LostLinkForm
from awards.forms.project import ProjectForm, RightsForm, initial_of_rights
from awards.forms.step import StepForm
from awards.models import Application, Call, Result
from awards.reading import call_of
from awards.services.applications.writing import seen_of_pair, seen_of_project, seen_of_rights
from awards.views.own import OwnPage, for_the_pair, show, while_open

HOUR = 3600
F = TypeVar("F", bound=StepForm)


# Not "no-store": whoever comes back by the back button finds the form as it was filled in.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Who applies with whom; sent well, it leads to the page of the application, and its link comes by letter."""
    call = _call()
    if request.method != "POST":
        form = BeginForm(call=call, organisations=_organisations(), initial={"form_key": new_form_key()})
        return _begin_page(request, call, form)
    form = BeginForm(request.POST, call=call, organisations=_organisations())
    valid = form.is_valid()
    if not _allow(request, "application"):
        form.add_error(None, _("Too many requests came from here within the hour. Wait an hour, or call us."))
        return _begin_page(request, call, form, status=429)
    if valid and not form.comes_from_robot():
        try:
            _row, editor = services.begin(
                call,
                form.pair(),
                form.person(),
                original=get_language() or "fr",
                key=form.cleaned_data["form_key"],
                at=clock.now(),
            )
        except services.SentAlready as sent:
            form.add_error(None, str(sent))
            form.take_new_key()
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Your application is begun. Its link is on its way to you by letter.")
            )
            return redirect(links.own_page(links.token_of(editor)))
    return _begin_page(request, call, form)


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Sends the links of an address again. It never tells whether there are any."""
    call = _call()
    form = LostLinkForm(
        request.POST if request.method == "POST" else None, initial={"form_key": new_form_key()}
    )
    form.fields["email"].help_text = ""
    if request.method == "POST" and form.is_valid() and not form.comes_from_robot():
        email = form.cleaned_data["email"]
        if _allow(request, "link") and allow("link-to", email.lower(), limit=3, seconds=HOUR):
            services.send_links(call, email, at=clock.now())
        messages.success(
            request, _("If this address writes in an application, its link is on its way there by letter.")
        )
        return redirect("awards:award")
    return render(
        request, "awards/application/lost_link.html", {"form": form, "call": call, "edition": call.edition}
    )


@require_http_methods(["GET", "HEAD"])
@for_the_pair
def own_page(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Where the application stands, what it lacks, what one can do now."""
    row = page.row
    return show(
        request,
        page,
        "own_page.html",
        steps=page.steps if row.is_writable else [],
        why_not="" if page.is_open or not row.is_writable else why_not(row.call, page.ends_at, page.at),
        may_take_back=row.state == "submitted" and row.round == 1 and is_open(row.call, page.at),
        reasons=row.reason_of(Side.CHINESE if get_language() == "zh-hans" else Side.FRENCH),
        people=list(row.editors.all()),
        is_published=row.call.phase == Phase.PUBLISHED,
        results=Result.objects.published().filter(application=row).select_related("category"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def pair(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """The pair and the category."""

    def form(data: Any, row: Application, seen: str) -> PairForm:
        return PairForm(data, row=row, seen=seen, organisations=_organisations())

    def keep(form: PairForm, seen: str) -> None:
        services.write_pair(page.row, form.pair(), seen=seen, at=page.at, by=page.editor)

    return _step(request, page, Step.PAIR, form, keep, seen_of_pair, initial_of_pair)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def project(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Title, summary, the four words."""

    def form(data: Any, row: Application, seen: str) -> ProjectForm:
        return ProjectForm(data, row=row, seen=seen)

    def keep(form: ProjectForm, seen: str) -> None:
        services.write_project(page.row, form.texts(), seen=seen, at=page.at, by=page.editor)

    return _step(request, page, Step.PROJECT, form, keep, seen_of_project, Application.original_texts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def rights(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """What the pair says of the rights of people and of music."""

    def form(data: Any, row: Application, seen: str) -> RightsForm:
        return RightsForm(data, row=row, seen=seen)

    def keep(form: RightsForm, seen: str) -> None:
        data = form.cleaned_data
        services.write_rights(
            page.row,
            people_agree=data["people_agree"],
            music=data["music"],
            rights_note=data["rights_note"],
            seen=seen,
            at=page.at,
            by=page.editor,
        )

    return _step(request, page, Step.RIGHTS, form, keep, seen_of_rights, initial_of_rights)


def _step(
    request: HttpRequest,
    page: OwnPage,
    step: Step,
    make: Callable[[Any, Application, str], F],
    keep: Callable[[F, str], None],
    seen_of: Callable[[Application], str],
    initial_of: Callable[[Application], Mapping[str, Any]],
) -> HttpResponse:
    """One step: shown, saved, shown again with what somebody else has saved meanwhile."""
    bound = request.method == "POST"
    form = make(request.POST if bound else None, page.row, seen_of(page.row))
    stands: list[tuple[str, str]] = []
    if bound and form.is_valid():
        try:
            keep(form, form.cleaned_data["seen"])
        except Conflict as changed:
            stands = form.show_what_stands(initial_of(changed.current), seen_of(changed.current))
            form.add_error(None, str(changed))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("This step is saved."))
            return redirect(next_step(page, step) if "next" in request.POST else page.address)
    return show(request, page, f"{step.name.lower()}.html", step=step, form=form, stands=stands)


def next_step(page: OwnPage, step: Step) -> str:
    steps = list(Step)
    return page.to(steps[steps.index(step) + 1])


def _call() -> Call:
    edition = current_edition()
    call = call_of(edition) if edition is not None else None
    if call is None:
        raise Http404
    return call


def _organisations() -> str:
    return reverse("awards:organisations")


def _allow(request: HttpRequest, kind: str) -> bool:
    return allow(kind, address_of(request), limit=settings.ABUSE_POSTS_PER_HOUR, seconds=HOUR)


def _begin_page(request: HttpRequest, call: Call, form: BeginForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    opened = is_open(call, at)
    closes = closing_of(call)
    return render(
        request,
        "awards/application/begin.html",
        {
            "call": call,
            "edition": call.edition,
            # Somebody whose form stayed open past the closing still gets a sentence, with all that was typed.
            "form": form if opened or form.is_bound else None,
            "opens_at": call.date_of(Phase.CALL) if not opened else None,
            "closes_at": closes,
            "why_not": "" if opened else why_not(call, closes, at),
        },
        status=status,
    )

"""What stands behind the link of somebody of a pair, and who may do what there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assises import clock
from awards import links
from awards.completeness import Gap, gaps_of
from awards.deadlines import end_of, is_in_time
from awards.enums import Step
from awards.models import Application, Editor
from awards.reading import with_edition


@dataclass
class OwnPage:
    """An application, read by somebody of its pair."""

    token: str
    editor: Editor
    row: Application
    at: datetime = field(default_factory=clock.now)

    @cached_property
    def is_open(self) -> bool:
        """Whether one may write in it now."""
        return self.row.is_writable and is_in_time(self.row, self.at)

    @cached_property
    def ends_at(self) -> datetime | None:
        return end_of(self.row)

    @property
    def address(self) -> str:
        return links.own_page(self.token)

    def to(self, step: Step) -> str:
        return reverse(f"awards:{step.name.lower()}", args=[self.token])

    @cached_property
    def steps(self) -> list[tuple[Step, str, list[Gap]]]:
        """Each step with its address, and what it lacks."""
        gaps = gaps_of(self.row)
        return [
            (step, self.to(step), [g for g in gaps if g.step == step]) for step in Step if step != Step.SUBMIT
        ]


View = Callable[..., HttpResponse]


def for_the_pair(view: View) -> View:
    """Let in whoever has a link that is alive; 404 for any other, with a sentence. It never stands in a search engine."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            page = find(token)
        except Http404 as gone:
            response = render(request, "awards/application/gone.html", {"why": str(gone)}, status=404)
        else:
            response = view(request, page, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def while_open(view: View) -> View:
    """Let one write only while one may; afterwards the own page says why not."""

    @wraps(view)
    def wrapped(request: HttpRequest, page: OwnPage, **kwargs: Any) -> HttpResponse:
        if not page.is_open and request.method != "POST":
            messages.info(request, _("This application cannot be changed now: its page says why."))
            return redirect(page.address)
        return view(request, page, **kwargs)

    return wrapped


def show(
    request: HttpRequest, page: OwnPage, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of an application."""
    return render(
        request,
        f"awards/application/{template}",
        {
            "page": page,
            "application": page.row,
            "call": page.row.call,
            "edition": page.row.call.edition,
            **context,
        },
        status=status,
    )


def find(token: str) -> OwnPage:
    link = links.read(token)
    if link is None:
        raise Http404(_("This link is not complete. Copy it whole from the letter."))
    editors = Editor.objects.select_related(
        "application__call__edition__host",
        "application__category__theme",
        "application__film",
        "application__rules",
    ).prefetch_related(
        "application__partners__organisation", "application__attachments", "application__editors"
    )
    editor = editors.filter(pk=link.pk).first()
    if editor is None or not links.is_alive(link, editor):
        raise Http404(
            _(
                "This link is no longer in use: it was sent to another address, or whoever it was for no longer writes in the application."
            )
        )
    return OwnPage(token, editor, with_edition(editor.application))

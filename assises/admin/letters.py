"""The letters that leave, and what became of them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from assises import clock, journal
from assises.back_office import ReadOnlyAdmin, Task, action_name, name_actions, panel, staff
from assises.enums import LetterState
from assises.mail import deciding
from assises.mail.hiding import without_links
from assises.models import Edition, Mailing, OutgoingEmail
from assises.templatetags.components import letter_state
from assises.text import whole_number

VIEW, DECIDE = "assises.view_outgoingemail", "assises.change_outgoingemail"

name_actions(
    {
        "sent again": gettext_lazy("letter sent again"),
        "letter_cancelled": gettext_lazy("letter cancelled"),
    }
)


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return LetterState.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        return queryset.in_state(LetterState(wanted)) if wanted in LetterState.values else queryset


class MailingFilter(admin.SimpleListFilter):
    """The letters of one mailing; its page leads here."""

    title = gettext_lazy("mailing")
    parameter_name = "mailing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        wanted = whole_number(request.GET.get(self.parameter_name))
        found = Mailing.objects.filter(pk=wanted) if wanted else Mailing.objects.none()
        return [(str(m.pk), f"{_('no. %(number)d') % {'number': m.pk}} ({m.count})") for m in found]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = whole_number(self.value())
        return queryset.filter(mailing=wanted) if wanted else queryset


class LetterList(ChangeList):
    """The letters of a page, each with whether a worker holds it at this instant."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        mark_being_sent(self.result_list, at=clock.now())


def mark_being_sent(letters: Iterable[Any], *, at: dt.datetime) -> None:
    """Note on each letter whether it is being sent; asks only where one is due."""
    rows = list(letters)
    due = {
        row.pk
        for row in rows
        if row.state is LetterState.WAITING or (row.state is LetterState.FAILED and row.next_attempt_at <= at)
    }
    held = deciding.being_sent(due) if due else set()
    for row in rows:
        row.is_being_sent = row.pk in held


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnlyAdmin):
    task = Task.FOLLOWING
    order = 20
    when_empty = gettext_lazy(
        "Every letter that leaves stands here first. The first registration writes the first ones."
    )
    change_form_template = "admin/assises/outgoingemail/change_form.html"
    list_display = ["subject", "to", "stand", "language", "created_at", "sent_at", "attempts"]
    list_filter = [StateFilter, MailingFilter, "language"]
    list_select_related = ["mailing"]
    search_fields = ["to_email", "to_name", "subject", "event"]
    fields = [
        "subject",
        "to",
        "reply_to",
        "event_name",
        "language",
        "created_at",
        "sent_at",
        "cancelled_at",
        "bounced_at",
        "attempts",
        "next_attempt_at",
    ]
    readonly_fields = ["to", "event_name"]
    actions = ["send_again", "cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingEmail]:
        rows = super().get_queryset(request).select_related("mailing")
        match = request.resolver_match
        is_list = match is not None and match.url_name == "assises_outgoingemail_changelist"
        return rows.defer("text", "html") if is_list else rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LetterList

    @admin.display(description=gettext_lazy("to"), ordering="to_email")
    def to(self, letter: OutgoingEmail) -> str:
        return f"{letter.to_name} <{letter.to_email}>"

    @admin.display(description=gettext_lazy("what about"), ordering="event")
    def event_name(self, letter: OutgoingEmail) -> str:
        return letter.event.partition("/")[2].replace("_", " ")

    @admin.display(description=gettext_lazy("state"), ordering="sent_at")
    def stand(self, letter: Any) -> SafeString:
        badge = letter_state(letter, letter.is_being_sent)
        if letter.state not in (LetterState.FAILED, LetterState.BOUNCED):
            return badge
        return format_html('{}<span class="second">{}</span>', badge, letter.last_error)

    # -- the page of one -------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"assises_outgoingemail_{name}")

        return [
            at("<int:pk>/html/", self.html_part, "html"),
            at("<int:pk>/decision/<slug:step>/", self.decide, "decide"),
            *super().get_urls(),
        ]

    def html_part(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The HTML part as a mail program shows it."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        response: HttpResponseBase = _html_part(request, pk)  # type: ignore[call-arg]
        return response

    def decide(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Cancel one letter, or let it be tried again."""
        letter = OutgoingEmail.objects.filter(pk=pk).first() if pk < 2**63 else None
        if letter is None or step not in ("cancel", "again"):
            raise Http404
        if not self.has_decide_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            (_cancel if step == "cancel" else _try_again)(request, [letter])
        return redirect("admin:assises_outgoingemail_change", pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        letter = context.get("original")
        if isinstance(letter, OutgoingEmail):
            mark_being_sent([letter], at=clock.now())
            context |= {
                "shown_text": without_links(letter.text),
                "may_decide": self.has_decide_permission(request),
                "may_cancel": letter.state not in (LetterState.SENT, LetterState.CANCELLED),
                "may_try_again": letter.state
                in (LetterState.FAILED, LetterState.BOUNCED, LetterState.CANCELLED)
                and (letter.mailing is None or letter.mailing.approved_at is not None),
                "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(letter)],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # -- several at once -------------------------------------------------------------------

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE)

    @admin.action(description=gettext_lazy("Try again now"), permissions=["decide"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingEmail]) -> None:
        """Letters that have not left are tried at the next turn of the worker; those that have left stay where they are."""
        _try_again(request, queryset.select_related(None).only("pk"))

    @admin.action(description=gettext_lazy("Cancel: these letters do not leave"), permissions=["decide"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[OutgoingEmail]) -> None:
        """Letters that have not left never do, unless somebody has them tried again."""
        _cancel(request, queryset.select_related(None).only("pk"))


def _try_again(request: HttpRequest, letters: Iterable[OutgoingEmail]) -> None:
    outcome = deciding.try_again(letters, at=clock.now(), by=staff(request))
    if outcome.done:
        said = ngettext(
            "%(count)d letter is tried again now.", "%(count)d letters are tried again now.", outcome.done
        )
        messages.success(request, said % {"count": outcome.done})
    _say_what_stays(request, outcome)


def _cancel(request: HttpRequest, letters: Iterable[OutgoingEmail]) -> None:
    outcome = deciding.cancel(letters, at=clock.now(), by=staff(request))
    if outcome.done:
        said = ngettext(
            "%(count)d letter is cancelled: it does not leave.",
            "%(count)d letters are cancelled: they do not leave.",
            outcome.done,
        )
        messages.success(request, said % {"count": outcome.done})
    _say_what_stays(request, outcome)


def _say_what_stays(request: HttpRequest, outcome: deciding.Outcome) -> None:
    """Of which letters nothing was changed, and why."""
    if outcome == deciding.Outcome():
        messages.info(request, _("Nothing was to be done: these letters stand like that already."))
    if outcome.left:
        said = ngettext(
            "%(count)d letter has left already: nobody gets one twice.",
            "%(count)d letters have left already: nobody gets one twice.",
            outcome.left,
        )
        messages.warning(request, said % {"count": outcome.left})
    if outcome.busy:
        said = ngettext(
            "%(count)d letter is being sent, or somebody decides on it, at this instant: look at it again in a moment.",
            "%(count)d letters are being sent, or somebody decides on them, at this instant: look at them again in a moment.",
            outcome.busy,
        )
        messages.warning(request, said % {"count": outcome.busy})
    if outcome.of_mailing:
        said = ngettext(
            "%(count)d letter is of a mailing that nobody has approved: only its approval lets it leave.",
            "%(count)d letters are of mailings that nobody has approved: only their approval lets them leave.",
            outcome.of_mailing,
        )
        messages.warning(request, said % {"count": outcome.of_mailing})


@panel("assises/back_office/_panel_letters.html", permission=VIEW, order=6)
def what_did_not_leave(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """What somebody should look at; nothing while all leaves by itself."""
    letters = OutgoingEmail.objects
    return {
        "bounced": letters.bounced().count(),
        "failed": letters.failed().count(),
        "undecided": Mailing.objects.undecided().count(),
    }


@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def _html_part(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter has styles of its own, so it is a page of its own: no script, nothing from outside, no session."""
    letter = get_object_or_404(OutgoingEmail, pk=pk)
    return HttpResponse(without_links(letter.html), headers={"Content-Language": letter.language})

"""The letters that leave, and what became of them."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from assises import clock, journal
from assises.back_office import (
    ReadOnlyAdmin,
    Task,
    name_actions,
    staff,
)
from assises.mail import outbox
from assises.models import (
    OutgoingEmail,
)
from assises.templatetags.components import icon

name_actions({"sent again": gettext_lazy("letter sent again")})


class LetterState(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("sent", pgettext_lazy("a letter", "sent")),
            ("waiting", pgettext_lazy("a letter", "waiting to leave")),
            ("failed", pgettext_lazy("a letter", "failed, to be tried again")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingEmail]) -> QuerySet[OutgoingEmail]:
        match self.value():
            case "sent":
                return queryset.exclude(sent_at=None)
            case "waiting":
                return queryset.filter(sent_at=None, attempts=0)
            case "failed":
                return queryset.filter(sent_at=None, attempts__gt=0)
        return queryset


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnlyAdmin):
    task = Task.FOLLOWING
    order = 20
    when_empty = gettext_lazy(
        "Every letter that leaves stands here first. The first registration writes the first ones."
    )
    change_form_template = "admin/assises/outgoingemail/change_form.html"
    list_display = ["subject", "to", "stand", "language", "created_at", "sent_at", "attempts"]
    list_filter = [LetterState, "language"]
    search_fields = ["to_email", "to_name", "subject"]
    fields = [
        "subject",
        "to",
        "stand",
        "event_name",
        "language",
        "created_at",
        "sent_at",
        "attempts",
        "next_attempt_at",
        "last_error",
    ]
    readonly_fields = ["to", "stand", "event_name"]
    actions = ["send_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingEmail]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "assises_outgoingemail_changelist"
        return rows.defer("text", "html") if is_list else rows

    @admin.display(description=gettext_lazy("to"), ordering="to_email")
    def to(self, letter: OutgoingEmail) -> str:
        return f"{letter.to_name} <{letter.to_email}>"

    @admin.display(description=gettext_lazy("what about"), ordering="event")
    def event_name(self, letter: OutgoingEmail) -> str:
        return letter.event.partition("/")[2].replace("_", " ")

    @admin.display(description=gettext_lazy("state"), ordering="sent_at")
    def stand(self, letter: OutgoingEmail) -> SafeString:
        if letter.sent_at:
            return format_html('<span class="state state-confirmed">{}{}</span>', icon("check"), _("sent"))
        if letter.attempts:
            return format_html('<span class="state state-refused">{}{}</span>', icon("warning"), _("failed"))
        return format_html('<span class="state state-held">{}{}</span>', icon("clock"), _("waiting to leave"))

    def get_urls(self) -> list[URLPattern]:
        html = path(
            "<int:pk>/html/",
            self.admin_site.admin_view(self.html_part),
            name="assises_outgoingemail_html",
        )
        return [html, *super().get_urls()]

    def html_part(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The HTML part as a mail program shows it."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        response: HttpResponseBase = _html_part(request, pk)  # type: ignore[call-arg]
        return response

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assises.change_outgoingemail")

    @admin.action(description=gettext_lazy("Try again now"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingEmail]) -> None:
        """Letters that have not left are tried at the next turn of the worker; those that have left stay where they are."""
        at = clock.now()
        stuck = list(queryset.filter(sent_at=None))
        OutgoingEmail.objects.filter(pk__in=[letter.pk for letter in stuck], sent_at=None).update(
            next_attempt_at=at
        )
        journal.write(journal.entry(letter, "sent again", at=at, by=staff(request)) for letter in stuck)
        outbox.wake()
        if stuck:
            messages.success(
                request,
                ngettext(
                    "%(count)d letter is tried again now.",
                    "%(count)d letters are tried again now.",
                    len(stuck),
                )
                % {"count": len(stuck)},
            )
        else:
            messages.warning(request, _("All of these letters have left already: nobody gets one twice."))


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
    return HttpResponse(letter.html, headers={"Content-Language": letter.language})

"""Letters of one act to many readers: somebody looks at them as a reader would, and lets them leave or not."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.admin.letters import DECIDE, VIEW
from assises.back_office import ReadOnlyAdmin, Task, action_name, name_actions, staff
from assises.exceptions import Refusal
from assises.mail import deciding
from assises.models import Mailing, OutgoingEmail
from assises.templatetags.components import state as state_badge

name_actions(
    {
        "mailing_written": gettext_lazy("mailing written"),
        "mailing_approved": gettext_lazy("mailing approved"),
        "mailing_cancelled": gettext_lazy("mailing cancelled"),
    }
)

_STATES = {
    "undecided": pgettext_lazy("a mailing", "waits for approval"),
    "approved": pgettext_lazy("a mailing", "approved"),
    "cancelled": pgettext_lazy("a mailing", "cancelled"),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(_STATES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "undecided":
                return queryset.undecided()
            case "approved":
                return queryset.filter(approved_at__isnull=False)
            case "cancelled":
                return queryset.filter(cancelled_at__isnull=False)
        return queryset


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    task = Task.FOLLOWING
    order = 15
    when_empty = gettext_lazy(
        "Letters of one act to many readers wait here until somebody lets them leave. There were none yet."
    )
    change_form_template = "admin/assises/mailing/change_form.html"
    list_display = ["what", "stand", "count", "created_at", "created_by"]
    list_filter = [StateFilter]
    list_select_related = ["created_by"]
    fields = ["created_at", "created_by"]

    def has_view_permission(self, request: HttpRequest, obj: Mailing | None = None) -> bool:
        """Whoever sees the letters sees those of a mailing."""
        return request.user.has_perm(VIEW)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        """Each with the subject of one of its letters, in the language of whoever looks where there is one."""
        own_first = Case(When(language=get_language(), then=0), default=1, output_field=IntegerField())
        letters = OutgoingEmail.objects.filter(mailing=OuterRef("pk")).order_by(own_first, "pk")
        return super().get_queryset(request).annotate(subject=Subquery(letters.values("subject")[:1]))

    @admin.display(description=gettext_lazy("subject"))
    def what(self, row: Any) -> str:
        return row.subject or _("Its letters are erased.")

    @admin.display(description=gettext_lazy("state"))
    def stand(self, row: Mailing) -> SafeString:
        return state_badge(*state_of(row))

    # -- the page of one -------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:pk>/decision/<slug:step>/",
            self.admin_site.admin_view(self.decide),
            name="assises_mailing_decide",
        )
        return [decide, *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Let the letters leave, or call them off; what somebody else has decided meanwhile stands."""
        row = Mailing.objects.filter(pk=pk).first() if pk < 2**63 else None
        if row is None or step not in _STEPS:
            raise Http404
        if not request.user.has_perm(DECIDE):
            raise PermissionDenied
        if request.method == "POST":
            service, said = _STEPS[step]
            try:
                service(row, at=clock.now(), by=staff(request))
                messages.success(request, said)
            except Refusal as refused:
                messages.error(request, str(refused))
        return redirect("admin:assises_mailing_change", pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if isinstance(row, Mailing):
            context |= _about(row) | {"may_decide": row.is_undecided and request.user.has_perm(DECIDE)}
        return super().render_change_form(request, context, *args, **kwargs)


def state_of(row: Mailing) -> tuple[str, Any]:
    """The state for its badge, and in words."""
    if row.approved_at is not None:
        return "confirmed", _STATES["approved"]
    if row.cancelled_at is not None:
        return "cancelled", _STATES["cancelled"]
    return "offered", _STATES["undecided"]


def _about(row: Mailing) -> dict[str, Any]:
    """What the page tells: a letter in each language as a reader has it, how many have which, what has left."""
    letters = row.letters.order_by("pk")
    samples = letters.order_by("language", "pk").distinct("language").defer("html")
    counts = dict(letters.order_by().values_list("language").annotate(Count("pk")))
    return {
        "stand": state_of(row),
        "looks": [{"letter": letter, "count": counts[letter.language]} for letter in samples],
        # Without those that were cancelled one by one.
        "leaving": letters.held().count(),
        "sent": letters.sent().count(),
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(row)],
    }


_STEPS: dict[str, tuple[Callable[..., Mailing], Any]] = {
    "approve": (deciding.approve, gettext_lazy("It is approved: its letters leave now.")),
    "cancel": (deciding.cancel_mailing, gettext_lazy("It is cancelled: none of its letters leaves.")),
}

"""What was done, by whom and why: to be read."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from assises.back_office import (
    ReadOnlyAdmin,
    Task,
    action_name,
    hidden_actions,
)
from assises.models import (
    JournalEntry,
)


def _kind(subject_type: str) -> str:
    """What the journal speaks of, also where it has no list of its own."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("what was done")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        actions = (
            model_admin.get_queryset(request).order_by("action").values_list("action", flat=True).distinct()
        )
        return sorted(((a, action_name(a)) for a in actions), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    task = Task.FOLLOWING
    order = 30
    when_empty = gettext_lazy("What is done, by whom and why, is written here by itself, and never changed.")
    list_display = ["at", "what", "subject", "actor", "reason"]
    list_select_related = ["actor"]
    list_filter = [ActionFilter, ("actor", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["reason"]
    fields = ["at", "what", "subject", "actor", "reason", "details"]
    readonly_fields = ["what", "subject"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return super().get_queryset(request).exclude(action__in=hidden_actions())

    @admin.display(description=gettext_lazy("what was done"), ordering="action")
    def what(self, entry: JournalEntry) -> str:
        return action_name(entry.action)

    @admin.display(description=gettext_lazy("to what"), ordering="subject_type")
    def subject(self, entry: JournalEntry) -> SafeString | str:
        """A link without a name: the journal keeps none."""
        app, _dot, model = entry.subject_type.partition(".")
        model_admin = next(
            (a for m, a in self.admin_site._registry.items() if m._meta.label_lower == entry.subject_type),
            None,
        )
        kind = str(model_admin.opts.verbose_name) if model_admin else _kind(entry.subject_type)
        words = f"{kind} {entry.subject_id}"
        try:
            url = reverse(f"admin:{app}_{model}_change", args=[entry.subject_id])
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', url, words)

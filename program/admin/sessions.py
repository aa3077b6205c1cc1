"""The programme in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises.back_office import HouseAdmin, Task, working_edition
from program.models import Session


@admin.register(Session)
class SessionAdmin(HouseAdmin, TranslationAdmin):
    task = Task.EDITION
    order = 35
    when_empty = gettext_lazy(
        "What one may attend stands here; the form offers what is ticked for it. Add the first session."
    )
    list_display = ["title", "kind", "day", "starts_at", "ends_at", "seats", "choice_group", "on_form"]
    list_filter = ["edition", "day", "kind", "on_form"]
    search_fields = ["title_fr", "title_zh_hans", "code"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "kind"]}),
        (pgettext_lazy("of a text or a session", "Title"), {"fields": ["title_fr", "title_zh_hans"]}),
        (gettext_lazy("When"), {"fields": ["day", "starts_at", "ends_at"]}),
        (gettext_lazy("Choice"), {"fields": ["on_form", "choice_group", "seats", "order"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        edition = working_edition()
        return {**super().get_changeform_initial_data(request), "edition": edition.pk if edition else None}

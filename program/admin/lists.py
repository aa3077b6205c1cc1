"""The list of sessions; a line leads to the pages where one is changed."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from assises.back_office import HouseAdmin, ReadOnlyAdmin, Task
from assises.days import stands_on_days
from assises.models import Edition
from assises.templatetags.typography import write_date
from program.models import Session
from program.templatetags.composing import session_status


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """A list whose lines are changed elsewhere, by services only."""

    task = Task.PROGRAMME
    order = 20
    when_empty = gettext_lazy(
        "What one may attend stands here; the form offers what is ticked for it. Add the first session."
    )
    list_display = ["title", "kind", "day", "starts_at", "ends_at", "room", "firm", "seats", "on_form"]  # fmt: skip
    list_select_related = ["room"]
    list_filter = [("day", admin.AllValuesFieldListFilter), "kind", "status", "on_form"]
    search_fields = ["title_fr", "title_zh_hans", "code"]

    class Media:
        css = {"all": ["program/css/composer.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return HouseAdmin.has_view_permission(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).filter(edition__is_current=True)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def firm(self, session: Session) -> SafeString:
        return session_status(session)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("program.compose_programme")

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:session_add")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A session has one page where it is changed."""
        session = get_object_or_404(Session, pk=object_id if object_id.isdecimal() else 0)
        return redirect("admin:session", session.code)


@stands_on_days
def sessions_outside(edition: Edition, first: dt.date, last: dt.date) -> list[str]:
    """Sessions, also abandoned ones, that are on no day from the first to the last."""
    sessions = edition.sessions.exclude(day__range=(first, last))
    return [f"{s} ({write_date(s.day, get_language())})" for s in sessions]

"""By what the list of registrations can be narrowed. Numbers elsewhere link to it with the same parameters."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assises import clock
from assises.back_office import EditionFilter, working_edition
from assises.enums import FRENCH_KINDS
from assises.templatetags.typography import write_date
from registration.enums import SEATED, Source, Status
from registration.models import Category, Registration, SessionChoice, VisitWish
from registration.statistics import by_authority, regions

Rows = QuerySet[Registration]
Choices = Iterable[tuple[str, Any]]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("seated", _("with a place")),
            *[(s.value, s.label) for s in Status if s != Status.DUPLICATE],
            ("gone", _("cancelled, lapsed or refused")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case None:
                return queryset
            case "seated":
                return queryset.filter(status__in=SEATED)
            case "gone":
                return queryset.filter(status__in=[Status.CANCELLED, Status.LAPSED, Status.REFUSED])
            case value:
                return queryset.filter(status=value)


class AwaitingFilter(admin.SimpleListFilter):
    title = _("answer awaited")
    parameter_name = "awaiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("any", _("all answers awaited")), ("soon", _("within 24 hours"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() is None:
            return queryset
        awaited = queryset.filter(status__in=[Status.HELD, Status.OFFERED])
        if self.value() == "soon":
            return awaited.filter(deadline__lte=clock.now() + dt.timedelta(hours=24))
        return awaited


class CategoryFilter(admin.SimpleListFilter):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        wanted = request.GET.get("edition", "")
        categories = Category.objects.select_related("edition")
        if wanted.isdecimal():
            categories = categories.filter(edition=int(wanted))
        else:
            categories = categories.filter(edition__is_current=True)
        return [(str(c.pk), str(c)) for c in categories]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        value = self.value()
        return queryset.filter(category=int(value)) if value and value.isdecimal() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of organisation")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(kind.value, kind.label) for kind in FRENCH_KINDS]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(booking__organisation_kind=self.value()) if self.value() else queryset


class RegionFilter(admin.SimpleListFilter):
    title = _("region")
    parameter_name = "region"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._regions, self._placed = regions()
        super().__init__(*args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [*[(str(r.pk), str(r)) for r in self._regions], ("none", _("no region, or not in our list"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        value = self.value()
        if value == "none":
            return queryset.exclude(booking__organisation__in=list(self._placed))
        if value and value.isdecimal():
            inside = [pk for pk, region in self._placed.items() if region == int(value)]
            return queryset.filter(booking__organisation__in=inside)
        return queryset


def as_select(found: admin.SimpleListFilter, changelist: ChangeList, choices: Iterable[Any]) -> Iterable[Any]:
    """The choices of a filter as a list to choose from; its form keeps what the other filters say."""
    others = [
        pair
        for pair in parse_qsl(changelist.get_query_string(remove=[found.parameter_name or ""]).lstrip("?"))
        if pair[0] not in (SEARCH_VAR, PAGE_VAR)
    ]
    if changelist.query:
        others.append(("q", changelist.query))
    for index, choice in enumerate(choices):
        key = found.lookup_choices[index - 1][0] if index else ""
        yield {**choice, "value": key, "others": others, "parameter": found.parameter_name}


class AuthorityFilter(admin.SimpleListFilter):
    """One authority among many: a list to choose from rather than a long row of links."""

    title = _("authority")
    parameter_name = "authority"
    template = "admin/registration/filter_select.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        edition = working_edition()
        return [(a.key, a.name) for a in by_authority(edition)] if edition else []

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(booking__authority_key=self.value()) if self.value() else queryset

    def choices(self, changelist: ChangeList) -> Any:
        yield from as_select(self, changelist, super().choices(changelist))

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Any]:
        """None: a count for each of a hundred authorities is no help."""
        return {f"{index}__c": None for index in range(len(self.lookup_choices))}


class SessionFilter(admin.SimpleListFilter):
    """Who attends a session, waits for it, or wishes for the visit: ``12``, ``12-waiting``, ``12-wish``."""

    title = _("session")
    parameter_name = "session"
    template = "admin/registration/filter_select.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        edition = working_edition()
        if edition is None:
            return []
        chosen = set(
            SessionChoice.objects.filter(session__edition=edition).values_list("session", "is_waiting")
        )
        wished = set(VisitWish.objects.filter(session__edition=edition).values_list("session", flat=True))
        found = []
        for session in edition.sessions.all():
            words = {"session": session}
            if session.on_form or (session.pk, False) in chosen:
                found.append((f"{session.pk}", str(session)))
            if (session.pk, True) in chosen:
                found.append((f"{session.pk}-waiting", gettext("waiting for: %(session)s") % words))
            if session.pk in wished:
                found.append((f"{session.pk}-wish", gettext("wish for: %(session)s") % words))
        return found

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        found = re.fullmatch(r"([0-9]{1,9})(|-waiting|-wish)", self.value() or "")
        if found is None:
            return queryset
        pk = int(found[1])
        if found[2] == "-wish":
            return queryset.filter(wishes__session=pk)
        return queryset.filter(choices__session=pk, choices__is_waiting=found[2] == "-waiting")

    def choices(self, changelist: ChangeList) -> Any:
        yield from as_select(self, changelist, super().choices(changelist))

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Any]:
        """None: the page of sessions has the numbers."""
        return {f"{index}__c": None for index in range(len(self.lookup_choices))}


class LanguageFilter(admin.SimpleListFilter):
    title = _("language of letters")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return settings.LANGUAGES

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(language=self.value()) if self.value() else queryset


class ElectedFilter(admin.SimpleListFilter):
    title = _("elected representative")
    parameter_name = "elected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("1", _("yes")), ("0", _("no"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(is_elected=self.value() == "1") if self.value() else queryset


class SourceFilter(admin.SimpleListFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return Source.choices

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(booking__source=self.value()) if self.value() else queryset


class DayFilter(admin.SimpleListFilter):
    """The day of the request; the numbers by day lead here, and only then it is seen."""

    title = _("day of the request")
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        day = self._day(request.GET.get("day", ""))
        return [(day.isoformat(), write_date(day, get_language()))] if day else []

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        day = self._day(self.value() or "")
        return queryset.filter(booking__submitted_at__date=day) if day else queryset

    @staticmethod
    def _day(text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return None


REGISTRATION_FILTERS: list[type[admin.ListFilter]] = [
    EditionFilter,
    StateFilter,
    AwaitingFilter,
    CategoryFilter,
    KindFilter,
    RegionFilter,
    AuthorityFilter,
    SessionFilter,
    LanguageFilter,
    ElectedFilter,
    SourceFilter,
    DayFilter,
]

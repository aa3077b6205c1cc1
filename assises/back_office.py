"""The back office: Django's own admin, ordered by task, in the language of the account. One logs in elsewhere.

Each app declares what it brings: its models in ``admin.py``, its own pages with ``page``, what its reader should
see first with ``panel``, the words of its journal with ``name_actions``.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from assises import clock, constraints
from assises.accounts.second_factor import led_elsewhere
from assises.models import Edition, User

#: A view, given the request and what the route names.
View = Callable[..., HttpResponseBase]
Words = str | Promise
#: A permission by its name, or a question that is put about the account.
Right = str | Callable[[User], bool]


class Task(models.TextChoices):
    """What somebody comes to the back office for: the parts of its menu, in their order."""

    PREPARATION = "preparation", _("Preparation")
    REGISTRATIONS = "registrations", _("Registrations")
    PLACES = "places", _("Places")
    PROGRAMME = "programme", _("Programme")
    AWARD = "award", pgettext_lazy("back office", "Award")
    FOLLOWING = "following", _("Numbers and letters")
    PARTNERS = "partners", _("Chinese side")
    EDITION = "edition", _("The edition")
    ACCOUNTS = "accounts", _("Accounts")


@dataclass(frozen=True)
class Page:
    """A page of the back office that is not the list of a model."""

    route: str
    name: str
    title: Words
    permission: Right
    task: Task | None
    order: int
    view: View | None = None
    #: The name of an address outside of the admin, where the page is not one of its own.
    leads_to: str = ""

    @property
    def url(self) -> str:
        return reverse(self.leads_to or f"admin:{self.name}")


@dataclass(frozen=True)
class Panel:
    """A part of the first page: a template, and what it is given."""

    template: str
    data: Callable[[Edition, dt.datetime], Any]
    permission: str
    order: int


_PAGES: list[Page] = []
_PANELS: list[Panel] = []
_ACTIONS: dict[str, Words] = {}
_HIDDEN: set[str] = set()


def page(
    route: str, *, name: str, title: Words, permission: Right, task: Task | None = None, order: int = 50
) -> Callable[[View], View]:
    """Declare a page under ``/admin/``; with a ``task`` it stands in the menu of whoever has ``permission``."""

    def declare(view: View) -> View:
        _PAGES.append(Page(route, name, title, permission, task, order, view))
        return view

    return declare


def page_of_edition(
    route: str, *, name: str, title: Words, permission: Right, task: Task | None = None, order: int = 50
) -> Callable[[View], View]:
    """Declare a page about the edition that is worked on: its view is given it; without one, the page says so."""

    def declare(view: View) -> View:
        @wraps(view)
        def of_edition(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            edition = working_edition()
            if edition is None:
                return show(request, "registration/back_office/no_edition.html", {"title": title})
            return view(request, edition, **kwargs)

        return page(route, name=name, title=title, permission=permission, task=task, order=order)(of_edition)

    return declare


def link(leads_to: str, *, title: Words, permission: Right, task: Task, order: int = 50) -> None:
    """Declare an entry of the menu that leads out of the admin, or to a page that is open to more than its menu."""
    _PAGES.append(Page("", leads_to, title, permission, task, order, leads_to=leads_to))


def panel(
    template: str, *, permission: str, order: int = 50
) -> Callable[[Callable[[Edition, dt.datetime], Any]], Callable[[Edition, dt.datetime], Any]]:
    """Declare a part of the first page: the function gives ``data`` to the template."""

    def declare(data: Callable[[Edition, dt.datetime], Any]) -> Callable[[Edition, dt.datetime], Any]:
        _PANELS.append(Panel(template, data, permission, order))
        return data

    return declare


def name_actions(words: Mapping[str, Words], *, hidden: bool = False) -> None:
    """Say in words what the journal notes in one; with ``hidden``, its lists do not show it."""
    _ACTIONS.update(words)
    if hidden:
        _HIDDEN.update(words)


def hidden_actions() -> list[str]:
    """What no list of the journal shows, whoever reads it: the app that writes it has pages for those who may."""
    return sorted(_HIDDEN)


def action_name(action: str) -> str:
    """An action of the journal in the language of its reader."""
    return str(_ACTIONS.get(action, action))


def staff(request: HttpRequest) -> User:
    """The account that asks; the admin has let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def working_edition() -> Edition | None:
    """The edition that the back office works on: that of the public site, read anew so that nothing is stale."""
    return Edition.objects.current().first()


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the back office."""
    return render_template(
        request, template, {**admin.site.each_context(request), **(context or {})}, status=status
    )


class BackOffice(admin.AdminSite):
    site_header = _("Back office of the Assises")
    site_title = _("Back office")
    index_title = _("Today")
    empty_value_display = "–"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        ours = [
            path(p.route, self.admin_view(_guarded(p)), name=p.name) for p in _PAGES if p.view is not None
        ]
        return [
            path("langue/", require_POST(self.set_language), name="set_language"),
            *ours,
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: Mapping[str, Any] | None = None) -> HttpResponse:
        """There is one door, and it asks for the second factor; who is inside already may not come further."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return HttpResponseRedirect(reverse("admin:index"))
        onward = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return HttpResponseRedirect(reverse("account_login", query={REDIRECT_FIELD_NAME: onward}))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            elsewhere = led_elsewhere(request) if request.user.is_authenticated else None
            return inner(request, *args, **kwargs) if elsewhere is None else elsewhere

        return guarded

    def set_language(self, request: HttpRequest) -> HttpResponse:
        """Keep the language: with the account, and in a cookie for the page where one logs in."""
        chosen = request.POST.get("language", "")
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = reverse("admin:index")
        response = HttpResponseRedirect(back)
        if chosen in dict(settings.LANGUAGES):
            if request.user.is_authenticated:
                User.objects.filter(pk=request.user.pk).update(language=chosen)
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=365 * 24 * 3600,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response

    def index(self, request: HttpRequest, extra_context: Mapping[str, Any] | None = None) -> TemplateResponse:
        """What waits for an answer today, then everything by task."""
        edition = working_edition()
        at = clock.now()
        panels = [
            {"template": p.template, "data": p.data(edition, at)}
            for p in sorted(_PANELS, key=lambda p: p.order)
            if edition is not None and request.user.has_perm(p.permission)
        ]
        return super().index(request, {"panels": panels, "working_edition": edition, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu: by task, and within a task by what is used most."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        entries: list[tuple[Task, int, dict[str, Any]]] = []
        for app in super().get_app_list(request):
            for model in app["models"]:
                model_admin = self._registry[model["model"]]
                task = getattr(model_admin, "task", Task.ACCOUNTS)
                entries.append((task, getattr(model_admin, "order", 50), model))
        for p in _PAGES:
            if p.task is not None and _may(request.user, p.permission):
                entries.append((p.task, p.order, _menu_entry(p)))
        tasks = [
            {
                "name": task.label,
                "app_label": task.value,
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": [e for t, _o, e in sorted(entries, key=lambda entry: entry[1]) if t == task],
            }
            for task in Task
        ]
        return [task for task in tasks if task["models"]]


def _guarded(p: Page) -> Callable[[HttpRequest], HttpResponseBase]:
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _may(request.user, p.permission):
            raise PermissionDenied
        assert p.view is not None
        return p.view(request, *args, **kwargs)

    return view


def _may(user: User | AnonymousUser, right: Right) -> bool:
    """The page where one logs in asks too, before anybody is known."""
    if isinstance(right, str):
        return user.has_perm(right)
    return user.is_authenticated and right(user)


def _menu_entry(p: Page) -> dict[str, Any]:
    return {
        "name": p.title,
        "object_name": p.name.replace(":", "_"),
        "admin_url": p.url,
        "add_url": None,
        "view_only": True,
        "perms": {},
    }


class HouseAdmin(admin.ModelAdmin):
    """A list and a form as all of the back office has them."""

    #: Where the list stands in the menu.
    task: Task = Task.EDITION
    order: int = 50
    #: What an empty list says: what would be here, and how the first one comes to be.
    when_empty: Words = ""
    list_per_page = 50
    show_full_result_count = False
    # The browser's own calendars: they have labels, and need no script.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
    }

    def _refused(self, request: HttpRequest, error: IntegrityError) -> HttpResponse:
        """A rule that only the database knows, because rows of other parts of the software hang on this one."""
        sentence = constraints.sentence_of(error)
        messages.error(request, gettext("Nothing was saved. %(why)s") % {"why": sentence})
        return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except IntegrityError as error:
            return self._refused(request, error)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # PostgreSQL has no word for NUL, and no filter means it: whoever types such an address gets the whole list, as
        # for other nonsense. What is searched for is checked by the form of the search.
        typed = ((name, value) for name, values in request.GET.lists() for value in [name, *values])
        if any("\x00" in value for name, value in typed if name != SEARCH_VAR):
            return HttpResponseRedirect(request.path)
        title = capfirst(self.opts.verbose_name_plural)
        try:
            return super().changelist_view(request, {"title": title, **(extra_context or {})})
        except IntegrityError as error:
            # Of an action on several rows.
            return self._refused(request, error)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice is a choice: no windows that open beside it, which nobody can use without a script."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        words = {"what": self.opts.verbose_name}
        context["title"] = str(original) if original else gettext("Add: %(what)s") % words
        context["subtitle"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            return self._refused(request, error)


class ReadOnlyAdmin(HouseAdmin):
    """What is written by the services, and only looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EditionFilter(admin.SimpleListFilter):
    """The current edition, unless another one is asked for; unseen while there is only one."""

    title = _("edition")
    parameter_name = "edition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        editions = list(Edition.objects.all())
        return [(str(e.pk), str(e)) for e in editions] if len(editions) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted and wanted.isdecimal():
            return queryset.filter(edition=int(wanted))
        return queryset.filter(edition__is_current=True)

    def choices(self, changelist: ChangeList) -> Any:
        for choice in super().choices(changelist):
            yield (
                choice if choice["query_string"] != "?" else {**choice, "display": gettext("The current one")}
            )

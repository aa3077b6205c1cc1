"""The contributions in the back office: their list, and the page of one."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.back_office import EditionFilter, ReadOnlyAdmin, Task, action_name, name_actions, staff
from assises.enums import Side
from assises.models import Theme
from assises.templatetags.components import state as state_badge
from assises.templatetags.components import theme_mark
from assises.templatetags.typography import bcp47, in_own_script, write_date
from assises.text import whole_number
from program import services
from program.admin.contribution_steps import STEPS, act, steps_of
from program.counterparts import suggest
from program.enums import ContributionState, Criterion
from program.models import Contribution

name_actions(
    {
        "contribution_proposed": gettext_lazy("proposed by the public form"),
        "contribution_revised": gettext_lazy("changed by whoever proposed it"),
        "contribution_withdrawn": gettext_lazy("withdrawn"),
        "contribution_judged": gettext_lazy("judged by the four words"),
        "contribution_changes_asked": gettext_lazy("changes asked for"),
        "contribution_accepted": gettext_lazy("accepted, speaker asked"),
        "contribution_declined": gettext_lazy("not retained"),
        "contribution_reopened": gettext_lazy("taken up again"),
        "contribution_confirmed": gettext_lazy("confirmed by the speaker"),
        "contribution_link_sent": gettext_lazy("link sent"),
        "contribution_speaker_declined": gettext_lazy("declined by the speaker"),
        "contribution_speaker_named": gettext_lazy("another speaker asked"),
        "contribution_moved": gettext_lazy("put into another session"),
        "proposers_forgotten": gettext_lazy("those who proposed contributions forgotten"),
        "parts_changed": gettext_lazy("running order changed"),
    }
)

Rows = QuerySet[Contribution]


class ThemeFilter(admin.SimpleListFilter):
    title = gettext_lazy("theme")
    parameter_name = "theme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(t.code, t.name) for t in Theme.objects.filter(edition__is_current=True)]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(theme__code=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [*ContributionState.choices, ("speaker_declined", gettext_lazy("accepted, speaker declined"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case None:
                return queryset
            case "speaker_declined":
                return queryset.filter(speaker_declined_at__isnull=False)
            case value:
                return queryset.filter(state=value)


class SideFilter(admin.SimpleListFilter):
    title = gettext_lazy("side")
    parameter_name = "side"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return Side.choices

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(side=self.value()) if self.value() else queryset


class CounterpartFilter(admin.SimpleListFilter):
    title = gettext_lazy("counterpart")
    parameter_name = "counterpart"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("looking", gettext_lazy("looking for a counterpart")),
            ("known", gettext_lazy("counterpart known")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        match self.value():
            case "looking":
                return queryset.looking()  # type: ignore[attr-defined]
            case "known":
                return queryset.exclude(counterpart=None)
        return queryset


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin):
    """Services write contributions; here one reads them, and answers by steps."""

    task = Task.PROGRAMME
    order = 40
    when_empty = gettext_lazy(
        "Contributions that authorities propose on the public page of the call stand here. None has come yet."
    )
    change_form_template = "admin/program/contribution/change_form.html"
    list_display = ["what", "stand", "who", "counterpart_or_none", "words", "came"]
    list_display_links = ["what"]
    list_filter = [EditionFilter, StateFilter, ThemeFilter, SideFilter, CounterpartFilter]
    search_fields = ["search_key"]
    search_help_text = gettext_lazy(
        "Title, authority, who proposes or speaks, address; with or without accents, in Chinese or in pinyin."
    )

    def get_queryset(self, request: HttpRequest) -> Rows:
        rows = Contribution.objects.select_related(
            "edition", "theme", "organisation", "counterpart", "session", "speaker__organisation"
        )
        return rows.order_by("-submitted_at", "id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.matching(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    # -- the list --------------------------------------------------------------------------

    @admin.display(description=pgettext_lazy("of a text or a session", "Title"))
    def what(self, row: Contribution) -> SafeString:
        return format_html(
            '<span lang="{}">{}</span><span class="second">{} {}</span>',
            bcp47(row.original), row.original_title, theme_mark(row.theme), row.theme,
        )  # fmt: skip

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stand(self, row: Contribution) -> SafeString:
        badge = state_badge(row.state, row.get_state_display())
        below: Any = row.session or ""
        if row.state == ContributionState.ACCEPTED and row.speaker:
            below = state_badge(
                row.speaker_state, _("speaker %(state)s") % {"state": row.speaker_state.label}
            )
        return format_html('{}<span class="second">{}</span>', badge, below)

    @admin.display(description=gettext_lazy("authority and speaker"), ordering="organisation_name")
    def who(self, row: Contribution) -> SafeString:
        organisation = row.organisation
        name = (
            in_own_script(organisation.name_fr, organisation.name_zh_hans)
            if organisation
            else row.organisation_name
        )
        line = '{} <span class="quiet">({})</span><span class="second">{}</span>'
        return format_html(line, name, row.get_side_display(), row.speaker or "–")

    @admin.display(description=gettext_lazy("counterpart"))
    def counterpart_or_none(self, row: Contribution) -> SafeString | str:
        if row.counterpart:
            return in_own_script(row.counterpart.name_fr, row.counterpart.name_zh_hans)
        return _("looking for one")

    @admin.display(description=gettext_lazy("words met"))
    def words(self, row: Contribution) -> str:
        return _("%(met)d of 4") % {"met": len(row.met)}

    @admin.display(description=gettext_lazy("received"), ordering="submitted_at")
    def came(self, row: Contribution) -> str:
        return write_date(row.submitted_at, get_language())

    # -- the page of one -------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("program.view_contribution")

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"program_contribution_{name}")

        return [
            at("<int:pk>/mots/", self.judge_view, "judge"),
            at("<int:pk>/reponse/<slug:step>/", self.step_view, "step"),
            *super().get_urls(),
        ]

    def _row(self, request: HttpRequest, pk: int) -> Contribution:
        if not request.user.has_perm("program.change_contribution"):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first() if pk < 2**63 else None
        if row is None:
            raise Http404
        return row

    def judge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep which of the four words are met."""
        row = self._row(request, pk)
        if request.method == "POST":
            services.judge(row, met=request.POST.getlist("met"), at=clock.now(), by=staff(request))
            messages.success(request, _("The judgement is kept."))
        return redirect("admin:program_contribution_change", pk)

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Answer it."""
        row = self._row(request, pk)
        if step not in STEPS:
            raise Http404
        return act(request, row, STEPS[step])

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Contribution | None:
        return self.get_queryset(request).filter(pk=whole_number(object_id)).first()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return []  # the page says it all above, in both languages

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if isinstance(row, Contribution):
            may_act = request.user.has_perm("program.change_contribution")
            theme = Theme.objects.get(pk=row.theme_id)
            context |= {
                "title": row.original_title,
                "steps": steps_of(row) if may_act else [],
                "may_act": may_act,
                "texts": [
                    ("fr", "Français", row.title_fr, row.summary_fr),
                    ("zh-hans", "简体中文", row.title_zh_hans, row.summary_zh_hans),
                ],
                "answers": [(word, getattr(row, word.value), word.value in row.met) for word in Criterion],
                "suggestions": suggest(organisation=row.organisation, side=row.side, theme=theme, without=row)
                if row.is_looking
                else None,
                "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(row)],
            }
        response = super().render_change_form(request, context, *args, **kwargs)
        if isinstance(row, Contribution):
            response.context_data["title"] = row.original_title  # type: ignore[attr-defined]
        return response

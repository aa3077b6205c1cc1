"""The list of registrations, and the page of one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.back_office import HouseAdmin, Task, action_name, name_actions, staff
from assises.enums import Side
from assises.models import Organisation, OutgoingEmail
from assises.templatetags.components import state as state_badge
from assises.templatetags.typography import in_own_script, is_chinese, moment
from registration import services
from registration.admin.actions import STEPS, admin_action
from registration.admin.filters import REGISTRATION_FILTERS
from registration.admin.letters import write
from registration.enums import LIVE, Access, Status
from registration.models import Needs, Registration
from registration.queue import explain, rank_of
from registration.standing import own_sessions

name_actions(
    {
        "registered": gettext_lazy("registered"),
        "confirmed": gettext_lazy("confirmed"),
        "offered": gettext_lazy("place offered"),
        "lapsed": gettext_lazy("place let go: no answer in time"),
        "cancelled": gettext_lazy("cancelled"),
        "refused": gettext_lazy("refused"),
        "changed": gettext_lazy("data changed"),
        "replaced": gettext_lazy("a colleague took over"),
        "moved": gettext_lazy("moved to another category"),
        "separated": gettext_lazy("group separated"),
        "admitted": gettext_lazy("admitted at the desk"),
        "checked in": gettext_lazy("checked in"),
        "checked in again": gettext_lazy("checked in again"),
        "check-in undone": gettext_lazy("check-in undone"),
        "arrived without a place": gettext_lazy("arrived without a place"),
        "capacity": gettext_lazy("places changed"),
        "seated": gettext_lazy("seat in a session given"),
        "seats": gettext_lazy("seats of a session changed"),
        "visits proposed": gettext_lazy("assignment of visits proposed"),
        "visits assigned": gettext_lazy("visits assigned"),
        "visit assigned": gettext_lazy("visit assigned"),
        "half-hour taken": gettext_lazy("half-hour of a meeting room taken"),
        "half-hour given back": gettext_lazy("half-hour of a meeting room given back"),
        "half-hour freed": gettext_lazy("half-hour of a meeting room freed by the organisers"),
        "exported": gettext_lazy("list exported"),
        "imported": gettext_lazy("list imported"),
        "written to": gettext_lazy("letter of the organisers"),
    }
)


class RegistrationList(ChangeList):
    """A page of the list, with the ranks of those on it who wait."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        waiting = [r for r in self.result_list if r.status == Status.WAITING]
        ranks: dict[int, int] = {}
        if waiting:
            ranks = rank_of(waiting[0].edition, at=clock.now())
        for registration in self.result_list:
            registration.rank = ranks.get(registration.pk)


class RegistrationForm(forms.ModelForm):
    """What a person told us about herself. States and places are changed by actions only."""

    class Meta:
        model = Registration
        fields = [
            "honorific", "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected", "email",
            "phone", "language", "needs_interpretation", "chinese_partner", "accepts_news",
        ]  # fmt: skip
        widgets = {
            "name_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "job_title_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "job_title": forms.TextInput(attrs={"size": "60"}),
        }

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"])
        others = Registration.objects.live().filter(edition=self.instance.edition_id, email__iexact=address)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody else is registered with this address."))
        return address


@admin.register(Registration)
class RegistrationAdmin(HouseAdmin):
    task = Task.REGISTRATIONS
    order = 10
    when_empty = gettext_lazy(
        "Everybody who registers stands here. The public form makes the first one, or “Register somebody” above."
    )
    form = RegistrationForm
    change_list_template = "admin/registration/registration/change_list.html"
    change_form_template = "admin/registration/registration/change_form.html"
    list_display = ["name", "stand", "authority", "since", "until"]
    list_display_links = ["name"]
    list_select_related = ["edition", "booking__organisation", "category", "place"]
    list_filter = (*REGISTRATION_FILTERS,)
    search_fields = ["search_key"]
    search_help_text = gettext_lazy(
        "Name, authority, function, address or badge code; with or without accents, in Chinese or in pinyin."
    )
    ordering = ["sort_key", "id"]
    fieldsets = [
        (
            gettext_lazy("Who"),
            {
                "fields": [
                    ("honorific", "given_name", "family_name"),
                    "name_zh",
                    "job_title",
                    "job_title_zh",
                    "is_elected",
                ]
            },
        ),
        (gettext_lazy("How to reach"), {"fields": ["email", "phone", "language"]}),
        (gettext_lazy("With whom"), {"fields": ["chinese_partner", "needs_interpretation", "accepts_news"]}),
    ]
    actions = [
        *[admin_action(step) for step in STEPS[:3]],
        write,
        *[admin_action(step) for step in STEPS[3:]],
    ]

    # -- the list --------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RegistrationList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return Registration.objects.listed()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.matching(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("name and function"), ordering="sort_key")
    def name(self, r: Registration) -> SafeString:
        name_zh = format_html(' <span lang="zh-Hans">{}</span>', r.name_zh) if r.name_zh else ""
        elected = format_html('<br><span class="quiet">{}</span>', _("elected")) if r.is_elected else ""
        line = '{} {}{}<span class="second">{}{}</span>'
        return format_html(line, r.given_name, r.family_name, name_zh, r.job_title, elected)

    @admin.display(description=gettext_lazy("state, place or rank"), ordering="status")
    def stand(self, r: Registration) -> SafeString:
        badge = state_badge(r.status, r.get_status_display())
        return format_html('{}<span class="second">{}</span>', badge, self._place_or_rank(r))

    @staticmethod
    def _place_or_rank(r: Registration) -> str:
        if r.place:
            return _("place %(number)d") % {"number": r.place.number}
        rank = getattr(r, "rank", None)
        return _("rank %(rank)d") % {"rank": rank} if rank else ""

    @admin.display(description=gettext_lazy("authority and category"), ordering="booking__authority_key")
    def authority(self, r: Registration) -> SafeString:
        organisation = r.booking.organisation
        name = (
            in_own_script(organisation.name_fr, organisation.name_zh_hans)
            if organisation
            else r.booking.organisation_name
        )
        return format_html('{}<span class="second quiet">{}</span>', name, r.category)

    @admin.display(description=gettext_lazy("since"), ordering="status_since")
    def since(self, r: Registration) -> str:
        return _short(r.status_since)

    @admin.display(description=gettext_lazy("answer until"), ordering="deadline")
    def until(self, r: Registration) -> str:
        return _short(r.deadline) if r.deadline else "–"

    # -- the page of one -------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A person comes with a request of an authority, so there is one form for both."""
        return redirect("admin:register_by_hand")

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """The menu has an entry of its own for registering somebody."""
        return {**super().get_model_perms(request), "add": False}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        gone = isinstance(obj, Registration) and obj.status not in LIVE
        return not gone and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody vanishes: one cancels. Erasure is asked of the services, not of a list."""
        return False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Registration | None:
        rows = Registration.objects.listed().select_related(
            "edition", "booking__organisation", "category", "place", "chinese_partner"
        )
        return rows.filter(pk=object_id).first() if object_id.isdecimal() else None

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "chinese_partner":
            kwargs["queryset"] = Organisation.objects.filter(side=Side.CHINESE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Registration, form: forms.ModelForm, change: bool
    ) -> None:
        """By the service, which writes the journal and the letter that says what stands now."""
        details = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change(obj, details=details, at=clock.now(), by=staff(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        registration = context.get("original")
        if isinstance(registration, Registration):
            context |= self._facts(request, registration) | {"show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def _facts(self, request: HttpRequest, registration: Registration) -> dict[str, Any]:
        at = clock.now()
        why = explain(registration.edition, [registration], at=at).get(registration.pk, "")
        sees_needs = request.user.has_perm("registration.view_access_needs")
        may_act = request.user.has_perm("registration.change_registration")
        status = Status(registration.status)
        letters = OutgoingEmail.objects.filter(to_email__iexact=registration.email)
        letters = letters.select_related("mailing").defer("text", "html")
        return {
            "why": why,
            "rank": services.rank(registration, at=at) if status == Status.WAITING else None,
            "colleagues": registration.booking.registrations.listed()
            .exclude(pk=registration.pk)
            .order_by("pk"),
            "own": own_sessions(registration),
            "sees_needs": sees_needs,
            "needs": _needs(registration) if sees_needs else None,
            "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(registration)],
            "letters": letters[:30] if request.user.has_perm("assises.view_outgoingemail") else [],
            "steps": [step for step in STEPS if status in step.states and may_act],
            "may_write": may_act,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }


def _needs(registration: Registration) -> dict[str, Any] | None:
    needs = Needs.objects.filter(registration=registration).first()
    if needs is None:
        return None
    words: Sequence[str] = [str(Access(code).label) for code in needs.access if code in Access.values]
    return {"needs": needs, "access": words}


def _short(when: dt.datetime) -> SafeString:
    """Day and hour, short, with the whole of it for machines and for whoever points at it."""
    local = timezone.localtime(when)
    day = f"{local.month}月{local.day}日" if is_chinese(get_language()) else f"{local:%d/%m}"
    whole = local.isoformat(timespec="minutes")
    return format_html(
        '<time datetime="{}" title="{}">{} {}</time>', whole, moment(local), day, f"{local:%H:%M}"
    )

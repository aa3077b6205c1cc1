"""What an edition is made of: its texts, its dates, its themes, who organises it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises import clock, memory
from assises.back_office import (
    HouseAdmin,
    staff,
    working_edition,
)
from assises.days import outside
from assises.enums import MinutesState
from assises.models import (
    Edition,
    Minutes,
    OrganiserCredit,
    Theme,
)
from assises.planning.moving import follow_edition

FRENCH, CHINESE = gettext_lazy("In French"), gettext_lazy("In Chinese")


class OfAnEdition(HouseAdmin):
    """Something of an edition: new ones belong to the current one."""

    list_filter = ["edition"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        edition = working_edition()
        return {**super().get_changeform_initial_data(request), "edition": edition.pk if edition else None}

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        memory.forget()


class EditionForm(forms.ModelForm):
    """The days of an edition keep all that stands on them."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if (
            self.instance.pk
            and first
            and last
            and first <= last
            and (names := outside(self.instance, first, last))
        ):
            named = ", ".join(names[:MOST_NAMED])
            self.add_error(
                "starts_on" if first > self.initial["starts_on"] else "ends_on",
                ngettext(
                    "%(count)d session would fall outside of these days; move it first: %(names)s.",
                    "%(count)d sessions would fall outside of these days; move them first: %(names)s.",
                    len(names),
                )
                % {"count": len(names), "names": named if len(names) <= MOST_NAMED else f"{named}…"},
            )
        return data


#: Names in one sentence.
MOST_NAMED = 5


@admin.register(Edition)
class EditionAdmin(HouseAdmin, TranslationAdmin):
    form = EditionForm
    order = 10
    when_empty = gettext_lazy(
        "Everything hangs from an edition: its host, its days, its places. Add the first one."
    )
    list_display = ["__str__", "number", "host", "starts_on", "ends_on", "capacity_french", "is_current"]
    list_select_related = ["host"]
    readonly_fields = ["capacity_french"]
    fieldsets = [
        (None, {"fields": ["number", "code", "is_current"]}),
        (FRENCH, {"fields": ["name_fr", "short_name_fr", "city_fr", "slogan_fr", "thread_fr", "venue_name_fr"]}),
        (
            CHINESE,
            {
                "fields": [
                    "name_zh_hans", "short_name_zh_hans", "city_zh_hans", "slogan_zh_hans", "thread_zh_hans",
                    "venue_name_zh_hans",
                ]
            },
        ),
        (gettext_lazy("Who and when"), {"fields": ["host", "guest_of_honour", "starts_on", "ends_on", "time_zone", "partner_time_zone"]}),
        (
            gettext_lazy("How many"),
            {
                "fields": ["capacity_total", "capacity_french", "capacity_chinese", "authority_ceiling"],
                "description": gettext_lazy("The French places are changed on the page “Places and quotas”, together with the categories."),
            },
        ),
        (
            gettext_lazy("How long one has to answer"),
            {"fields": ["hold_hours", "offer_working_hours", "working_day_starts", "working_day_ends"]},
        ),
        (
            gettext_lazy("Public addresses"),
            {"fields": ["venue_address", "contact_email", "contact_phone", "contact_address", "dpo_contact"]},
        ),
        (gettext_lazy("Look"), {"fields": ["accent_colour"]}),
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Edition, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.capacity_french = 0  # places come with the categories
        super().save_model(request, obj, form, change)
        if change and "starts_on" in form.changed_data:
            moved = follow_edition(obj, at=clock.now(), by=staff(request))
            if moved:
                words = ngettext(
                    "%(count)d milestone follows the new first day.",
                    "%(count)d milestones follow the new first day.",
                    moved,
                )
                messages.info(request, words % {"count": moved})
        memory.forget()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Validated minutes name the edition by its code; the database holds that too.
        validated = Minutes.objects.filter(meeting__edition=obj, state=MinutesState.VALIDATED)
        return [*self.readonly_fields, "code"] if obj and validated.exists() else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Theme)
class ThemeAdmin(OfAnEdition, TranslationAdmin):
    order = 30
    when_empty = gettext_lazy("The subjects of the edition stand here, each with a shape and a colour.")
    list_display = ["name", "code", "shape", "colour", "order"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "order"]}),
        (pgettext_lazy("of a theme", "Name"), {"fields": ["name_fr", "name_zh_hans"]}),
        (gettext_lazy("Mark"), {"fields": ["shape", "colour"]}),
    ]


@admin.register(OrganiserCredit)
class OrganiserCreditAdmin(OfAnEdition, TranslationAdmin):
    order = 40
    when_empty = gettext_lazy("Co-organisers and supporters stand here, in the order of protocol.")
    list_display = ["organisation", "role", "title", "order"]
    list_select_related = ["organisation"]
    fieldsets = [
        (None, {"fields": ["edition", "organisation", "role", "order"]}),
        (pgettext_lazy("of a text or a session", "Title"), {"fields": ["title_fr", "title_zh_hans"]}),
    ]

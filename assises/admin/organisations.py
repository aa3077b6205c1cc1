"""Organisations of both sides, their partnerships and their contact points."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises.back_office import (
    HouseAdmin,
    Task,
)
from assises.enums import Side
from assises.models import (
    Contact,
    Organisation,
    Partnership,
)


@admin.register(Organisation)
class OrganisationAdmin(HouseAdmin, TranslationAdmin):
    order = 60
    when_empty = gettext_lazy(
        "Authorities of both sides stand here, so that the form finds them. Add the first one."
    )
    list_display = ["in_french", "in_chinese", "kind", "side", "siren", "parent"]
    list_display_links = ["in_french"]
    list_filter = ["side", "kind"]
    list_select_related = ["parent"]
    search_fields = ["search_key"]
    search_help_text = gettext_lazy("Names with or without accents, in Chinese or in pinyin; a SIREN.")
    ordering = ["sort_key"]
    fieldsets = [
        (None, {"fields": ["name_fr", "name_zh_hans", "aliases", "code"]}),
        (gettext_lazy("What it is"), {"fields": ["side", "kind", "siren", "cog", "population"]}),
        (gettext_lazy("Where it belongs"), {"fields": ["parent", "predecessor"]}),
        (None, {"fields": ["note"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.matching(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("name in French"), ordering="sort_key")
    def in_french(self, organisation: Organisation) -> SafeString:
        return format_html('<span lang="fr">{}</span>', organisation.name_fr)

    @admin.display(description=gettext_lazy("name in Chinese"), ordering="name_zh_hans")
    def in_chinese(self, organisation: Organisation) -> SafeString | str:
        if not organisation.name_zh_hans:
            return "–"
        return format_html('<span lang="zh-Hans">{}</span>', organisation.name_zh_hans)


@admin.register(Partnership)
class PartnershipAdmin(HouseAdmin):
    task = Task.PARTNERS
    order = 30
    when_empty = gettext_lazy("A French and a Chinese authority that work together make a line here.")
    list_display = ["french", "chinese", "start_year", "status"]
    list_select_related = ["french", "chinese"]
    list_filter = ["status"]
    search_fields = ["french__search_key", "chinese__search_key"]
    fieldsets = [
        (None, {"fields": ["french", "chinese", "start_year", "status"]}),
        (gettext_lazy("Where it comes from"), {"fields": ["source_fr", "source_zh", "note"]}),
    ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        side = {"french": Side.FRENCH, "chinese": Side.CHINESE}[db_field.name]
        kwargs["queryset"] = Organisation.objects.filter(side=side)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Contact)
class ContactAdmin(HouseAdmin, TranslationAdmin):
    order = 50
    when_empty = gettext_lazy("Who answers for what, and until when, stands here; never on a public page.")
    list_display = ["__str__", "organisation", "role", "workstream", "valid_from", "valid_to"]
    list_select_related = ["organisation"]
    list_filter = ["workstream", "organisation__side"]
    search_fields = ["given_name", "family_name", "email", "organisation__search_key"]
    fieldsets = [
        (None, {"fields": ["organisation", "given_name", "family_name", "email"]}),
        (
            gettext_lazy("In charge of"),
            {"fields": ["role_fr", "role_zh_hans", "workstream", "valid_from", "valid_to"]},
        ),
    ]

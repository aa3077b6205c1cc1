"""The award, its categories, criteria, marks, articles and jury, as lists and forms."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises import clock
from assises.admin.editions import CHINESE, FRENCH, OfAnEdition
from assises.back_office import HouseAdmin, Task, staff
from awards import services
from awards.enums import Phase
from awards.models import Anchor, Article, Call, Category, Criterion, JuryMember, Rules


class OfACall(HouseAdmin, TranslationAdmin):
    """Something of the award of the current edition; the database keeps it once the jury has opened a file."""

    task = Task.AWARD

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(call__edition__is_current=True)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        call = Call.objects.filter(edition__is_current=True).first()
        return {**super().get_changeform_initial_data(request), "call": call.pk if call else None}

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[str]]:
        """What stands in the way, by its kind alone: recusals are for whoever has a seat, drafts for their pair."""
        deleted, counts, lacking, _named = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        kinds = {str(capfirst(found._meta.verbose_name)) for found in collector.protected}
        return deleted, counts, lacking, sorted(kinds)


@admin.register(Call)
class CallAdmin(OfAnEdition, TranslationAdmin):
    task = Task.AWARD
    order = 20
    when_empty = gettext_lazy(
        "The award of an edition and its numbers stand here. Add the one of the current edition."
    )
    list_display = ["name", "edition", "phase"]
    list_select_related = ["edition"]
    fieldsets = [
        (None, {"fields": ["edition"]}),
        (FRENCH, {"fields": ["name_fr", "trophy_fr", "engraving_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans", "trophy_zh_hans", "engraving_zh_hans"]}),
        (
            pgettext_lazy("of the award", "Applications"),
            {
                "fields": [
                    "one_per_partnership", "summary_characters", "pictures", "picture_megabytes", "film_is_required",
                    "film_seconds", "film_megabytes", "completion_hours",
                ]
            },
        ),
        (
            pgettext_lazy("of the award", "Jury"),
            {"fields": ["jury_per_side", "quorum_per_side", "quorum_percent", "votes_are_secret"]},
        ),
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["edition"] if isinstance(obj, Call) and obj.phase != Phase.RULES else []


@admin.register(Category)
class CategoryAdmin(OfACall):
    order = 30
    when_empty = gettext_lazy("Prizes are given in categories: one for each theme, and mentions across them.")
    list_display = ["name", "theme", "prizes", "order"]
    list_select_related = ["theme"]
    fieldsets = [
        (None, {"fields": ["call", "code", "theme", "prizes", "order"]}),
        (FRENCH, {"fields": ["name_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans"]}),
    ]


@admin.register(Criterion)
class CriterionAdmin(OfACall):
    order = 40
    when_empty = gettext_lazy("What the jury marks from 1 to 5 stands here; the weights are 100 together.")
    list_display = ["name", "weight", "breaks_ties", "order"]
    fieldsets = [
        (None, {"fields": ["call", "code", "weight", "breaks_ties", "order"]}),
        (FRENCH, {"fields": ["name_fr", "question_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans", "question_zh_hans"]}),
    ]


@admin.register(Anchor)
class AnchorAdmin(OfACall):
    order = 41
    when_empty = gettext_lazy(
        "What each mark from 1 to 5 means for each criterion stands here, in both languages."
    )
    list_display = ["criterion", "mark", "meaning"]
    list_select_related = ["criterion"]
    list_filter = ["criterion"]
    list_display_links = ["mark"]
    ordering = ["criterion__order", "mark"]
    fieldsets = [
        (None, {"fields": ["criterion", "mark"]}),
        (FRENCH, {"fields": ["meaning_fr"]}),
        (CHINESE, {"fields": ["meaning_zh_hans"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return HouseAdmin.get_queryset(self, request).filter(criterion__call__edition__is_current=True)


@admin.register(Article)
class ArticleAdmin(OfACall):
    """Articles of the draft are written; those of a frozen version are read."""

    order = 50
    when_empty = gettext_lazy(
        "The rules of the award are written here, article by article, in both languages."
    )
    list_display = ["number", "title", "rules"]
    list_display_links = ["title"]
    list_select_related = ["rules"]
    list_filter = ["rules"]
    ordering = ["-rules__version", "number"]
    fieldsets = [
        (None, {"fields": ["rules", "number"]}),
        (FRENCH, {"fields": ["title_fr", "text_fr"]}),
        (CHINESE, {"fields": ["title_zh_hans", "text_zh_hans"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return HouseAdmin.get_queryset(self, request).filter(rules__call__edition__is_current=True)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        draft = Rules.objects.in_draft().filter(call__edition__is_current=True).first()
        return {**super().get_changeform_initial_data(request), "rules": draft.pk if draft else None}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)


def _is_open(article: Any) -> bool:
    return article is None or article.rules.frozen_at is None


@admin.register(JuryMember)
class JuryMemberAdmin(OfACall):
    order = 60
    when_empty = gettext_lazy(
        "The jury has equal sides, two co-presidents and two secretaries. Add its members."
    )
    list_display = ["user", "side", "role", "organisation", "function"]
    list_select_related = ["user", "organisation"]
    fieldsets = [
        (None, {"fields": ["call", "user", "side", "role", "organisation"]}),
        (FRENCH, {"fields": ["function_fr"]}),
        (CHINESE, {"fields": ["function_zh_hans"]}),
    ]

    def save_model(self, request: HttpRequest, obj: JuryMember, form: Any, change: bool) -> None:
        services.appoint(obj, at=clock.now(), by=staff(request))

    def delete_model(self, request: HttpRequest, obj: JuryMember) -> None:
        services.dismiss([obj], at=clock.now(), by=staff(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[JuryMember]) -> None:
        services.dismiss(queryset, at=clock.now(), by=staff(request))

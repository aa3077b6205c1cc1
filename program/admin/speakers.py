"""The speakers, with their names in both scripts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises import clock
from assises.back_office import HouseAdmin, Task, name_actions, staff, working_edition
from assises.enums import Side
from assises.forms.fields import HANZI
from assises.templatetags.components import state as state_badge
from assises.templatetags.typography import in_both, in_own_script
from program import services
from program.enums import SpeakerState
from program.models import ProtocolRank, Speaker

name_actions(
    {
        "speaker_added": gettext_lazy("speaker added"),
        "speaker_changed": gettext_lazy("speaker changed"),
        "speaker_asked": gettext_lazy("speaker to be asked anew"),
        "speaker_confirmed": gettext_lazy("speaker has confirmed"),
        "speaker_declined": gettext_lazy("speaker has declined"),
    }
)


class PinyinFilter(admin.SimpleListFilter):
    title = gettext_lazy("pinyin")
    parameter_name = "pinyin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("check", gettext_lazy("to be confirmed by a person")),
            ("done", pgettext_lazy("pinyin", "confirmed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> QuerySet[Speaker]:
        with_characters = queryset.filter(side=Side.CHINESE).exclude(name_zh="")
        match self.value():
            case "check":
                return with_characters.filter(pinyin_confirmed=False)
            case "done":
                return with_characters.filter(pinyin_confirmed=True)
        return queryset


class SpeakerForm(forms.ModelForm):
    class Meta:
        model = Speaker
        fields = "__all__"  # noqa: DJ007
        widgets = {"name_zh": forms.TextInput(attrs={"lang": "zh-Hans"})}

    def clean_name_zh(self) -> str:
        name = str(self.cleaned_data["name_zh"]).strip()
        if name:
            HANZI(name)
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if len(data.get("name_zh") or "") < (data.get("family_name_zh_length") or 1) and data.get("name_zh"):
            self.add_error(
                "family_name_zh_length", _("The family name is longer than the name. For 欧阳文 write 2.")
            )
        return data


@admin.register(Speaker)
class SpeakerAdmin(HouseAdmin, TranslationAdmin):
    task = Task.PROGRAMME
    order = 50
    form = SpeakerForm
    when_empty = gettext_lazy(
        "Whoever speaks, or was asked to, stands here. A contribution brings its speaker; add those of ceremonies."
    )
    list_display = ["name", "names_in_chinese", "function_and_authority", "stand", "rank"]
    list_display_links = ["name"]
    list_filter = ["state", "side", PinyinFilter, ("rank", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation", "rank"]
    # Nobody vanishes by the dozen: one by one, and only whom nothing depends on.
    actions = None
    search_fields = ["search_key"]
    search_help_text = gettext_lazy(
        "Name, function, authority or address; with or without accents, in Chinese or in pinyin."
    )
    fieldsets = [
        (None, {"fields": ["edition", "side", "organisation", "function_fr", "function_zh_hans", "state"]}),
        (gettext_lazy("Name in Latin letters"), {"fields": [("given_name", "family_name")]}),
        (
            gettext_lazy("Name in Chinese characters"),
            {
                "fields": [
                    ("name_zh", "family_name_zh_length"),
                    ("family_pinyin", "given_pinyin"),
                    "pinyin_confirmed",
                ],
                "description": gettext_lazy(
                    "Leave the pinyin empty and save: it is proposed (family name first, given name in one word). Read it, correct it, then tick that it is confirmed. Other characters have to be confirmed anew."
                ),
            },
        ),
        (
            gettext_lazy("Protocol"),
            {"fields": ["rank", ("rank_override", "rank_override_reason"), "counterpart"]},
        ),
        (gettext_lazy("How to reach"), {"fields": ["email", "language"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        return Speaker.objects.filter(edition__is_current=True).select_related("organisation", "rank")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.matching(search_term) if search_term else queryset), False  # type: ignore[attr-defined]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        edition = working_edition()
        return {**super().get_changeform_initial_data(request), "edition": edition.pk if edition else None}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rank":
            kwargs["queryset"] = ProtocolRank.objects.filter(edition__is_current=True)
        if db_field.name == "counterpart":
            kwargs["queryset"] = Speaker.objects.filter(edition__is_current=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only whom nothing depends on: a speaker of a contribution or of a ceremony stays."""
        used = isinstance(obj, Speaker) and (obj.parts.exists() or obj.contributions.exists())
        return not used and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Speaker, form: forms.ModelForm, change: bool) -> None:
        """By the service, which proposes pinyin, takes a stale confirmation back and writes the journal."""
        done = services.write_speaker(obj, changed=form.changed_data, at=clock.now(), by=staff(request))
        if done.side == Side.CHINESE and done.family_pinyin and not done.pinyin_confirmed:
            messages.warning(
                request,
                _("Pinyin to be confirmed: %(name)s. Read it aloud, then tick “confirmed”.")
                % {"name": done.full_name},
            )

    # -- the list --------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("name"), ordering="family_name")
    def name(self, speaker: Speaker) -> SafeString | str:
        """The family name in capitals, so that nobody inverts them."""
        if speaker.side == Side.CHINESE:
            return speaker.printed_name or _("not named yet")
        if speaker.family_name:
            return format_html("{} <strong>{}</strong>", speaker.given_name, speaker.family_name)
        return _("not named yet")

    @admin.display(description=gettext_lazy("in Chinese characters"), ordering="family_pinyin")
    def names_in_chinese(self, speaker: Speaker) -> SafeString | str:
        if not speaker.name_zh:
            return "–"
        cut = speaker.family_name_zh_length
        line = format_html(
            '<span lang="zh-Hans"><strong>{}</strong>{}</span>', speaker.name_zh[:cut], speaker.name_zh[cut:]
        )
        if speaker.side == Side.CHINESE and not speaker.pinyin_confirmed:
            return format_html('{}<span class="second quiet">{}</span>', line, _("pinyin to be confirmed"))
        return line

    @admin.display(description=gettext_lazy("function and authority"))
    def function_and_authority(self, speaker: Speaker) -> SafeString:
        organisation = speaker.organisation
        below = in_own_script(organisation.name_fr, organisation.name_zh_hans) if organisation else ""
        function = in_both(speaker.function_fr, speaker.function_zh_hans)
        return format_html('{}<span class="second quiet">{}</span>', function, below)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stand(self, speaker: Speaker) -> SafeString:
        return state_badge(speaker.state, SpeakerState(speaker.state).label)

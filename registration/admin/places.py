"""Places and quotas: typed together, looked at, then changed at once for all."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises import clock, journal, memory
from assises.back_office import HouseAdmin, Task, action_name, page, show, staff, working_edition
from assises.characters import writable
from assises.exceptions import Refusal
from assises.models import Edition
from registration import services
from registration.enums import Status
from registration.models import Category, Registration
from registration.statistics import chinese_places
from registration.summary import CategoryCount, Summary, count


@admin.register(Category)
class CategoryAdmin(HouseAdmin, TranslationAdmin):
    task = Task.PLACES
    order = 30
    when_empty = gettext_lazy(
        "Each kind of participant has places of its own. Add the first category, then give it places."
    )
    list_display = ["name", "code", "is_reserve", "kinds", "order"]
    list_filter = ["edition"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "order"]}),
        (gettext_lazy("In French"), {"fields": ["name_fr", "description_fr"]}),
        (gettext_lazy("In Chinese"), {"fields": ["name_zh_hans", "description_zh_hans"]}),
        (gettext_lazy("Who comes here"), {"fields": ["organisation_kinds", "is_reserve"]}),
    ]

    @admin.display(description=gettext_lazy("kinds of organisation"))
    def kinds(self, category: Category) -> str:
        return ", ".join(category.organisation_kinds)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = isinstance(obj, Category) and (obj.places.exists() or obj.registrations.exists())
        return not used and super().has_delete_permission(request, obj)


class PlacesForm(forms.Form):
    """How many places each category has."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        validators=[writable],
        widget=forms.TextInput(attrs={"size": "60"}),
        help_text=gettext_lazy(
            "It stands in the journal. For example: the steering committee of 12 October."
        ),
        error_messages={"required": gettext_lazy("Say why the places change: it stands in the journal.")},
    )

    def __init__(self, data: Any = None, *, summary: Summary) -> None:
        super().__init__(data, use_required_attribute=False)
        self.summary = summary
        for c in summary.categories:
            self.fields[f"quota-{c.category.pk}"] = forms.IntegerField(
                label=str(c.category),
                min_value=0,
                max_value=10_000,
                initial=c.quota,
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
                error_messages={
                    "required": _("Write a number, for example: %(example)d.") % {"example": c.quota},
                    "invalid": _("Write a number, for example: %(example)d.") % {"example": c.quota},
                },
            )

    def rows(self) -> list[tuple[CategoryCount, forms.BoundField]]:
        return [(c, self[f"quota-{c.category.pk}"]) for c in self.summary.categories]

    @property
    def quotas(self) -> dict[int, int]:
        return {c.category.pk: self.cleaned_data[f"quota-{c.category.pk}"] for c in self.summary.categories}


@dataclass(frozen=True)
class Effect:
    """What a change of quotas would do."""

    before: Summary
    after: Summary
    #: Who would be offered a place, in the order of the list.
    offered: list[Registration]

    @property
    def pairs(self) -> list[tuple[CategoryCount, CategoryCount]]:
        return list(zip(self.before.categories, self.after.categories, strict=True))


def effect_of(edition: Edition, quotas: dict[int, int], *, at: dt.datetime) -> Effect:
    """What would happen: it is done as it would be, looked at, and taken back. Raises ``Refusal`` as the service does."""
    before = count(edition, at=at)
    waiting = set(Registration.objects.filter(edition=edition).waiting().values_list("pk", flat=True))
    with transaction.atomic():
        services.set_capacity(edition, quotas, at=at, by=None, reason="-")
        after = count(edition, at=at)
        offered = Registration.objects.filter(pk__in=waiting, status=Status.OFFERED).select_related(
            "booking", "category"
        )
        people = list(offered.order_by("booking_id", "pk"))
        transaction.set_rollback(True)
    return Effect(before, after, people)


@page(
    "places/",
    name="places",
    title=gettext_lazy("Places and quotas"),
    permission="registration.view_place",
    task=Task.PLACES,
    order=10,
)
def places(request: HttpRequest) -> HttpResponse:
    """The 200 by category, the 300 of the Chinese side as counts beside, and the 500 of the building."""
    edition = working_edition()
    title = _("Places and quotas")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    at = clock.now()
    may_change = request.user.has_perm("registration.change_place")
    summary = count(edition, at=at)
    form = PlacesForm(request.POST if may_change and request.method == "POST" else None, summary=summary)
    effect = None
    if form.is_bound and form.is_valid() and "edit" not in request.POST:
        try:
            if "save" in request.POST:
                return _save(request, edition, form, at)
            effect = effect_of(edition, form.quotas, at=at)
        except Refusal as refused:
            form.add_error(None, str(refused))
    return show(
        request,
        "registration/back_office/places.html",
        {
            "title": title,
            "form": form,
            "effect": effect,
            "summary": summary,
            "working_edition": edition,
            "may_change": may_change,
            "chinese": chinese_places(edition),
            "spare": edition.capacity_total - edition.capacity_french - edition.capacity_chinese,
            "history": [
                {"entry": e, "words": action_name(e.action)}
                for e in journal.of(edition).filter(action="capacity")[:10]
            ],
        },
    )


def _save(request: HttpRequest, edition: Edition, form: PlacesForm, at: dt.datetime) -> HttpResponse:
    services.set_capacity(edition, form.quotas, at=at, by=staff(request), reason=form.cleaned_data["reason"])
    memory.forget()
    messages.success(request, _("The places are changed. New free ones were offered along the waiting list."))
    return redirect("admin:places")

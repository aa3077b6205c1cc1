"""The Chinese side: counts by delegation, and who asks for invitation letters. Never a name."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from assises.back_office import HouseAdmin, ReadOnlyAdmin, Task, working_edition
from assises.enums import Side
from assises.models import Organisation
from registration.models import DelegationAllotment, InvitationLetterRequest
from registration.statistics import chinese_places, letter_requests


@admin.register(DelegationAllotment)
class DelegationAllotmentAdmin(HouseAdmin):
    task = Task.PARTNERS
    order = 10
    when_empty = gettext_lazy(
        "The APCAE tells how many people each delegation sends. Add the first delegation with its number."
    )
    change_list_template = "admin/registration/delegationallotment/change_list.html"
    list_display = ["organisation", "seats", "note"]
    list_select_related = ["organisation"]
    list_filter = ["edition"]
    search_fields = ["organisation__search_key"]
    fieldsets = [(None, {"fields": ["edition", "organisation", "seats", "note"]})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        edition = working_edition()
        return {**super().get_changeform_initial_data(request), "edition": edition.pk if edition else None}

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.filter(side=Side.CHINESE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        edition = working_edition()
        numbers = (
            {"allotted": chinese_places(edition), "capacity": edition.capacity_chinese} if edition else None
        )
        if numbers:
            numbers["over"] = max(numbers["allotted"] - numbers["capacity"], 0)
            numbers["left"] = max(numbers["capacity"] - numbers["allotted"], 0)
        return super().changelist_view(request, {"numbers": numbers, **(extra_context or {})})


@admin.register(InvitationLetterRequest)
class InvitationLetterRequestAdmin(ReadOnlyAdmin):
    task = Task.PARTNERS
    order = 20
    when_empty = gettext_lazy(
        "A French authority whose partner asks for an invitation letter tells so on the public page; it is counted here."
    )
    change_list_template = "admin/registration/invitationletterrequest/change_list.html"
    list_display = ["organisation_name", "partner", "partner_name", "people", "at"]
    list_select_related = ["partner"]
    list_filter = ["edition"]
    search_fields = ["organisation_name", "partner_name", "partner__search_key"]
    fields = ["organisation_name", "partner", "partner_name", "people", "at"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        edition = working_edition()
        counts = letter_requests(edition) if edition else []
        return super().changelist_view(request, {"counts": counts, **(extra_context or {})})

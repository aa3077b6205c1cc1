"""The requests: who asked for whom."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from assises import clock, journal
from assises.back_office import ReadOnlyAdmin, Task, action_name
from registration.enums import Status
from registration.models import Booking, Registration
from registration.queue import explain, rank_of


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    task = Task.REGISTRATIONS
    order = 50
    when_empty = gettext_lazy(
        "Each form that is sent makes one request, for one to six people of one authority."
    )
    change_form_template = "admin/registration/booking/change_form.html"
    list_display = [
        "organisation_name",
        "contact",
        "people",
        "together",
        "source",
        "submitted_at",
        "address_confirmed_at",
    ]
    list_filter = ["source", "together", "organisation_kind", "language"]
    search_fields = ["organisation_name"]
    search_help_text = gettext_lazy("Names of the people or of the authority, in any script.")
    fields = [
        "organisation_name", "organisation_kind", "contact", "email", "language", "together", "source", "submitted_at",
        "address_confirmed_at",
    ]  # fmt: skip
    readonly_fields = ["contact"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return Booking.objects.annotate(
            n=Count("registrations", filter=~Q(registrations__status=Status.DUPLICATE))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        people = Registration.objects.matching(search_term).filter(booking=OuterRef("pk"))
        return queryset.filter(Exists(people)), False

    @admin.display(description=gettext_lazy("contact person"), ordering="family_name")
    def contact(self, booking: Booking) -> str:
        return f"{booking.given_name} {booking.family_name}"

    @admin.display(description=gettext_lazy("people"), ordering="n")
    def people(self, booking: Booking) -> int:
        return booking.n  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        booking = context.get("original")
        if isinstance(booking, Booking):
            at = clock.now()
            people = list(
                booking.registrations.listed().select_related("category", "place", "edition").order_by("pk")
            )
            reasons = explain(booking.edition, people, at=at)
            ranks = rank_of(booking.edition, at=at) if reasons else {}
            context["people"] = [
                {"registration": r, "why": reasons.get(r.pk, ""), "rank": ranks.get(r.pk)} for r in people
            ]
            context["history"] = [{"entry": e, "words": action_name(e.action)} for e in journal.of(booking)]
        return super().render_change_form(request, context, *args, **kwargs)

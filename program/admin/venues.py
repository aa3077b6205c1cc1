"""Places and ranks: what a programme needs to be there before it is composed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises.admin.editions import OfAnEdition
from assises.back_office import HouseAdmin, Task
from program.models import ProtocolRank, Room, Venue

FRENCH, CHINESE = gettext_lazy("In French"), gettext_lazy("In Chinese")


@admin.register(Venue)
class VenueAdmin(OfAnEdition, TranslationAdmin):
    task = Task.PROGRAMME
    order = 60
    when_empty = gettext_lazy("Buildings and sites stand here; rooms belong to them. Add the first one.")
    list_display = ["name", "code", "address", "travel_minutes", "order"]
    search_fields = ["name_fr", "name_zh_hans", "code"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "order"]}),
        (FRENCH, {"fields": ["name_fr", "directions_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans", "directions_zh_hans"]}),
        (gettext_lazy("Way"), {"fields": ["address", "travel_minutes"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = isinstance(obj, Venue) and obj.rooms.filter(sessions__isnull=False).exists()
        return not used and super().has_delete_permission(request, obj)


@admin.register(Room)
class RoomAdmin(HouseAdmin, TranslationAdmin):
    task = Task.PROGRAMME
    order = 61
    when_empty = gettext_lazy(
        "Rooms are the columns of the timetable. Add a venue first, then its rooms with their capacity."
    )
    list_display = ["name", "venue", "capacity", "is_accessible", "order"]
    list_select_related = ["venue"]
    list_filter = ["venue"]
    search_fields = ["name_fr", "name_zh_hans", "code"]
    fieldsets = [
        (None, {"fields": ["venue", "code", "order"]}),
        (FRENCH, {"fields": ["name_fr", "equipment_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans", "equipment_zh_hans"]}),
        (pgettext_lazy("of a room", "Size and access"), {"fields": ["capacity", "is_accessible"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The venue says which edition a room belongs to: it stays while sessions take place there.
        return ["venue"] if isinstance(obj, Room) and obj.sessions.exists() else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = isinstance(obj, Room) and obj.sessions.exists()
        return not used and super().has_delete_permission(request, obj)


@admin.register(ProtocolRank)
class ProtocolRankAdmin(OfAnEdition, TranslationAdmin):
    task = Task.PROGRAMME
    order = 70
    when_empty = gettext_lazy("The ranks of the public ceremonies stand here, in the order of precedence.")
    list_display = ["title", "order", "represents_state", "code"]
    fieldsets = [
        (None, {"fields": ["edition", "code", "order", "represents_state"]}),
        (pgettext_lazy("of a rank", "Title"), {"fields": ["title_fr", "title_zh_hans"]}),
    ]

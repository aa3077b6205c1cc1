"""Who works in the back office, in which roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from assises.back_office import (
    HouseAdmin,
    Task,
)
from assises.models import (
    User,
)


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(HouseAdmin, DjangoUserAdmin):
    task = Task.ACCOUNTS
    order = 10
    add_form = NewUserForm
    list_display = [
        "email",
        "first_name",
        "last_name",
        "language",
        "side",
        "is_active",
        "is_superuser",
        "last_login",
    ]
    list_filter = ["is_active", "is_superuser", "groups", "side", "language"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (gettext_lazy("Who"), {"fields": ["first_name", "last_name", "side", "language"]}),
        (
            gettext_lazy("What this account may do"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups"]},
        ),
        (gettext_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "password1", "password2"]}),
        (gettext_lazy("Who"), {"fields": ["first_name", "last_name", "side", "language"]}),
        (gettext_lazy("What this account may do"), {"fields": ["is_staff", "groups"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    # Django's list with two columns needs a script; a few boxes do not.
    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(HouseAdmin, DjangoGroupAdmin):
    task = Task.ACCOUNTS
    order = 20
    filter_horizontal = ()

"""Who works in the back office, in which roles; how they come in, and what helps when a telephone is lost."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import accounts, clock
from assises.back_office import HouseAdmin, Task, name_actions, staff
from assises.exceptions import Refusal
from assises.models import (
    User,
)

name_actions(
    {
        "account_invited": gettext_lazy("invited to the account"),
        "account_joined": gettext_lazy("came in by the invitation"),
        "account_password_chosen": gettext_lazy("new password chosen by letter"),
        "second_factor_enrolled": gettext_lazy("second factor set up"),
        "second_factor_removed": gettext_lazy("second factor removed"),
        "second_factor_reset": gettext_lazy("second factor reset by an administrator"),
    }
)


def _invite(request: HttpRequest, user: User) -> str:
    accounts.invite(user, at=clock.now(), by=staff(request))
    return _("The invitation is on its way to %(address)s.") % {"address": user.email}


def _reset(request: HttpRequest, user: User) -> str:
    accounts.reset_second_factor(user, at=clock.now(), by=staff(request))
    return _("The second factor is reset; a letter tells the person.")


_STEPS: dict[str, Callable[[HttpRequest, User], str]] = {"invite": _invite, "reset": _reset}


class NewUserForm(forms.ModelForm):
    """Without a password: the person chooses it, behind the link of the invitation."""

    class Meta:
        model = User
        fields = ["email"]

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
            self.save_m2m()
        return user


@admin.register(User)
class UserAdmin(HouseAdmin, DjangoUserAdmin):
    task = Task.ACCOUNTS
    order = 10
    add_form = NewUserForm
    add_form_template = None
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
        (None, {"fields": ["email"]}),
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide)
        return [
            path("<int:pk>/acces/<slug:step>/", view, name="assises_user_decide"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Invite, or reset the second factor of whoever has lost a telephone."""
        user = self.get_queryset(request).filter(pk=pk).first() if pk < 2**31 else None
        if user is None or step not in _STEPS:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            try:
                messages.success(request, _STEPS[step](request, user))
            except Refusal as refused:
                messages.error(request, str(refused))
        return redirect("admin:assises_user_change", pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        user = context.get("original")
        if isinstance(user, User):
            context |= {
                "invitation": accounts.invitation_of(user),
                "has_second_factor": accounts.has_second_factor(user),
                "must_have_second_factor": accounts.must_have_second_factor(user),
            }
        return super().render_change_form(request, context, *args, **kwargs)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(HouseAdmin, DjangoGroupAdmin):
    task = Task.ACCOUNTS
    order = 20
    filter_horizontal = ()


# Secrets are looked at by nobody; addresses stand with the accounts themselves.
for model in (Authenticator, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

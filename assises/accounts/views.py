"""The pages of one's own account: allauth's where there is one, guarded, and what lies behind the links in letters."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assises import accounts, clock, journal
from assises.abuse import address_of, allow
from assises.accounts.forms import ChangePasswordForm, ChoosePasswordForm, ForgottenForm, use_up
from assises.accounts.limits import HOUR
from assises.accounts.second_factor import (
    has_second_factor,
    led_elsewhere,
    must_have_second_factor,
    used_second_factor,
)
from assises.back_office import staff
from assises.exceptions import Refusal
from assises.models import User

View = Callable[..., HttpResponseBase]
#: Letters with a link that one address may ask for in an hour.
LETTERS_PER_HOUR = 20


def for_oneself(view: View) -> View:
    """For who is logged in; whoever has a second factor must have used it in this session, not just the password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return led_elsewhere(request) or view(request, *args, **kwargs)
        if has_second_factor(staff(request)) and not used_second_factor(request):
            return led_elsewhere(request, factor=True) or view(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def _onward(request: HttpRequest, name: str) -> str:
    """The address of a page, which leads on to the page that was asked for."""
    onward = get_next_redirect_url(request)
    return reverse(name, query={"next": onward} if onward else None)


def _enrolled(request: HttpRequest, kind: str) -> Authenticator:
    """Somebody has shown a new factor to work: so it was used in this session."""
    user = staff(request)
    factor = Authenticator.objects.filter(user=user, type=kind).latest("id")
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    journal.write([journal.entry(user, "second_factor_enrolled", at=clock.now(), by=user)])
    messages.success(request, _("Your second factor works."))
    return factor


class Challenge(base.AuthenticateView):
    """The second factor, between the password and the session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        return super().get_context_data(**kwargs) | {"types": _types(user)}


class Confirm(base.ReauthenticateView):
    """The second factor once more, or for the first time in a session that began without it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"types": _types(self.request.user)}


class ConfirmKey(keys.ReauthenticateWebAuthnView):
    """A key once more."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for text in form.errors.get("credential", []):
            messages.error(self.request, text)
        return redirect(_onward(self.request, "mfa_reauthenticate_webauthn"))


def _types(user: Any) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


class Account(base.IndexView):
    """One's own account: the password, the second factor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff(self.request)
        return super().get_context_data(**kwargs) | {"is_required": must_have_second_factor(user)}


class Enrol(totp.ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                use_up(_enrolled(self.request, Authenticator.Type.TOTP), form.cleaned_data["code"])
        except IntegrityError:  # sent twice at once
            return redirect(_onward(self.request, "mfa_index"))
        return response

    def get_success_url(self) -> str:
        """To the recovery codes, which are shown this once, and on from there."""
        page = "mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index"
        return _onward(self.request, page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff(self.request)
        return super().get_context_data(**kwargs) | {"is_required": must_have_second_factor(user)}


class RemoveApp(totp.DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _removed(self.request)
        return response


class AddKey(keys.AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            _enrolled(self.request, Authenticator.Type.WEBAUTHN)
        return response

    def get_success_url(self) -> str:
        page = "mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index"
        return _onward(self.request, page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Allauth's own loses the form that came back with an error.
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form()}


class RemoveKey(keys.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _removed(self.request)
        return response


def _removed(request: HttpRequest) -> None:
    user = staff(request)
    journal.write([journal.entry(user, "second_factor_removed", at=clock.now(), by=user)])
    messages.success(request, _("Removed. It opens your account no more."))


class RecoveryCodes(codes.ViewRecoveryCodesView):
    """The codes, once; on paper, or as a file that the page itself carries."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        text = "\n".join([_("Recovery codes of %(account)s") % {"account": staff(self.request).email}, "", *context["unused_codes"], ""])  # fmt: skip
        return context | {
            "download": f"data:text/plain;charset=utf-8,{quote(text)}",
            "onward": get_next_redirect_url(self.request) or reverse("mfa_index"),
        }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter with a link; the answer is the same whether or not there is an account."""
    form = ForgottenForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        if not allow("password-letter", address_of(request), limit=LETTERS_PER_HOUR, seconds=HOUR):
            return render(request, "account/429.html", status=429)
        accounts.send_forgotten(form.cleaned_data["email"], at=clock.now())
        return render(request, "account/forgotten_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "account/forgotten.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """Behind the link of a letter: choose a password, then come in; looking at the page uses nothing up."""
    try:
        user = accounts.user_behind(token, at=clock.now())
        form = ChoosePasswordForm(user, request.POST or None, use_required_attribute=False)
        if request.method != "POST" or not form.is_valid():
            return render(request, "account/choose_password.html", {"form": form, "account": user})
        user = accounts.choose_password(token, form.cleaned_data["new_password1"], at=clock.now())
    except Refusal as refused:
        return render(request, "account/link_dead.html", {"refusal": str(refused)}, status=410)
    onward = get_next_redirect_url(request)
    logout(request)
    messages.success(request, _("Your password is kept."))
    return perform_login(request, user, redirect_url=onward)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password in the place of one's own; other sessions of the account end."""
    user: User = staff(request)
    form = ChangePasswordForm(user, request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Elsewhere you are logged out."))
        return redirect("mfa_index")
    return render(request, "account/password_change.html", {"form": form})

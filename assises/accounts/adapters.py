"""What django-allauth asks of this site: where pages lead, what is said, how secrets are kept."""

import base64
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assises.abuse import address_of
from assises.accounts.second_factor import has_second_factor, must_have_second_factor
from assises.current import current_edition
from assises.exceptions import Refusal
from assises.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("There is no account with this address and this password. Check both."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of the host by which somebody came."""
        return url_has_allowed_host_and_scheme(
            url, {self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The back office for who works there, the first page for others, in the language of the account."""
        assert isinstance(request.user, User)
        with translation.override(request.user.language):
            return reverse("admin:index" if request.user.is_staff else "home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it with that: a password alone must not take the factor away."""
        methods = super().get_reauthentication_methods(user)
        factor = [method for method in methods if method["id"].startswith("mfa_")]
        return factor or methods

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, message: Any = None, **kwargs: Any) -> None:  # fmt: skip
        """Allauth's own sentences stay away: our pages say what was done."""
        if message:
            messages.add_message(request, level, message)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        if not has_second_factor(user):
            # The password was given a moment ago: it need not be given again to enrol a factor.
            record_authentication(request, user, "password", reauthenticated=True)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase:
        """To the page that was asked for; first to enrol, where a second factor is required and missing."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        if must_have_second_factor(user) and not has_second_factor(user):
            with translation.override(user.language):
                enrol = reverse("mfa_activate_totp")
            return redirect(f"{enrol}?{urlencode({'next': response.headers['Location']})}")
        return response


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, or was used already. Wait for the next one and type it."),
    }

    def get_totp_issuer(self) -> str:
        edition = current_edition()
        return edition.short_name if edition else gettext("Assises")

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def build_totp_svg(self, url: str) -> str:
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(
            drawn, "svg", scale=5, border=4, dark="#1c2433", light="#ffffff", omitsize=True, xmldecl=False
        )
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Refusal where the key that it was encrypted with is no longer known."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise Refusal(
                gettext("Your second factor cannot be read any more. Ask an administrator to reset it.")
            ) from error


def _cipher() -> MultiFernet:
    """Keys of their own, made from the secret of the site; those of former secrets still open."""
    return MultiFernet([_key(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"assises.accounts.second_factor").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))

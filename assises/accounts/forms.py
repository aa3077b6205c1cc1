"""The forms of the accounts: allauth's, with our words, and codes that are good for one use."""

import struct
import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.accounts.limits import code_was_right, may_try_code
from assises.forms.fields import AddressField, active_language, email


def _password(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **kwargs,
    )


def _address(label: Any) -> AddressField:
    field = email(label, autocomplete="username")
    field.help_text = ""
    return field


class LoginForm(account.LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["login"] = _address(capfirst(_("e-mail address")))
        self.fields["password"] = _password(_("Password"), "current-password")
        self.order_fields(["login", "password"])


class ConfirmPasswordForm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["password"] = _password(_("Password"), "current-password")


class ForgottenForm(forms.Form):
    email = _address(_("E-mail address of your account"))


def _rules() -> str:
    between = "" if active_language().startswith("zh") else " "
    return between.join(str(text) for text in password_validators_help_texts())


_RULES = lazy(_rules, str)()


class ChoosePasswordForm(SetPasswordForm):
    """A first password, or a new one in the place of a forgotten one."""

    new_password1 = _password(_("New password"), "new-password", help_text=_RULES)
    new_password2 = _password(_("The same password again"), "new-password")


class ChangePasswordForm(PasswordChangeForm):
    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": _("This is not your password.")
    }
    old_password = _password(_("Your present password"), "current-password")
    new_password1 = _password(_("New password"), "new-password", help_text=_RULES)
    new_password2 = _password(_("The same password again"), "new-password")


class CodeForm(forms.Form):
    """A field for a code, of which few wrong ones may be tried; digits may be typed as Chinese keyboards write them."""

    user: Any
    code = forms.CharField(
        label=pgettext_lazy("second factor", "Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "short",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean_code(self) -> str:
        if not may_try_code(self.user):
            raise forms.ValidationError(_("Too many wrong codes for this account. Try again in an hour."))
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        with transaction.atomic():
            code: str = super().clean_code()  # type: ignore[misc]
            self.accept(code)
        code_was_right(self.user)
        return code

    def accept(self, code: str) -> None:
        """What else must hold of a right code."""


class _OneUse(CodeForm):
    """Refuses a code that was used before, also where the cache that allauth asks has forgotten it."""

    authenticator: Authenticator

    def accept(self, code: str) -> None:
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_up(self.authenticator, code)


def use_up(authenticator: Authenticator, code: str) -> None:
    """Note that this code was used, and with it all older ones; ValidationError if it was used before."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    typed = "".join(filter(str.isdecimal, code))
    counter = next(
        (c for c in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, c)) == typed), 0
    )
    if counter <= row.data.get("used_until", 0):
        raise get_adapter().validation_error("incorrect_code")
    row.data["used_until"] = counter
    row.save(update_fields=["data"])


class AuthenticateForm(_OneUse, base.AuthenticateForm):
    """The second factor at login: a code of the app, or a recovery code."""


class ConfirmCodeForm(_OneUse, base.ReauthenticateForm):
    """The second factor once more, before something that matters."""


class EnrolForm(CodeForm, totp.ActivateTOTPForm):
    """The first code of a new app. Its secret waits in the session, encrypted, and stays the same when the page is
    asked for again, for it may have been scanned already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        kept = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if kept:
            self.secret = decrypt(kept)
        session[SECRET_SESSION_KEY] = encrypt(self.secret)


#: What the library raises, beside what allauth catches, over an answer that no key has given.
_NO_ANSWER_OF_A_KEY = (LookupError, TypeError, ValueError, AttributeError, struct.error, InvalidSignature)


def _not_understood() -> forms.ValidationError:
    return forms.ValidationError(_("The answer of the key was not understood. Try again."))


class AddKeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of this key"), max_length=60, required=False, initial=self.initial.get("name")
        )

    def clean(self) -> Any:
        try:
            return super().clean()
        except _NO_ANSWER_OF_A_KEY as error:
            raise _not_understood() from error


class AuthenticateKeyForm(webauthn.AuthenticateWebAuthnForm):
    """A key at login."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except _NO_ANSWER_OF_A_KEY as error:
            raise _not_understood() from error


class ConfirmKeyForm(AuthenticateKeyForm, webauthn.ReauthenticateWebAuthnForm):
    """A key once more, before something that matters."""

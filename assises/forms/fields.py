"""Fields and checks that forms of several apps share."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: Each language by its own name, as elsewhere on the site.
LANGUAGES = [("fr", "Français"), ("zh-hans", "简体中文")]

HANZI = RegexValidator(
    r"^[\u3400-\u9fff\U00020000-\U0003ffff·]+$",
    _("Write the name in Chinese characters, for example 李示例."),
)
#: Neither markup nor control characters: what people copy from elsewhere may hide them.
#: And no addresses: names stand in letters to other people, and nobody shall advertise there.
PLAIN = RegexValidator(
    r"^(?!.*(?:://|www\.|@))[^<>\x00-\x1f\x7f-\x9f\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2066-\u2069]*$",
    _("Write plain text, without addresses of pages or mailboxes and without the signs < and >."),
    flags=re.IGNORECASE,
)


def text(label: Any, *, most: int, example: Any, **attrs: Any) -> forms.CharField:
    """A line of text; what is missing or wrong is answered with an example of a right value."""
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[PLAIN],
        widget=forms.TextInput(attrs=attrs),
        error_messages={
            "required": lazy(
                lambda: _("This answer is missing. For example: %(example)s.") % {"example": example}, str
            )(),
            "max_length": _("At most %(limit_value)d characters; these are %(show_value)d."),
        },
    )


WORK_ADDRESS = _("Work e-mail address")


class AddressField(forms.EmailField):
    """An address in the one form in which it is compared: one mailbox is one person.

    The domain is written as the network knows it (IDNA). A local part in quotes, or beyond ASCII, is refused:
    mail programs and databases do not agree on what it equals.
    """

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        local, _at, domain = address.rpartition("@")
        try:
            domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            domain = ""
        if address and (not local.isascii() or local.startswith('"') or not domain):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return f"{local}@{domain}" if address else ""


def email(label: Any = WORK_ADDRESS, **attrs: str) -> AddressField:
    return AddressField(
        label=label,
        max_length=254,
        help_text=_("Each person has an address of their own: it receives the place and the badge."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", **attrs}),
        error_messages={
            "required": _("The e-mail address is missing. For example: camille.exemple@example.org."),
            "invalid": _("This is not an e-mail address. For example: camille.exemple@example.org."),
        },
    )


def active_language() -> str:
    return get_language() or "fr"

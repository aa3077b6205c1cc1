"""The questions about one person, wherever they are asked."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from assises.models import Edition
from registration.enums import Access, Honorific, Menu
from registration.summary import choices

#: Each language by its own name, as elsewhere on the site.
LANGUAGES = [("fr", "Français"), ("zh-hans", "简体中文")]

HANZI = RegexValidator(
    r"^[\u3400-\u9fff\U00020000-\U0003ffff·]+$",
    _("Write the name in Chinese characters, for example 李示例."),
)
#: Neither markup nor control characters: what people copy from elsewhere may hide them.
#: And no addresses: names stand in letters to other people, and nobody shall advertise there.
PLAIN = RegexValidator(
    r"^(?!.*(?:://|www\.|@))[^<>\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]*$",
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


class NameFields(forms.Form):
    """Who somebody is, as on the badge."""

    given_name = text(_("Given name"), most=80, example="Camille", autocomplete="given-name")
    family_name = text(_("Family name"), most=80, example="Exemple", autocomplete="family-name")
    name_zh = forms.CharField(
        label=_("Name in Chinese characters"),
        max_length=40,
        required=False,
        validators=[HANZI],
        help_text=_("Only if you use one; it stands on the badge beside your name."),
        widget=forms.TextInput(attrs={"lang": "zh-Hans", "class": "medium"}),
    )
    job_title = text(
        _("Function or mandate"),
        most=160,
        example=_("head of international relations"),
        autocomplete="organization-title",
    )
    is_elected = forms.BooleanField(label=_("Elected representative"), required=False)


class DetailFields(forms.Form):
    """What may be told about a person, all of it optional."""

    honorific = forms.ChoiceField(
        label=pgettext_lazy("before a name", "Title"),
        required=False,
        choices=[("", _("not stated")), *Honorific.choices],
    )
    job_title_zh = forms.CharField(
        label=_("Function in Chinese"),
        max_length=80,
        required=False,
        validators=[PLAIN],
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    phone = PhoneNumberField(
        label=_("Mobile telephone"),
        region="FR",
        required=False,
        help_text=_("Only to reach you during the event; erased thirty days after it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "class": "medium"}),
        error_messages={"invalid": _("This is not a telephone number. For example: 05 36 49 00 00.")},
    )
    needs_interpretation = forms.BooleanField(label=_("I need interpretation from Chinese"), required=False)
    chinese_partner = forms.ChoiceField(
        label=_("Chinese partner authority"), required=False, help_text=_("The authority, not a person.")
    )

    def choose_partner_from(self, edition: Edition) -> None:
        in_chinese = active_language() == "zh-hans"
        authorities = sorted(
            choices(edition).chinese_authorities, key=lambda a: a.sort_key_zh if in_chinese else a.sort_key
        )
        self.partners = {a.code: a for a in authorities}
        field = self.fields["chinese_partner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("none, or not in this list")), *[(a.code, str(a)) for a in authorities]]

    def clean_chinese_partner(self) -> Any:
        return self.partners.get(self.cleaned_data["chinese_partner"])


class NeedsFields(forms.Form):
    """Menus and access, by need and never by reason, on explicit consent."""

    menu = forms.ChoiceField(
        label=_("Menu"), required=False, choices=[("", _("standard menu")), *Menu.choices]
    )
    allergen = forms.CharField(
        label=_("Allergen to avoid"),
        max_length=200,
        required=False,
        validators=[PLAIN],
        widget=forms.TextInput(attrs={"class": "medium"}),
    )
    access = forms.MultipleChoiceField(
        label=_("Access"), required=False, choices=Access.choices, widget=forms.CheckboxSelectMultiple
    )
    other_need = forms.CharField(label=_("Another need"), max_length=300, required=False, validators=[PLAIN])
    needs_consent = forms.BooleanField(
        label=_(
            "I agree that these needs are used to receive me well. I may withdraw this at any time on my page."
        ),
        required=False,
    )

    def clean_needs(self) -> None:
        """Called by ``clean``: a need without consent is not kept in silence, and not kept without it."""
        data = self.cleaned_data
        if data.get("menu") == Menu.ALLERGEN and not data.get("allergen"):
            self.add_error("allergen", _("Name the allergen, for example: peanuts."))
        if data.get("allergen") and not data.get("menu"):
            data["menu"] = Menu.ALLERGEN.value
        if data.get("other_need") and Access.OTHER not in data.get("access", []):
            data["access"] = [*data.get("access", []), Access.OTHER.value]
        if self.needs_given and not data.get("needs_consent"):
            self.add_error(
                "needs_consent",
                _(
                    "To tell us a menu or an access need, tick this box; or take the needs away. Your place does not depend on it."
                ),
            )

    @property
    def needs_given(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("menu", "allergen", "access", "other_need"))


def active_language() -> str:
    return get_language() or "fr"

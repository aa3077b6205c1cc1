"""The questions about one person, wherever they are asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from assises.forms.fields import HANZI, PLAIN, active_language, text
from assises.models import Edition
from registration.enums import Access, Honorific, Menu
from registration.summary import choices


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

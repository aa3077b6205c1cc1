from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from assises.forms.fields import PLAIN, text
from assises.models import Edition
from registration.summary import choices


class InvitationLetterForm(forms.Form):
    """A partner has asked for an invitation letter: who asked whom, so that the APCAE knows what comes (S-072)."""

    organisation_name = text(
        _("Your authority"), most=200, example="Montpellier", autocomplete="organization"
    )
    partner = forms.ChoiceField(label=_("Chinese authority that asks"), required=False)
    partner_name = forms.CharField(
        label=_("Its name, if it is not in the list"), max_length=200, required=False, validators=[PLAIN]
    )
    people = forms.IntegerField(
        label=_("For how many people"),
        initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        widget=forms.NumberInput(attrs={"class": "short", "min": "1", "max": "100"}),
        error_messages={
            "invalid": _("Write a number, for example: 4."),
            "required": _("Write a number, for example: 4."),
        },
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, *, edition: Edition, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.partners = {a.code: a for a in choices(edition).chinese_authorities}
        field = self.fields["partner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("none, or not in this list")),
            *[(a.code, str(a)) for a in self.partners.values()],
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("partner") and not data.get("partner_name"):
            self.add_error(
                "partner", _("Choose the authority, or write its name below, for example: 成都市.")
            )
        return data

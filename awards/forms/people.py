"""Somebody else of the pair, and the link that somebody has lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assises.enums import Side
from assises.forms.fields import LANGUAGES, active_language, email, text
from assises.forms.robots import PublicForm
from awards.services import Person


class EditorForm(forms.Form):
    """Somebody of the pair who is to write too."""

    given_name = text(gettext_lazy("Given name"), most=80, example="Camille", autocomplete="off")
    family_name = text(gettext_lazy("Family name"), most=80, example="Exemple", autocomplete="off")
    email = email()
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say of which side this person is.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of our letters"), choices=LANGUAGES)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.fields["email"].help_text = ""
        # Most often it is the other side that is asked to join.
        self.fields["side"].initial = Side.FRENCH if active_language() == "zh-hans" else Side.CHINESE
        self.fields["language"].initial = "fr" if active_language() == "zh-hans" else "zh-hans"

    def person(self) -> Person:
        """The answers as the service takes them."""
        return Person(**{name: self.cleaned_data[name] for name in self.fields})


class LostLinkForm(PublicForm):
    """Asks for the link again, by the address."""

    email = email()

"""What a person can change on the own page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assises.characters import writable
from assises.forms.fields import LANGUAGES, active_language, email
from assises.models import Edition
from registration.forms.person import DetailFields, NameFields, NeedsFields
from registration.forms.sessions import SessionFields
from registration.models import Needs, Registration, SessionChoice
from registration.standing import standing_of

#: Fields of the registration that this form may change; the address is not among them: it proves who one is.
OWN_FIELDS = [
    "honorific", "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected", "phone",
    "language", "needs_interpretation", "chinese_partner", "accepts_news",
]  # fmt: skip


class ChangeForm(NameFields, DetailFields, NeedsFields, SessionFields):
    """Everything a person told us, to be put right, completed or taken back."""

    language = forms.ChoiceField(label=_("Language of our letters to you"), choices=LANGUAGES)
    accepts_news = forms.BooleanField(label=_("Write to me about the next editions"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        edition: Edition,
        registration: Registration,
        may_choose: bool,
        **kwargs: Any,
    ) -> None:
        needs = Needs.objects.filter(registration=registration).first()
        chosen = list(registration.choices.select_related("session"))
        initial = {name: getattr(registration, name) for name in OWN_FIELDS}
        initial["chinese_partner"] = registration.chinese_partner.code if registration.chinese_partner else ""
        initial["phone"] = str(registration.phone or "")
        initial |= _chosen_before(registration, chosen)
        if needs:
            initial |= {
                "menu": needs.menu, "allergen": needs.allergen, "access": needs.access, "other_need": needs.other,
                "needs_consent": True,
            }  # fmt: skip
        super().__init__(data, initial=initial, use_required_attribute=False, **kwargs)
        self.may_choose = may_choose
        self.choose_partner_from(edition)
        held = [choice.session for choice in chosen if not choice.is_waiting]
        self.choose_sessions_from(edition, mine=standing_of(registration, chosen), held=held)
        if not may_choose:
            names = [*self.group_fields.values(), *self.meanwhile_fields.values(), *self.wish_fields]
            for name in ("sessions", *names):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("needs_consent") and self.initial.get("needs_consent"):
            # Consent taken back: what was told is erased, whatever still stands in the fields.
            data |= {"menu": "", "allergen": "", "access": [], "other_need": ""}
        self.clean_needs()
        self.clean_wishes()
        return data

    def person_fields(self) -> list[forms.BoundField]:
        """The questions about the person, in the order of the page."""
        order = [
            "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected", "honorific", "phone",
            "language", "needs_interpretation", "chinese_partner", "accepts_news",
        ]  # fmt: skip
        return [self[name] for name in order]

    @property
    def details(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in OWN_FIELDS}
        return {**data, "phone": self.cleaned_data["phone"] or ""}

    @property
    def needs(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "menu": data["menu"],
            "allergen": data["allergen"],
            "access": data["access"],
            "other": data["other_need"],
        }


def _chosen_before(registration: Registration, chosen: Sequence[SessionChoice]) -> dict[str, Any]:
    """What the fields about sessions begin with: in each group the session waited for, else the one attended."""
    initial: dict[str, Any] = {"sessions": [c.session.code for c in chosen if not c.choice_group]}
    for choice in sorted(chosen, key=lambda c: c.is_waiting):
        if choice.choice_group:
            initial[f"session_{choice.choice_group.replace('-', '_')}"] = choice.session.code
    for wish in registration.wishes.select_related("session"):
        initial[f"wish_{wish.rank}"] = wish.session.code
    return initial


class ReplaceForm(NameFields):
    """The colleague who takes over."""

    email = email(_("Work e-mail address of your colleague"), autocomplete="off")
    language = forms.ChoiceField(label=_("Language of letters"), choices=LANGUAGES)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.fields["language"].initial = active_language()
        for name in ("given_name", "family_name", "job_title"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class CancelForm(forms.Form):
    """To cancel is to press one button; why is nobody's duty to say."""

    reason = forms.CharField(
        label=_("A word to the organisers"), max_length=300, validators=[writable], required=False
    )


class NewLinkForm(forms.Form):
    """The address to which the link to one's own page is sent again."""

    email = email(_("The e-mail address you registered with"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.fields["email"].help_text = ""

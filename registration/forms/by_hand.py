"""Organisers register somebody who telephoned or wrote: the rules are the same for all."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.enums import FRENCH_KINDS, OrganisationKind, Side
from assises.forms.fields import LANGUAGES, email, text
from assises.models import Edition, Organisation, User
from registration.enums import Source
from registration.forms.person import NameFields
from registration.models import Category
from registration.services import BookingRequest, PersonDetails
from registration.services.booking import MOST_PEOPLE

TELLING = ["given_name", "family_name", "name_zh", "job_title", "is_elected", "email"]


class PersonByHand(NameFields):
    """One person of the request; all empty means nobody."""

    email = email(autocomplete="off")
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=LANGUAGES)
    needs_interpretation = forms.BooleanField(label=gettext_lazy("Needs interpretation"), required=False)

    field_order = [
        "given_name", "family_name", "name_zh", "job_title", "is_elected", "email", "language", "needs_interpretation",
    ]  # fmt: skip
    #: How the list of errors calls this part of the page.
    title = ""

    def __init__(self, data: Any = None, *, number: int) -> None:
        super().__init__(data, prefix=f"person-{number}", use_required_attribute=False)
        self.number = number
        self.title = _("Person %(number)d") % {"number": number}
        for name in ("given_name", "family_name", "job_title"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def is_filled_in(self) -> bool:
        return any(self.data.get(f"{self.prefix}-{name}") for name in TELLING)


class ByHandForm(forms.Form):
    """The request of one authority, typed by staff."""

    organisation = text(
        gettext_lazy("Authority or organisation"),
        most=200,
        example="Toulouse",
        list="organisations",
        autocomplete="off",
    )
    organisation_pick = forms.CharField(
        label=gettext_lazy("Which one do you mean?"), max_length=80, required=False, widget=forms.RadioSelect
    )
    organisation_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of organisation"),
        choices=[(kind.value, kind.label) for kind in FRENCH_KINDS],
        initial=OrganisationKind.COMMUNE.value,
        required=False,
        help_text=gettext_lazy("Only for an organisation that is not in our list."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy("The reserve is given here only, never by the public form."),
    )
    together = forms.BooleanField(
        label=gettext_lazy("Together or not at all"),
        required=False,
        help_text=gettext_lazy("Without it, as many as fit have a place and the others wait."),
    )
    vouched = forms.BooleanField(
        label=gettext_lazy("We vouch for the addresses: places are confirmed at once"),
        required=False,
        help_text=gettext_lazy(
            "Without it, the contact person has to follow the link in a letter, as after the public form."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, use_required_attribute=False)
        self.edition = edition
        self.found: Organisation | None = None
        self.categories = {str(c.pk): c for c in edition.categories.all()}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("by the kind of organisation")),
            *[(pk, str(category)) for pk, category in self.categories.items()],
        ]

    @cached_property
    def people(self) -> list[PersonByHand]:
        """The forms of all people that the page has room for."""
        return [
            PersonByHand(self.data if self.is_bound else None, number=n) for n in range(1, MOST_PEOPLE + 1)
        ]

    @property
    def coming(self) -> list[PersonByHand]:
        """Those who are filled in; the first in any case, so that a request is for somebody."""
        return [p for p in self.people if p.number == 1 or p.is_filled_in]

    @property
    def all_forms(self) -> list[forms.Form]:
        return [self, *self.coming] if self.is_bound else [self]

    def is_valid(self) -> bool:
        valid = super().is_valid()
        return all([valid, *[person.is_valid() for person in self.coming]])

    def clean_organisation(self) -> str:
        """Find the organisation; ask back where several may be meant."""
        typed = str(self.cleaned_data["organisation"])
        alike = list(Organisation.objects.of_today().like(typed)[:40])
        picked = self.data.get("organisation_pick", "")
        meant = [o for o in alike if o.code == picked] or [o for o in alike if o.is_called(typed)]
        if meant:
            self.found = meant[0]
        elif alike and picked != "typed":
            self._ask_back([o for o in alike if o.side == Side.FRENCH][:8])
        if self.found and self.found.side == Side.CHINESE:
            raise forms.ValidationError(_("Chinese delegations are registered by the APCAE, not here."))
        return typed

    def _ask_back(self, suggestions: list[Organisation]) -> None:
        widget = self.fields["organisation_pick"].widget
        assert isinstance(widget, forms.RadioSelect)
        widget.choices = [
            *[(o.code, f"{o} ({o.get_kind_display()})") for o in suggestions],
            ("typed", _("another one, just as written")),
        ]
        self.add_error("organisation_pick", _("Tell which organisation is meant."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[str] = set()
        for person in self.coming:
            person.is_valid()
            address = str(person.cleaned_data.get("email", "")).lower()
            if address and address in seen:
                person.add_error(
                    "email", _("This address is given twice here. Each person needs one of their own.")
                )
            seen.add(address)
        return data

    @property
    def asks_back(self) -> bool:
        return bool(getattr(self.fields["organisation_pick"].widget, "choices", None))

    def request(self, *, by: User) -> BookingRequest:
        """The request as the service takes it; the first person is the contact."""
        data = self.cleaned_data
        kind = self.found.kind if self.found else data["organisation_kind"] or OrganisationKind.COMMUNE.value
        people = [PersonDetails(is_contact=p.number == 1, **p.cleaned_data) for p in self.coming]
        first = people[0]
        return BookingRequest(
            key=data["key"] or uuid.uuid4(),
            edition=self.edition,
            source=Source.STAFF,
            category=self.categories.get(data["category"]) or self._category_of(kind),
            organisation=self.found,
            organisation_name=self.found.name_fr if self.found else data["organisation"],
            organisation_kind=kind,
            given_name=first.given_name,
            family_name=first.family_name,
            email=first.email,
            language=first.language,
            together=data["together"] and len(people) > 1,
            people=people,
            by=by,
            vouched=data["vouched"],
        )

    def _category_of(self, kind: str) -> Category:
        open_ones = [c for c in self.categories.values() if not c.is_reserve]
        return next((c for c in open_ones if kind in c.organisation_kinds), open_ones[0])

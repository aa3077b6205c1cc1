import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assises.enums import FRENCH_KINDS, OrganisationKind, Side
from assises.forms.fields import LANGUAGES, active_language, email, text
from assises.models import Edition, Organisation, User
from registration.enums import Source
from registration.forms.person import NameFields
from registration.models import Booking, Category, Registration
from registration.services import BookingRequest, PersonDetails


class WalkInForm(NameFields):
    """Somebody who stands at the desk without a registration, typed by staff on a phone."""

    organisation = text(
        _("Authority or organisation"), most=200, example="Toulouse", list="authorities", autocomplete="off"
    )
    organisation_kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[(kind.value, kind.label) for kind in FRENCH_KINDS],
        initial=OrganisationKind.COMMUNE.value,
        help_text=_("Only for an organisation that is not in our list."),
    )
    email = email(autocomplete="off")
    language = forms.ChoiceField(label=_("Language of letters"), choices=LANGUAGES)
    # A page kept on a phone gives each person a key of her own by script; see desk-walk-in.js.
    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-assises-key": ""}), required=False)

    field_order = [
        "given_name", "family_name", "name_zh", "organisation", "organisation_kind", "job_title", "is_elected", "email",
        "language",
    ]  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False, **kwargs})
        self.edition = edition
        self.found: Organisation | None = None
        #: Somebody who is registered under this address already: no second registration, that one is shown.
        self.registered: Registration | None = None
        self.fields["language"].initial = active_language()
        self.fields["key"].initial = uuid.uuid4
        for name in ("given_name", "family_name", "job_title"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_organisation(self) -> str:
        typed = str(self.cleaned_data["organisation"])
        alike = Organisation.objects.of_today().like(typed)[:40]
        self.found = next((o for o in alike if o.is_called(typed)), None)
        if self.found and self.found.side == Side.CHINESE:
            raise forms.ValidationError(_("Chinese delegations are registered by the APCAE, not here."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        address = data.get("email")
        if address:
            live = Registration.objects.live().filter(edition=self.edition, email__iexact=address)
            self.registered = live.exclude(booking__key=data.get("key") or uuid.uuid4()).first()
        return data

    def request(self, *, by: User) -> BookingRequest:
        """The request as the service takes it: the waiting list, by the rules."""
        data = self.cleaned_data
        kind = self.found.kind if self.found else data["organisation_kind"]
        person = PersonDetails(
            is_contact=True,
            **{
                name: data[name]
                for name in (
                    "given_name",
                    "family_name",
                    "name_zh",
                    "job_title",
                    "is_elected",
                    "email",
                    "language",
                )
            },
        )
        return BookingRequest(
            key=self._key(),
            edition=self.edition,
            source=Source.DESK,
            category=self._category(kind),
            organisation=self.found,
            organisation_name=self.found.name_fr if self.found else data["organisation"],
            organisation_kind=kind,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            language=person.language,
            people=[person],
            by=by,
            vouched=True,
        )

    def _key(self) -> uuid.UUID:
        """The key of the form; another one if it was used for somebody else, from a page that a phone kept."""
        key = self.cleaned_data["key"] or uuid.uuid4()
        used = Booking.objects.filter(key=key).exclude(email__iexact=self.cleaned_data["email"])
        return uuid.uuid4() if used.exists() else key

    def _category(self, kind: str) -> Category:
        open_ones = list(self.edition.categories.filter(is_reserve=False))
        return next((c for c in open_ones if kind in c.organisation_kinds), open_ones[0])

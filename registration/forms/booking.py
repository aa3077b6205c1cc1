from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises.enums import FRENCH_KINDS, OrganisationKind, Side
from assises.exceptions import Refusal
from assises.forms.fields import LANGUAGES, active_language, email, text
from assises.forms.organisations import ask_back, meant, suggest_while_typing
from assises.forms.robots import PublicForm
from assises.models import Edition, Organisation
from registration.enums import Source
from registration.forms.person import DetailFields, NameFields, NeedsFields
from registration.forms.sessions import SessionFields
from registration.models import Category
from registration.services import BookingRequest, PersonDetails
from registration.services.booking import MOST_PEOPLE
from registration.summary import Summary

#: Answers that make somebody of an empty colleague.
TELLING = ["given_name", "family_name", "name_zh", "job_title", "is_elected", "email"]


class ColleagueForm(NameFields):
    """Somebody else of the same authority; all empty means nobody."""

    email = email(autocomplete="off")
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=LANGUAGES)

    #: How the list of errors calls this part of the page.
    title = ""
    field_order = ["given_name", "family_name", "name_zh", "job_title", "is_elected", "email", "language"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.fields["language"].initial = active_language()
        for name in ("given_name", "family_name", "job_title"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class BookingForm(NameFields, DetailFields, NeedsFields, SessionFields, PublicForm):
    """The form of a town hall: a contact person, colleagues, one authority."""

    # As on the page: the list of errors at its top goes the same way.
    field_order = [
        "organisation", "organisation_pick", "organisation_kind", "chinese_partner",
        "given_name", "family_name", "job_title", "is_elected", "email", "language",
        "honorific", "name_zh", "job_title_zh", "phone", "needs_interpretation", "contact_only",
    ]  # fmt: skip

    organisation = text(
        gettext_lazy("Authority or organisation"),
        most=200,
        example="Toulouse",
        autocomplete="organization",
        spellcheck="false",
    )
    # Its choices are found while the form is checked, so the field itself takes any text.
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
    email = email()
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our letters to you"), choices=LANGUAGES, required=False
    )
    contact_only = forms.BooleanField(
        label=gettext_lazy("I register colleagues and do not come myself"), required=False
    )
    together = forms.ChoiceField(
        label=gettext_lazy("If there are not enough places for all of you"),
        choices=[
            ("", gettext_lazy("as many as fit have a place, the others wait")),
            ("1", gettext_lazy("together or not at all: all of you wait")),
        ],
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    accepts_news = forms.BooleanField(
        label=gettext_lazy("Write to me about the next editions"),
        required=False,
    )

    def __init__(self, data: Any = None, *, edition: Edition, summary: Summary, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.edition = edition
        self.summary = summary
        self.found: Organisation | None = None
        self.suggestions: list[Organisation] = []
        self.is_chinese = False
        # Chinese characters alone do not tell: a French authority may be written in them too.
        self.may_be_french = False
        self.fields["language"].initial = active_language()
        suggest_while_typing(self.fields["organisation"], reverse("registration:organisations"))
        self.choose_partner_from(edition)
        self.choose_sessions_from(edition)

    def _colleague_form(self, number: int) -> "ColleagueForm":
        form = ColleagueForm(self.data if self.is_bound else None, prefix=f"colleague-{number}")
        form.title = _("Colleague %(number)d") % {"number": number}
        return form

    # -- who is meant ----------------------------------------------------------------------

    def clean_organisation(self) -> str:
        """Find the organisation; ask back where several may be meant."""
        typed = str(self.cleaned_data["organisation"])
        picked = self.data.get("organisation_pick", "")
        self.found, alike = meant(typed, picked)
        if self.found:
            self.is_chinese = self.found.side == Side.CHINESE
            return typed
        if alike:
            # Drawn again at each round, so that an answer given once is not asked for again.
            self._suggest([o for o in alike if o.side == Side.FRENCH][:6] or alike[:6])
        if picked == "typed":
            return typed
        if alike:
            self.add_error("organisation_pick", _("Tell us which organisation you mean."))
        elif _is_chinese_text(typed):
            self.is_chinese = self.may_be_french = True
        elif typed.replace(" ", "").isdigit():
            raise forms.ValidationError(
                _(
                    "No organisation of our list has this SIREN. Check its nine digits (Toulouse: 213105554), or write the name."
                )
            )
        return typed

    def _suggest(self, organisations: list[Organisation]) -> None:
        self.suggestions = organisations
        ask_back(self, "organisation_pick", organisations)

    # -- as a whole ------------------------------------------------------------------------

    def is_valid(self) -> bool:
        """This form and those of all colleagues: all of them are checked, so that one sees all at once."""
        valid = super().is_valid()
        return all([valid, *[form.is_valid() for _n, form in self.coming()]])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_needs()
        self.clean_wishes()
        people = self.coming()
        count = len(people) + (not data.get("contact_only"))
        if count == 0:
            self.add_error("contact_only", _("Name at least one colleague, or untick this box."))
        if count > MOST_PEOPLE:
            self.add_error(
                None,
                ngettext(
                    "A request is for at most %(most)d person; these are %(count)d. Send a second request for the others.",
                    "A request is for at most %(most)d people; these are %(count)d. Send a second request for the others.",
                    MOST_PEOPLE,
                )
                % {"most": MOST_PEOPLE, "count": count},
            )
        self._refuse_twins(people)
        return data

    def _refuse_twins(self, people: list[tuple[int, ColleagueForm]]) -> None:
        seen = (
            {}
            if self.cleaned_data.get("contact_only")
            else {str(self.cleaned_data.get("email", "")).lower(): 0}
        )
        for number, colleague in people:
            colleague.is_valid()
            address = str(colleague.cleaned_data.get("email", "")).lower()
            if address and address in seen:
                colleague.add_error(
                    "email", _("This address is given twice here. Each person needs one of their own.")
                )
            seen[address] = number

    @cached_property
    def colleagues(self) -> list[ColleagueForm]:
        """The forms of all colleagues that the page has room for, filled in or not."""
        filled_in = dict(self._filled_in)
        return [filled_in.get(n) or self._colleague_form(n) for n in range(1, MOST_PEOPLE + 1)]

    @cached_property
    def _filled_in(self) -> list[tuple[int, ColleagueForm]]:
        # Most requests are for one person: six forms less to make.
        said = {
            n for n in range(1, MOST_PEOPLE + 1) if any(self.data.get(f"colleague-{n}-{f}") for f in TELLING)
        }
        return [(n, self._colleague_form(n)) for n in sorted(said)]

    def coming(self) -> list[tuple[int, ColleagueForm]]:
        """The colleagues about whom anything was said, by their number on the form."""
        return self._filled_in if self.is_bound else []

    @property
    def filled_in_titles(self) -> list[str]:
        return [form.title for _n, form in self.coming()]

    @property
    def all_forms(self) -> list[forms.Form]:
        """This form and those of the colleagues, for the list of errors at the top."""
        return [self, *[form for _n, form in self.coming()]] if self.is_bound else [self]

    # -- what was asked for ----------------------------------------------------------------

    @property
    def kind(self) -> str:
        if self.found:
            return self.found.kind
        return str(self.cleaned_data.get("organisation_kind") or OrganisationKind.COMMUNE.value)

    def category(self) -> Category:
        """The category that the kind of organisation leads to; the first one where none claims it."""
        open_ones = [c.category for c in self.summary.categories if not c.category.is_reserve]
        if not open_ones:
            raise Refusal(_("Registration is being prepared: there are no places yet."))
        return next((c for c in open_ones if self.kind in c.organisation_kinds), open_ones[0])

    def request(self) -> BookingRequest:
        """The request as the service takes it."""
        data = self.cleaned_data
        language = data["language"] or active_language()
        people = [self._colleague(form) for _n, form in self.coming()]
        if not data["contact_only"]:
            people.insert(0, self._contact(language))
        return BookingRequest(
            key=data["form_key"],
            edition=self.edition,
            source=Source.FORM,
            likely_full=self.summary.is_full,
            likely_full_sessions=self.likely_full,
            category=self.category(),
            organisation=self.found,
            organisation_name=self.found.name_fr if self.found else data["organisation"],
            organisation_kind=self.kind,
            given_name=data["given_name"],
            family_name=data["family_name"],
            email=data["email"],
            language=language,
            together=bool(data["together"]) and len(people) > 1,
            people=people,
        )

    def _contact(self, language: str) -> PersonDetails:
        data = self.cleaned_data
        return PersonDetails(
            is_contact=True,
            language=language,
            phone=str(data["phone"] or ""),
            sessions=self.chosen_sessions,
            meanwhile=self.meanwhile,
            wishes=self.wishes,
            **{
                name: data[name]
                for name in (
                    "honorific", "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected",
                    "email", "needs_interpretation", "chinese_partner", "accepts_news", "menu", "allergen", "access",
                    "other_need",
                )
            },
        )  # fmt: skip

    def _colleague(self, form: ColleagueForm) -> PersonDetails:
        return PersonDetails(chinese_partner=self.cleaned_data["chinese_partner"], **form.cleaned_data)


def _is_chinese_text(value: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" for c in value)

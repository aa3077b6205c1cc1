"""The public form of the call for contributions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.enums import Side
from assises.forms.fields import LANGUAGES, active_language, email, text
from assises.forms.organisations import AS_TYPED, ask_back, meant, suggest_while_typing
from assises.forms.robots import PublicForm
from assises.models import Edition, Organisation
from program.forms.practice import PracticeForm
from program.services import Proposal


class ProposalForm(PracticeForm, PublicForm):
    """An authority of either side proposes a contribution, in the language of the page."""

    # As on the page: the list of errors at its top goes the same way.
    field_order = [
        "organisation", "organisation_pick", "side", "given_name", "family_name", "email", "language",
        "theme", "title", "summary", "minutes", "exemplary", "existing", "concrete", "reproducible",
        "counterpart_is", "counterpart", "counterpart_pick", "speaker_is", "speaker_given_name",
        "speaker_family_name", "speaker_email", "speaker_language", "speaker_name_zh", "speaker_function",
    ]  # fmt: skip

    organisation = text(
        gettext_lazy("Authority"),
        most=200,
        example=gettext_lazy("Montpellier"),
        autocomplete="organization",
        spellcheck="false",
    )
    organisation_pick = forms.CharField(
        label=gettext_lazy("Which one do you mean?"), max_length=80, required=False, widget=forms.RadioSelect
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Your side"),
        choices=Side.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only for an authority that is not in our list; of the others we know it."),
    )
    given_name = text(gettext_lazy("Given name"), most=80, example="Camille", autocomplete="given-name")
    family_name = text(gettext_lazy("Family name"), most=80, example="Exemple", autocomplete="family-name")
    email = email()
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our letters to you"), choices=LANGUAGES, required=False
    )

    def __init__(self, data: Any = None, *, edition: Edition, organisations: str, **kwargs: Any) -> None:
        super().__init__(data, edition=edition, organisations=organisations, **kwargs)
        self.found: Organisation | None = None
        self.suggestions: list[Organisation] = []
        language = active_language()
        self.fields["language"].initial = self.fields["speaker_language"].initial = language
        self.fields["side"].initial = self._usual_side
        self.fields["email"].help_text = _("The receipt and our answers come there. It is not published.")
        suggest_while_typing(self.fields["organisation"], organisations)

    @property
    def _usual_side(self) -> str:
        return Side.CHINESE if active_language() == "zh-hans" else Side.FRENCH

    @property
    def own_names(self) -> tuple[str, str, str, str]:
        data = self.cleaned_data
        names = [str(data.get(name) or "") for name in ("given_name", "family_name", "email", "language")]
        return names[0], names[1], names[2], names[3] or active_language()

    def clean_organisation(self) -> str:
        """Find the authority; ask back where several may be meant."""
        typed, picked = str(self.cleaned_data["organisation"]), self.data.get("organisation_pick", "")
        self.found, alike = meant(typed, picked)
        if self.found or not alike:
            return typed
        # Drawn again at each round, so that an answer given once is not asked for again.
        self.suggestions = alike[:6]
        ask_back(self, "organisation_pick", self.suggestions)
        if picked != AS_TYPED:
            self.add_error("organisation_pick", _("Tell us which organisation you mean."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.own_side = self.found.side if self.found else data.get("side") or self._usual_side
        self._find_counterpart()
        self._check_speaker()
        return data

    def proposal(self) -> Proposal:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Proposal(
            key=data["form_key"],
            edition=self.edition,
            practice=self.practice(),
            original=active_language(),
            organisation=self.found,
            organisation_name=self.found.name_fr if self.found else data["organisation"],
            side=self.own_side,
            given_name=data["given_name"],
            family_name=data["family_name"],
            email=data["email"],
            language=data["language"] or active_language(),
        )

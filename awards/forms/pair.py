"""Who applies, and in which category: on the form that begins an application, and as its first step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.enums import Side
from assises.forms.fields import LANGUAGES, PLAIN, active_language, email, text
from assises.forms.organisations import AS_TYPED, ask_back, meant, suggest_while_typing
from assises.forms.robots import PublicForm
from assises.models import Organisation
from awards.forms.step import StepForm
from awards.models import Application, Call, Category
from awards.services import Authority, Pair, Person

LEADING = {"french": Side.FRENCH, "chinese": Side.CHINESE}
JOINING = {"others_french": Side.FRENCH, "others_chinese": Side.CHINESE}
#: Authorities that may join the two that lead, on each side.
MOST_OTHERS = 6


def _others(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=gettext_lazy("One on each line. Leave this empty if there are none."),
        max_length=1400,
        widget=forms.Textarea(attrs={"rows": "2", "spellcheck": "false"}),
    )


def _pick() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Which one do you mean?"), max_length=80, required=False, widget=forms.RadioSelect
    )


class PairFields(forms.Form):
    """The two authorities that lead, those that join them, and the category."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the category.")},
    )
    french = text(
        pgettext_lazy("of a pair", "French authority"),
        most=200,
        example=pgettext_lazy("French authority", "Montpellier"),
        autocomplete="off",
        spellcheck="false",
    )
    french_pick = _pick()
    chinese = text(
        pgettext_lazy("of a pair", "Chinese authority"),
        most=200,
        example=gettext_lazy("Chengdu"),
        autocomplete="off",
        spellcheck="false",
    )
    chinese_pick = _pick()
    others_french = _others(gettext_lazy("Other French authorities that take part"))
    others_chinese = _others(gettext_lazy("Other Chinese authorities that take part"))

    categories: dict[str, Category]

    def prepare(self, call: Call, organisations: str) -> None:
        """``organisations`` is the address that suggests them while one types."""
        self.categories = {c.code: c for c in call.categories.exclude(theme=None).select_related("theme")}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, str(category)) for code, category in self.categories.items()]
        self.asked_back: set[str] = set()
        self.found: dict[str, Authority] = {}
        for name in LEADING:
            suggest_while_typing(self.fields[name], organisations)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, side in LEADING.items():
            if data.get(name):
                self._find(name, side, str(data[name]))
        self.others = [
            authority
            for name, side in JOINING.items()
            for authority in self._joining(name, side, data.get(name) or "")
        ]
        return data

    def pair(self) -> Pair:
        """The answers as the services take them."""
        return Pair(
            category=self.categories[self.cleaned_data["category"]],
            french=self.found["french"],
            chinese=self.found["chinese"],
            others=self.others,
        )

    def _find(self, name: str, side: Side, typed: str) -> None:
        picked = self.data.get(f"{name}_pick", "")
        found, alike = meant(typed, picked)
        if found is not None and found.side != side:
            found, alike = None, [o for o in alike if o.side == side]
            if not alike:
                self.add_error(name, _("%(authority)s is of the other side.") % {"authority": typed})
                return
        alike = [o for o in alike if o.side == side]
        if found is None and alike:
            # Drawn again at each round, so that an answer given once is not asked for again.
            self.asked_back.add(name)
            ask_back(self, f"{name}_pick", alike[:6])
            if picked != AS_TYPED:
                self.add_error(f"{name}_pick", _("Tell us which organisation you mean."))
        self.found[name] = _authority(found, typed, side)

    def _joining(self, name: str, side: Side, typed: str) -> Sequence[Authority]:
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if len(lines) > MOST_OTHERS:
            self.add_error(
                name,
                _("At most %(most)d authorities join on each side; these are %(count)d.")
                % {"most": MOST_OTHERS, "count": len(lines)},
            )
        authorities = []
        for line in lines[:MOST_OTHERS]:
            try:
                PLAIN(line)
            except forms.ValidationError as error:
                self.add_error(name, error)
                continue
            if len(line) > 200:
                self.add_error(name, _("At most 200 characters for the name of an authority."))
                continue
            found, _alike = meant(line)
            if found is not None and found.side != side:
                self.add_error(name, _("%(authority)s is of the other side.") % {"authority": line})
                continue
            authorities.append(_authority(found, line, side))
        return authorities


class BeginForm(PairFields, PublicForm):
    """Begins an application: who applies with whom, in which category, and who writes it."""

    # As on the page: the list of errors at its top goes the same way.
    field_order = [
        "category", "french", "french_pick", "chinese", "chinese_pick", "others_french", "others_chinese", "side",
        "given_name", "family_name", "email", "language",
    ]  # fmt: skip

    side = forms.ChoiceField(
        label=gettext_lazy("Your side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which side you write for.")},
    )
    given_name = text(gettext_lazy("Given name"), most=80, example="Camille", autocomplete="given-name")
    family_name = text(gettext_lazy("Family name"), most=80, example="Exemple", autocomplete="family-name")
    email = email()
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our letters to you"), choices=LANGUAGES, required=False
    )

    def __init__(self, data: Any = None, *, call: Call, organisations: str, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.prepare(call, organisations)
        self.fields["language"].initial = active_language()
        self.fields["side"].initial = Side.CHINESE if active_language() == "zh-hans" else Side.FRENCH
        self.fields["email"].help_text = _("The link to your application comes there. It is not published.")

    def person(self) -> Person:
        """Who begins it, as the service takes it."""
        data = self.cleaned_data
        names = ("given_name", "family_name", "email", "side")
        return Person(language=data["language"] or active_language(), **{name: data[name] for name in names})


class PairForm(PairFields, StepForm):
    """The pair and the category of an application that was begun."""

    def __init__(self, data: Any = None, *, row: Application, seen: str, organisations: str) -> None:
        super().__init__(data, seen=seen, initial=initial_of_pair(row))
        self.prepare(row.call, organisations)


def initial_of_pair(row: Application) -> dict[str, Any]:
    """The pair as the answers of the form."""
    partners = list(row.partners.all())
    leading = {p.side: str(p) for p in partners if p.leads}
    joining = {side: "\n".join(str(p) for p in partners if p.side == side and not p.leads) for side in Side}
    return {
        "category": row.category.code,
        **{name: leading.get(side, "") for name, side in LEADING.items()},
        **{name: joining[side] for name, side in JOINING.items()},
    }


def _authority(found: Organisation | None, typed: str, side: Side) -> Authority:
    return Authority(organisation=found, name=found.name_fr if found else typed, side=side)

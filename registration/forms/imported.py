"""One line of a file that somebody imports: the questions of the form, answered in words or in codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from assises.enums import FRENCH_KINDS, Side
from assises.forms.fields import LANGUAGES, PLAIN, email, text
from assises.models import Organisation
from assises.text import fold
from program.models import Session
from registration.enums import Honorific
from registration.forms.person import NameFields
from registration.models import Category
from registration.models.visit import MOST_WISHES

YES = {"1", "x", "oui", "o", "yes", "y", "vrai", "true", "是", "对"}
NO = {"", "0", "non", "n", "no", "faux", "false", "否"}


def in_all_languages(words: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """``{what somebody may write: code}``: the codes themselves, and their labels in every language, folded."""
    known = {}
    for code, label in words:
        known[fold(code)] = code
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known[fold(str(label))] = code
    return known


class WordField(forms.CharField):
    """One of a list, by its code or by its name in either language."""

    def __init__(self, *, words: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = list(words)

    def clean(self, value: Any) -> str:
        written = str(super().clean(value))
        if not written:
            return ""
        found = in_all_languages(self.words).get(fold(written))
        if found is None:
            raise forms.ValidationError(
                _("“%(value)s” is not one of: %(allowed)s.")
                % {"value": written, "allowed": ", ".join(str(label) for _code, label in self.words)}
            )
        return found


class YesNoField(forms.CharField):
    """Yes or no, in words of both languages; empty is no."""

    def clean(self, value: Any) -> bool:
        written = fold(str(value or ""))
        if written in YES:
            return True
        if written in NO:
            return False
        raise forms.ValidationError(_("“%(value)s” is neither yes nor no.") % {"value": value})


class ImportedLine(NameFields):
    """One person of the file."""

    is_elected = YesNoField(label=gettext_lazy("Elected representative"), required=False)  # type: ignore[assignment]
    organisation = text(gettext_lazy("Authority or organisation"), most=200, example="Toulouse")
    organisation_kind = WordField(
        label=gettext_lazy("Kind of organisation"),
        required=False,
        words=[(k.value, k.label) for k in FRENCH_KINDS],
    )
    category = WordField(label=gettext_lazy("Category"), required=False)
    email = email()
    language = WordField(
        label=gettext_lazy("Language of letters"),
        required=False,
        words=[
            *LANGUAGES,
            ("fr", "français"),
            ("zh-hans", "zh"),
            ("zh-hans", "中文"),
            ("zh-hans", "chinois"),
        ],
    )
    honorific = WordField(label=gettext_lazy("Title"), required=False, words=Honorific.choices)
    job_title_zh = forms.CharField(
        label=gettext_lazy("Function in Chinese"), max_length=80, required=False, validators=[PLAIN]
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Mobile telephone"),
        region="FR",
        required=False,
        error_messages={
            "invalid": gettext_lazy("This is not a telephone number. For example: 05 36 49 00 00.")
        },
    )
    needs_interpretation = YesNoField(label=gettext_lazy("Needs interpretation"), required=False)
    chinese_partner = forms.CharField(label=gettext_lazy("Chinese partner"), required=False)
    sessions = forms.CharField(label=gettext_lazy("Sessions"), required=False)
    sessions_waiting = forms.CharField(label=gettext_lazy("Sessions waited for"), required=False)
    wishes = forms.CharField(label=gettext_lazy("Visits wished for"), required=False)
    request = forms.CharField(label=gettext_lazy("Request"), max_length=40, required=False)
    together = YesNoField(label=gettext_lazy("Together or not at all"), required=False)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        categories: Iterable[Category],
        organisations: Iterable[Organisation],
        sessions: Iterable[Session],
        visits: Iterable[Session],
    ) -> None:
        super().__init__(data)
        self.categories = {category.code: category for category in categories}
        self.organisations = list(organisations)
        self.on_offer, self.visits = list(sessions), list(visits)
        #: By group, where to sit while a full session is waited for.
        self.meanwhile: dict[str, Session | None] = {}
        self.found: Organisation | None = None
        field = self.fields["category"]
        assert isinstance(field, WordField)
        field.words = [
            *[(c.code, c.name_zh_hans) for c in self.categories.values() if c.name_zh_hans],  # type: ignore[attr-defined]
            *[(c.code, c.name_fr) for c in self.categories.values()],  # type: ignore[attr-defined]
        ]

    def clean_organisation(self) -> str:
        typed = str(self.cleaned_data["organisation"])
        self.found = self._called(typed, Side.FRENCH)
        if self.found is None and self._called(typed, Side.CHINESE):
            raise forms.ValidationError(_("Chinese delegations are registered by the APCAE, not here."))
        return typed

    def clean_chinese_partner(self) -> Organisation | None:
        typed = str(self.cleaned_data["chinese_partner"])
        if not typed:
            return None
        partner = self._called(typed, Side.CHINESE)
        if partner is None:
            raise forms.ValidationError(
                _("“%(value)s” is no Chinese authority of our list.") % {"value": typed}
            )
        return partner

    def clean_sessions(self) -> list[Session]:
        return self._one_of_each_group(self._named("sessions", self.on_offer))

    def clean_sessions_waiting(self) -> list[Session]:
        return self._one_of_each_group(self._named("sessions_waiting", self.on_offer))

    def clean_wishes(self) -> list[Session]:
        """The dearest first; visits that are assigned have become sessions and are chosen as such."""
        wished = self._named("wishes", self.visits)
        if len(wished) > MOST_WISHES or len(wished) != len(set(wished)):
            raise forms.ValidationError(_("Name three different visits at most, the dearest wish first."))
        return wished

    def clean(self) -> dict[str, Any]:
        """Who waits for a session and attends another one of its group says so in two columns."""
        data = super().clean() or {}
        awaited = data.get("sessions_waiting") or []
        attended = data.get("sessions") or []
        groups = {s.choice_group for s in awaited} - {""}
        self.meanwhile = {s.choice_group: s for s in attended if s.choice_group in groups}
        data["sessions"] = [
            *awaited,
            *[s for s in attended if s.choice_group not in groups and s not in awaited],
        ]
        return data

    def _named(self, field: str, on_offer: list[Session]) -> list[Session]:
        known = in_all_languages((s.code, s.title) for s in on_offer)
        by_code = {s.code: s for s in on_offer}
        named: list[Session] = []
        for written in filter(
            None, (w.strip() for w in self.cleaned_data[field].replace(";", "|").split("|"))
        ):
            code = known.get(fold(written))
            if code is None:
                raise forms.ValidationError(
                    _("“%(value)s” is not one of: %(allowed)s.")
                    % {"value": written, "allowed": ", ".join(by_code)}
                )
            named.append(by_code[code])
        return named

    @staticmethod
    def _one_of_each_group(chosen: list[Session]) -> list[Session]:
        groups = [s.choice_group for s in chosen if s.choice_group]
        if len(groups) != len(set(groups)) or len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Two of these sessions take place at the same time: choose one."))
        return chosen

    def clean_category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["category"])

    def _called(self, typed: str, side: Side) -> Organisation | None:
        return next(
            (o for o in self.organisations if o.side == side and (o.code == typed or o.is_called(typed))),
            None,
        )

    @property
    def kind(self) -> str:
        """The kind of the organisation found, or the one given, or a town."""
        return self.found.kind if self.found else str(self.cleaned_data.get("organisation_kind") or "commune")

    def category_or_default(self) -> Category:
        """The category given, or the one that the kind of organisation leads to."""
        given = self.cleaned_data.get("category")
        if given:
            return given
        open_ones = [c for c in self.categories.values() if not c.is_reserve]
        return next((c for c in open_ones if self.kind in c.organisation_kinds), open_ones[0])

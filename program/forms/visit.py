"""The sheet of a field visit, and the decision about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.characters import writable
from assises.forms.bilingual import in_both_languages
from assises.forms.versioned import Versioned
from program.enums import Verdict
from program.models import FieldVisit, Session


class SheetForm(Versioned, forms.ModelForm):
    """The place, the way, the time, the access: what each side needs to say yes or no."""

    class Meta:
        model = FieldVisit
        fields = [
            "place_fr", "place_zh_hans", "programme_fr", "programme_zh_hans", "origin", "origin_side", "distance_km",
            "travel_minutes", "duration_minutes", "is_accessible", "identity_document", "accessibility_fr",
            "accessibility_zh_hans",
        ]  # fmt: skip
        widgets = {
            "programme_fr": forms.Textarea(attrs={"rows": 4}),
            "programme_zh_hans": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, data: Any = None, *, session: Session, instance: FieldVisit | None = None) -> None:
        super().__init__(data, instance=instance or FieldVisit(session=session), use_required_attribute=False)
        in_both_languages(self, FieldVisit)
        for name in ("is_accessible", "identity_document"):
            self.fields[name].widget.choices = [
                ("unknown", _("nobody has checked")),
                ("true", _("yes")),
                ("false", _("no")),
            ]
            self.fields[name].help_text = ""
        for name in ("distance_km", "travel_minutes", "duration_minutes"):
            self.fields[name].widget.attrs |= {"class": "short", "inputmode": "numeric"}
        self.remember(session.version)

    def groups(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        layout: list[tuple[Any, list[list[str]]]] = [
            (gettext_lazy("Place and theme"), [["place_fr", "place_zh_hans"], ["programme_fr", "programme_zh_hans"], ["origin", "origin_side"]]),
            (gettext_lazy("Way and time"), [["distance_km", "travel_minutes", "duration_minutes"]]),
            (gettext_lazy("Access"), [["is_accessible", "identity_document"], ["accessibility_fr", "accessibility_zh_hans"]]),
        ]  # fmt: skip
        return [(str(legend), [[self[n] for n in row] for row in rows]) for legend, rows in layout]


class VerdictForm(forms.Form):
    """What one side says of the visit."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("field visit", "Verdict"), choices=Verdict.choices, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, verdict: str, version: int, prefix: str) -> None:
        initial = {"verdict": verdict, "version": version}
        super().__init__(data, initial=initial, use_required_attribute=False, prefix=prefix)


class DecisionForm(forms.Form):
    """Whether the visit takes place."""

    is_kept = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        required=False,
        choices=[
            ("", gettext_lazy("both sides still talk")),
            ("yes", gettext_lazy("the visit takes place")),
            ("no", gettext_lazy("the visit does not take place")),
        ],
    )
    decision_note_fr = forms.CharField(
        label=gettext_lazy("Reason or remark, in French"),
        required=False,
        max_length=500,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": 2, "lang": "fr"}),
        help_text=gettext_lazy("It stands on the sheet of the visit: whoever reads the programme reads it."),
    )
    decision_note_zh_hans = forms.CharField(
        label=gettext_lazy("Reason or remark, in Chinese"),
        required=False,
        max_length=500,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": 2, "lang": "zh-Hans"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, visit: FieldVisit, version: int) -> None:
        initial = {
            "is_kept": {None: "", True: "yes", False: "no"}[visit.is_kept],
            "decision_note_fr": visit.decision_note_fr,  # type: ignore[attr-defined]
            "decision_note_zh_hans": visit.decision_note_zh_hans,  # type: ignore[attr-defined]
            "version": version,
        }
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="decision")

    @property
    def decision(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["is_kept"])

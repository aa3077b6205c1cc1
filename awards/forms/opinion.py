"""What a secretary finds of an application, and its translation."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.characters import writable
from assises.enums import Side
from assises.templatetags.typography import bcp47
from awards.enums import Opinion
from awards.forms.step import StepForm
from awards.models import Application
from awards.models.application import TEXTS
from program.forms.prose import ProseField


class OpinionForm(forms.Form):
    """Admissible, to be completed, or not admissible; and why."""

    opinion = forms.ChoiceField(
        label=pgettext_lazy("of a secretary", "Opinion"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what you find.")},
    )
    reason = forms.CharField(
        required=False,
        max_length=1000,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": "4"}),
        error_messages={
            "max_length": gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d.")
        },
    )

    def __init__(self, data: Any = None, *, row: Application, side: str, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        field = self.fields["opinion"]
        assert isinstance(field, forms.ChoiceField)
        # What was completed once is admissible or not.
        field.choices = [(o.value, o.label) for o in Opinion if o != Opinion.TO_COMPLETE or row.round == 1]
        reason = self.fields["reason"]
        reason.label = _("Reason, in Chinese") if side == Side.CHINESE else _("Reason, in French")
        reason.help_text = _("The pair reads it; the other secretary says it in the other language.")
        reason.widget.attrs["lang"] = "zh-Hans" if side == Side.CHINESE else "fr"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("opinion") not in (None, "", Opinion.ADMISSIBLE) and not data.get("reason"):
            self.add_error("reason", _("Say why: the pair reads this."))
        return data


class TranslationForm(StepForm):
    """Every text of an application in the other language. Some may stay empty: then it is kept, and not ready."""

    def __init__(self, data: Any = None, *, row: Application, seen: str) -> None:
        self.row = row
        language = row.translation
        super().__init__(data, seen=seen, initial=row.texts_in(row.translation))
        for name, label in TEXTS.items():
            if name == "title":
                self.fields[name] = forms.CharField(max_length=200, validators=[writable])
            else:
                # A translation may be longer than its original: French takes twice the characters of Chinese.
                most = row.call.summary_characters * 3 if name == "summary" else 1800
                self.fields[name] = ProseField(most=most, example="", rows=5)
            field = self.fields[name]
            field.label, field.required = label, False
            field.widget.attrs["lang"] = bcp47(language)

    def texts(self) -> dict[str, str]:
        """The answers as the service takes them."""
        return {name: self.cleaned_data[name] for name in TEXTS}

    def pairs(self) -> list[tuple[str, forms.BoundField]]:
        """Each original beside its translation."""
        texts = self.row.original_texts()
        return [(texts[name], self[name]) for name in TEXTS]

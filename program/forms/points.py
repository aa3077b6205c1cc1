"""What is still open about a session, and what was answered."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.forms.bilingual import in_both_languages
from program.enums import OwnerSide
from program.forms.versioned import Versioned
from program.models import OpenPoint, Session

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "medium"})


class PointForm(Versioned, forms.ModelForm):
    """What is open, who owes the answer, and until when."""

    class Meta:
        model = OpenPoint
        fields = ["text_fr", "text_zh_hans", "owner", "due_on", "source"]
        widgets = {
            "text_fr": forms.Textarea(attrs={"rows": 2}),
            "text_zh_hans": forms.Textarea(attrs={"rows": 2}),
            "due_on": DATE,
        }

    def __init__(self, data: Any = None, *, session: Session, instance: OpenPoint | None = None) -> None:
        super().__init__(data, instance=instance or OpenPoint(session=session), use_required_attribute=False)
        in_both_languages(self, OpenPoint)
        if instance is None:
            self.fields["owner"].initial = OwnerSide.FRENCH
        self.fields["due_on"].help_text = gettext_lazy("What nobody owes for a date is forgotten: without one it stands in red.")  # fmt: skip
        self.remember(session.version)
        if instance is None:
            # Somebody else's change does not touch a point that is only now written.
            for field in self.fields.values():
                field.show_hidden_initial = False

    def rows(self) -> list[list[forms.BoundField]]:
        return [[self["text_fr"], self["text_zh_hans"]], [self["owner"], self["due_on"], self["source"]]]


class CloseForm(forms.Form):
    """What was decided."""

    answer_fr = forms.CharField(
        label=gettext_lazy("Answer, in French"),
        max_length=400,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": 2, "lang": "fr"}),
        error_messages={"required": gettext_lazy("Say what was decided: that closes the point.")},
    )
    answer_zh_hans = forms.CharField(
        label=gettext_lazy("Answer, in Chinese"),
        max_length=400,
        validators=[writable],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "zh-Hans"}),
    )
    closed_on = forms.DateField(label=gettext_lazy("Decided on"), widget=DATE)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, point: OpenPoint, session: Session, today: dt.date) -> None:
        initial = {
            "answer_fr": point.answer_fr,  # type: ignore[attr-defined]
            "answer_zh_hans": point.answer_zh_hans,  # type: ignore[attr-defined]
            "closed_on": point.closed_on or today,
            "version": session.version,
        }
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="close")

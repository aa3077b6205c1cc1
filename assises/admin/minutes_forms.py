"""What is typed about meetings and their minutes."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.enums import LineVerdict, Side
from assises.forms.bilingual import in_both_languages
from assises.minutes import Answer
from assises.minutes.meetings import FIELDS, mark_of
from assises.minutes.writing import WORDED
from assises.models import Edition, Meeting, Minutes, MinutesLine

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
#: Both sides have a whole week by default; at noon in Paris offices are still open in Beijing.
DAYS_TO_VALIDATE, HOUR = 7, dt.time(12)
DAYS_AT_MOST = 366


def typed_with(data: Any, **values: Any) -> Any:
    """What was typed, with some values in the place of others."""
    data = data.copy()
    for name, value in values.items():
        data[name] = str(value)
    return data


class MeetingForm(forms.ModelForm):
    """What the minutes say of a meeting at their head."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Meeting
        fields = FIELDS
        widgets = {
            "held_on": DAY,
            "attendance_fr": forms.Textarea(attrs={"rows": 4}),
            "attendance_zh_hans": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data: Any = None, *, edition: Edition, meeting: Meeting | None = None) -> None:
        super().__init__(data, instance=meeting or Meeting(edition=edition), use_required_attribute=False)
        in_both_languages(self, Meeting)
        # Sources leave it out; whoever notes a meeting knows it.
        self.fields["held_on"].required = True
        follows = self.fields["follows"]
        assert isinstance(follows, forms.ModelChoiceField)
        follows.queryset = edition.meetings.exclude(pk=meeting.pk) if meeting else edition.meetings.all()
        self.initial["seen"] = mark_of(meeting) if meeting else ""

    def rows(self) -> list[list[forms.BoundField]]:
        pairs = [[self[f"{name}_fr"], self[f"{name}_zh_hans"]] for name in ("title", "place", "attendance")]
        return [
            pairs[0],
            [self["held_on"], self["workstream"]],
            *pairs[1:],
            [self["follows"], self["note"]],
        ]

    def values(self) -> dict[str, Any]:
        """A text that is not written is empty, not nothing."""
        return {n: "" if v is None and n not in ("follows",) else v for n, v in self.cleaned_data.items()}


class IntroductionForm(forms.Form):
    """What stands above the lines."""

    introduction_fr = forms.CharField(
        required=False, max_length=4000, validators=[writable], widget=forms.Textarea(attrs={"rows": 4})
    )
    introduction_zh_hans = forms.CharField(
        required=False, max_length=4000, validators=[writable], widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, minutes: Minutes) -> None:
        initial = {name: getattr(minutes, name) for name in ("introduction_fr", "introduction_zh_hans")}
        super().__init__(data, initial={**initial, "version": minutes.version}, use_required_attribute=False)
        in_both_languages(self, Minutes)


class SendForm(forms.Form):
    """Until when both sides validate."""

    deadline_at = forms.DateTimeField(
        label=gettext_lazy("To be validated until"),
        help_text=gettext_lazy("On the clock of Paris; the letters tell the hour of Beijing too."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    silent_days = forms.IntegerField(
        label=gettext_lazy("Days of silence until it is escalated"),
        help_text=gettext_lazy("Counted from the day on which the minutes were sent."),
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, minutes: Minutes, at: dt.datetime) -> None:
        here = timezone.localtime(at)
        until = dt.datetime.combine(here.date() + dt.timedelta(days=DAYS_TO_VALIDATE), HOUR)
        initial = {"deadline_at": until, "silent_days": minutes.silent_days, "version": minutes.version}
        super().__init__(data, initial=initial, prefix="send", use_required_attribute=False)
        self.latest = at + dt.timedelta(days=DAYS_AT_MOST)

    def clean_deadline_at(self) -> dt.datetime:
        deadline: dt.datetime = self.cleaned_data["deadline_at"]
        if deadline > self.latest:
            raise forms.ValidationError(_("Choose a day within a year."))
        return deadline


class LineForm(forms.ModelForm):
    """Another wording of a line."""

    also_in_register = forms.BooleanField(
        label=gettext_lazy("Write it like this in the register too"),
        help_text=gettext_lazy(
            "All but the status: that one is changed in the register, where it has rules of its own."
        ),
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    #: Which line was opened: the address names its place, where another one may stand by now.
    line = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = MinutesLine
        fields = WORDED
        widgets = {
            **{f"text_{s}": forms.Textarea(attrs={"rows": 3}) for s in ("fr", "zh_hans")},
            **{f"detail_{s}": forms.Textarea(attrs={"rows": 3}) for s in ("fr", "zh_hans")},
            **{f"outcome_{s}": forms.Textarea(attrs={"rows": 2}) for s in ("fr", "zh_hans")},
            "due_on": DAY,
        }

    def __init__(self, data: Any = None, *, line: MinutesLine) -> None:
        super().__init__(data, instance=line, use_required_attribute=False)
        in_both_languages(self, MinutesLine)
        # ``revision`` is no field of the model's form: what was looked at is not what is saved.
        self.initial["revision"], self.initial["line"] = line.revision, line.pk

    def clean_line(self) -> int:
        opened = int(self.cleaned_data["line"])
        if opened != self.instance.pk:
            raise forms.ValidationError(
                _(
                    "Another line stands here by now: the wording of the register was taken since you opened this page. Nothing is saved; look for your line, and copy what you typed."
                )
            )
        return opened

    def rows(self) -> list[list[forms.BoundField]]:
        pairs = [[self[f"{name}_fr"], self[f"{name}_zh_hans"]] for name in ("text", "detail", "outcome")]
        return [*pairs, [self["status"], self["owner_side"]], [self["due_on"], self["source"]]]

    def words(self) -> dict[str, Any]:
        return {
            n: "" if v is None and n != "due_on" else v for n, v in self.cleaned_data.items() if n in WORDED
        }


class AnswerForm(forms.Form):
    """What one side says of one line."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Your verdict"),
        choices=[
            (LineVerdict.ACCEPTED, gettext_lazy("We accept this line")),
            (LineVerdict.COMMENTED, gettext_lazy("We have a comment")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment: what should be changed"),
        max_length=500,
        required=False,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, line: MinutesLine, side: Side) -> None:
        """The form begins with what ``side`` said of the present wording; ``line`` has its verdicts."""
        own = [v for v in line.verdicts.all() if v.side == side]
        present = next((v for v in own if v.revision == line.revision), None)
        self.said_before = {v.comment for v in own}
        initial = {"verdict": present.verdict, "comment": present.comment} if present else {}
        super().__init__(
            data,
            prefix=f"l{line.pk}",
            initial={**initial, "revision": line.revision},
            use_required_attribute=False,
        )
        self.title = _("Line %(number)d") % {"number": line.order}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict, comment = data.get("verdict"), (data.get("comment") or "").strip()
        if verdict == LineVerdict.ACCEPTED and comment in self.said_before:
            # Whoever accepts at last need not take away what their side had said before.
            comment = ""
        if "comment" in data and verdict == LineVerdict.COMMENTED and not comment:
            self.add_error("comment", _("Say what should be changed in this line."))
        if verdict == LineVerdict.ACCEPTED and comment:
            self.add_error("comment", _("You accept this line and comment on it: choose one of the two."))
        if comment and not verdict:
            data["verdict"] = LineVerdict.COMMENTED
        return {**data, "comment": comment}

    def answer(self) -> Answer | None:
        """What was said; None where nothing was."""
        data = self.cleaned_data
        if not data["verdict"]:
            return None
        return Answer(LineVerdict(data["verdict"]), data["revision"], data["comment"])

"""Forms of the decision register."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.enums import AgreementStatus, ItemKind, OwnerSide, Side
from assises.forms.bilingual import in_both_languages
from assises.forms.versioned import Versioned
from assises.models import Candidate, Contact, Edition, Meeting, Milestone, Organisation, RegisterItem
from assises.models.register import SETTLED
from assises.register.subjects import key_of, subject_choices, subject_of

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "medium"})
TWO_LINES = {"rows": 2}
_ASKED = [(kind.value, kind.label) for kind in (ItemKind.REQUEST, ItemKind.OPEN_POINT)]


class ItemForm(Versioned, forms.ModelForm):
    """What an item says, who owes it until when, where it comes from, what it is about."""

    subject = forms.ChoiceField(label=gettext_lazy("What it is about"), required=False)
    rules = {"assises_registeritem_says_something": "text_fr"}

    class Meta:
        model = RegisterItem
        fields = [
            "kind", "status", "workstream", "text_fr", "text_zh_hans", "detail_fr", "detail_zh_hans", "raised_by",
            "owner_side", "organisation", "person", "due_on", "meeting", "source",
        ]  # fmt: skip
        widgets = {
            "text_fr": forms.Textarea(attrs=TWO_LINES),
            "text_zh_hans": forms.Textarea(attrs=TWO_LINES),
            "detail_fr": forms.Textarea(attrs={"rows": 3}),
            "detail_zh_hans": forms.Textarea(attrs={"rows": 3}),
            "due_on": DATE,
        }

    def __init__(self, data: Any = None, *, edition: Edition, instance: RegisterItem | None = None, **kwargs: Any) -> None:  # fmt: skip
        self.edition = edition
        super().__init__(
            data, instance=instance or RegisterItem(edition=edition), use_required_attribute=False, **kwargs
        )
        in_both_languages(self, RegisterItem)
        self.fields["text_fr"].required = self.fields["text_zh_hans"].required = False
        self._offer("organisation", Organisation.objects.of_today(also=self.instance.organisation_id))
        self._offer("person", Contact.objects.select_related("organisation"))
        self._offer("meeting", Meeting.objects.filter(edition=edition))
        self._choices("subject", [("", "–"), *subject_choices(edition, self.instance)])
        self.fields["due_on"].help_text = gettext_lazy("What nobody owes for a date is forgotten: without one it stands in red.")  # fmt: skip
        if instance is None:
            # A new item begins with the status of its kind.
            del self.fields["status"]
        else:
            del self.fields["kind"]
            self.initial["subject"] = key_of(instance)
            if instance.is_settled:
                del self.fields["status"]
            else:
                still = [(s.value, s.label) for s in AgreementStatus if s not in SETTLED]
                self._choices("status", still)
            self.remember(instance.version)

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person, organisation = data.get("person"), data.get("organisation")
        if person and organisation and person.organisation_id != organisation.pk:
            self.add_error(
                "person",
                _("%(name)s does not work for %(organisation)s.")
                % {"name": person, "organisation": organisation},
            )
        return data

    def values(self, names: list[str] | None = None) -> dict[str, Any]:
        """What was typed (of these names), by the columns of the model."""
        values = {
            n: v for n, v in self.cleaned_data.items() if n != "version" and (names is None or n in names)
        }
        if "subject" in values:
            about = subject_of(self.edition, values.pop("subject"), self.instance)
            values["subject_type"] = ContentType.objects.get_for_model(about) if about else None
            values["subject_id"] = about.pk if about else None
        return values

    @property
    def changes(self) -> dict[str, Any]:
        return self.values(list(super().changes))

    def groups(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """The questions, by what they are about; in rows."""

        def rows(*names: tuple[str, ...]) -> list[list[forms.BoundField]]:
            return [[self[name] for name in row if name in self.fields] for row in names]

        return [
            (
                gettext_lazy("What it says"),
                rows(("kind", "status", "workstream"), ("text_fr", "text_zh_hans"), ("detail_fr", "detail_zh_hans")),
            ),
            (gettext_lazy("Who owes it"), rows(("owner_side", "due_on"), ("organisation", "person"))),
            (gettext_lazy("Where it comes from"), rows(("raised_by", "meeting"), ("source",))),
            (gettext_lazy("What it is about"), rows(("subject",))),
        ]  # fmt: skip


class RequestForm(ItemForm):
    """What the Chinese side may note by itself: a question or a request, in its own language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("workstream", "raised_by", "organisation", "person", "meeting"):
            del self.fields[name]
        self._choices("kind", _ASKED)


class SettleForm(forms.Form):
    """What was decided, or why it is abandoned."""

    outcome_fr = forms.CharField(
        label=gettext_lazy("In French"),
        max_length=500,
        required=False,
        validators=[writable],
        widget=forms.Textarea(attrs={**TWO_LINES, "lang": "fr"}),
    )
    outcome_zh_hans = forms.CharField(
        label=gettext_lazy("In Chinese"),
        max_length=500,
        required=False,
        validators=[writable],
        widget=forms.Textarea(attrs={**TWO_LINES, "lang": "zh-Hans"}),
    )
    settled_on = forms.DateField(label=gettext_lazy("On"), widget=DATE)
    meeting = forms.ModelChoiceField(
        label=gettext_lazy("At the meeting"), queryset=Meeting.objects.none(), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, item: RegisterItem, today: dt.date) -> None:
        initial = {
            "outcome_fr": item.outcome_fr,
            "outcome_zh_hans": item.outcome_zh_hans,
            "settled_on": item.settled_on or today,
            "version": item.version,
        }
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="settle")
        meetings = self.fields["meeting"]
        assert isinstance(meetings, forms.ModelChoiceField)
        meetings.queryset = Meeting.objects.filter(edition=item.edition_id)


class CandidateForm(forms.ModelForm):
    """One more answer beside the others."""

    class Meta:
        model = Candidate
        fields = ["text_fr", "text_zh_hans", "starts_on", "ends_on", "proposed_by", "source"]
        widgets = {
            "text_fr": forms.Textarea(attrs=TWO_LINES),
            "text_zh_hans": forms.Textarea(attrs=TWO_LINES),
            "starts_on": DATE,
            "ends_on": DATE,
        }

    def __init__(self, data: Any = None, *, item: RegisterItem) -> None:
        super().__init__(
            data, instance=Candidate(item=item), use_required_attribute=False, prefix="candidate"
        )
        in_both_languages(self, Candidate)
        self.fields["text_fr"].required = self.fields["text_zh_hans"].required = False
        if not isinstance(item.subject, Milestone):
            del self.fields["starts_on"], self.fields["ends_on"]

    def rows(self) -> list[list[forms.BoundField]]:
        names = [("text_fr", "text_zh_hans"), ("starts_on", "ends_on"), ("proposed_by", "source")]
        return [row for row in ([self[n] for n in names_ if n in self.fields] for names_ in names) if row]


class VoiceForm(forms.Form):
    """The voice of one side for one of the candidates."""

    side = forms.ChoiceField(label=gettext_lazy("For which side"))
    candidate = forms.ModelChoiceField(
        label=gettext_lazy("The candidate that this side prefers"),
        queryset=Candidate.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"), max_length=300, required=False, validators=[writable]
    )

    def __init__(self, data: Any = None, *, item: RegisterItem, sides: list[Side]) -> None:
        super().__init__(
            data,
            initial={"side": sides[0] if sides else ""},
            use_required_attribute=False,
            prefix="voice",
        )
        side, candidate = self.fields["side"], self.fields["candidate"]
        assert isinstance(side, forms.ChoiceField)
        assert isinstance(candidate, forms.ModelChoiceField)
        side.choices = [(s.value, s.label) for s in sides]
        if len(sides) < 2:
            side.widget = forms.HiddenInput()
        candidate.queryset = item.candidates.all()


class BlocksForm(forms.Form):
    """What waits for this item."""

    blocks_items = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Items of the register"),
        queryset=RegisterItem.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    blocks_milestones = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Milestones"),
        queryset=Milestone.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, item: RegisterItem) -> None:
        items, milestones = list(item.blocks_items.all()), list(item.blocks_milestones.all())
        initial = {"blocks_items": items, "blocks_milestones": milestones, "version": item.version}
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="blocks")
        wanted, dates = self.fields["blocks_items"], self.fields["blocks_milestones"]
        assert isinstance(wanted, forms.ModelMultipleChoiceField)
        assert isinstance(dates, forms.ModelMultipleChoiceField)
        others = RegisterItem.objects.filter(edition=item.edition_id).exclude(pk=item.pk)
        wanted.queryset = (others.unsettled() | others.filter(pk__in=[i.pk for i in items])).order_by(
            "number"
        )
        dates.queryset = Milestone.objects.filter(edition=item.edition_id)


class FilterForm(forms.Form):
    """What the list of the register shows."""

    KINDS_OF_STATE = [
        ("owed", gettext_lazy("still owed")),
        ("red", gettext_lazy("red: no owner or no date")),
        ("overdue", gettext_lazy("overdue")),
        ("unsettled", gettext_lazy("not settled yet")),
        ("decided", gettext_lazy("decided")),
        ("abandoned", gettext_lazy("abandoned")),
    ]

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False, validators=[writable])
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    side = forms.ChoiceField(label=gettext_lazy("Side that owes it"), required=False)
    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Meeting"), queryset=Meeting.objects.none(), required=False, to_field_name="code"
    )

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data, use_required_attribute=False)
        every = ("", gettext_lazy("all"))
        kinds = ItemKind.choices
        sides = [*OwnerSide.choices, ("none", gettext_lazy("nobody yet"))]
        for name, choices in (("kind", kinds), ("state", self.KINDS_OF_STATE), ("side", sides)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [every, *choices]
        meetings = self.fields["meeting"]
        assert isinstance(meetings, forms.ModelChoiceField)
        meetings.queryset, meetings.empty_label = Meeting.objects.filter(edition=edition), every[1]

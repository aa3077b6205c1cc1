"""Forms of the planning: a milestone, its dates, what waits for what, tasks."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.characters import writable
from assises.enums import OwnerSide, WorkState
from assises.forms.bilingual import in_both_languages
from assises.forms.versioned import Versioned
from assises.models import Contact, Edition, Milestone, Organisation, Task
from assises.models.milestone import PLAUSIBLE
from assises.planning.wording import moment

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "medium"})
TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})


def offer(form: forms.BaseForm, name: str, rows: Any) -> None:
    """What a choice among rows offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class DatesForm(forms.Form):
    """A day or a window, with or without hours, on the clocks of the place."""

    first_day = forms.DateField(label=gettext_lazy("Day, or first day of a window"), widget=DATE)
    first_hour = forms.TimeField(label=gettext_lazy("Hour"), widget=TIME, required=False)
    last_day = forms.DateField(label=gettext_lazy("Last day of the window"), widget=DATE, required=False)
    last_hour = forms.TimeField(label=gettext_lazy("Hour of the end"), widget=TIME, required=False)

    edition: Edition

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and not PLAUSIBLE[0] <= day <= PLAUSIBLE[1]:
                self.add_error(name, _("Write a day between 2000 and 2100."))
                return data
        if data.get("last_hour") and not last:
            data["last_day"] = last = first
        if first and last:
            starts, ends = self.span
            if ends and ends < starts:
                self.add_error("last_day", _("The window ends before it starts."))
        return data

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime | None]:
        """Start and end in UTC; no end for a single day or hour."""
        data = self.cleaned_data
        starts = moment(self.edition, data["first_day"], data.get("first_hour"))
        last = data.get("last_day")
        if not last or (last == data["first_day"] and not data.get("last_hour")):
            return starts, None
        return starts, moment(self.edition, last, data.get("last_hour"))

    @staticmethod
    def initial_of(milestone: Milestone) -> dict[str, Any]:
        zone = ZoneInfo(milestone.edition.time_zone)
        starts = milestone.starts_at.astimezone(zone)
        ends = milestone.ends_at.astimezone(zone) if milestone.ends_at else None
        return {
            "first_day": starts.date(),
            "first_hour": starts.time() if starts.time() != dt.time.min else None,
            "last_day": ends.date() if ends else None,
            "last_hour": ends.time() if ends and ends.time() != dt.time.min else None,
        }

    def dates(self) -> list[list[forms.BoundField]]:
        return [[self["first_day"], self["first_hour"]], [self["last_day"], self["last_hour"]]]


class MoveForm(DatesForm):
    """Where a milestone goes, and why; confirmed with what was shown."""

    reason_fr = forms.CharField(
        label=gettext_lazy("Reason, in French"),
        max_length=300,
        required=False,
        validators=[writable],
        widget=forms.TextInput(attrs={"lang": "fr"}),
    )
    reason_zh_hans = forms.CharField(
        label=gettext_lazy("Reason, in Chinese"),
        max_length=300,
        required=False,
        validators=[writable],
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )

    def __init__(
        self, data: Any = None, *, milestone: Milestone, initial: dict[str, Any] | None = None
    ) -> None:
        self.edition = milestone.edition
        start = {**self.initial_of(milestone), **(initial or {})}
        super().__init__(data, initial=start, use_required_attribute=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("reason_fr") or data.get("reason_zh_hans")):
            self.add_error("reason_fr", _("Say why it is moved: the reason stays beside the date."))
        return data


class MilestoneForm(Versioned, forms.ModelForm):
    """What is said of a milestone; its dates are moved, not typed over."""

    follows = forms.BooleanField(
        label=gettext_lazy("It follows the first day of the Assises"),
        required=False,
        help_text=gettext_lazy("When the Assises move, it keeps its distance in days."),
    )

    class Meta:
        model = Milestone
        fields = [
            "kind", "label_fr", "label_zh_hans", "wording_fr", "wording_zh_hans", "owner_side", "organisation", "source",
            "verified_on", "note",
        ]  # fmt: skip
        widgets = {"verified_on": DATE, "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *, edition: Edition, instance: Milestone | None = None, **kwargs: Any) -> None:  # fmt: skip
        self.edition = edition
        super().__init__(
            data, instance=instance or Milestone(edition=edition), use_required_attribute=False, **kwargs
        )
        in_both_languages(self, Milestone)
        offer(self, "organisation", Organisation.objects.of_today(also=self.instance.organisation_id))
        if instance is not None:
            self.initial["follows"] = instance.offset_days is not None
            self.remember(instance.version)

    def rows(self) -> list[list[forms.BoundField]]:
        names = [
            ("kind",), ("label_fr", "label_zh_hans"), ("wording_fr", "wording_zh_hans"), ("follows",),
            ("owner_side", "organisation"), ("source", "verified_on"), ("note",),
        ]  # fmt: skip
        return [[self[name] for name in row] for row in names]


class NewMilestoneForm(DatesForm, MilestoneForm):
    """A milestone with its dates."""

    field_order = ["kind", "label_fr", "label_zh_hans", "first_day", "first_hour", "last_day", "last_hour"]

    def rows(self) -> list[list[forms.BoundField]]:
        what, words, *rest = super().rows()
        return [what, words, *self.dates(), *rest]

    @property
    def values(self) -> dict[str, Any]:
        """By the columns of the model."""
        dates = {*DatesForm.base_fields, "follows", "version"}
        starts_at, ends_at = self.span
        data = {name: value for name, value in self.cleaned_data.items() if name not in dates}
        return {**data, "starts_at": starts_at, "ends_at": ends_at}


class StateForm(forms.Form):
    """How far the work is."""

    state = forms.ChoiceField(label=pgettext_lazy("of a milestone", "work"), choices=WorkState.choices)
    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=DATE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, milestone: Milestone) -> None:
        initial = {"state": milestone.state, "done_on": milestone.done_on, "version": milestone.version}
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="state")


class ReplaceForm(forms.Form):
    """Which milestone stands in the place of this one."""

    replaced_by = forms.ModelChoiceField(
        label=gettext_lazy("Replaced by"), queryset=Milestone.objects.none(), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, milestone: Milestone) -> None:
        initial = {"replaced_by": milestone.replaced_by_id, "version": milestone.version}
        super().__init__(data, initial=initial, use_required_attribute=False, prefix="replace")
        others = Milestone.objects.filter(edition=milestone.edition_id).exclude(pk=milestone.pk)
        offer(self, "replaced_by", others)


class DependencyForm(forms.Form):
    """What this milestone waits for, or what waits for it."""

    direction = forms.ChoiceField(
        label=gettext_lazy("Which waits"),
        choices=[
            ("waits", gettext_lazy("this milestone waits for the other")),
            ("holds", gettext_lazy("the other waits for this milestone")),
        ],
    )
    other = forms.ModelChoiceField(
        label=gettext_lazy("The other milestone"), queryset=Milestone.objects.none()
    )
    lag_days = forms.IntegerField(
        label=gettext_lazy("Days between"), min_value=0, max_value=400, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False, validators=[writable]
    )

    def __init__(self, data: Any = None, *, milestone: Milestone) -> None:
        super().__init__(data, use_required_attribute=False, prefix="dependency")
        offer(self, "other", Milestone.objects.filter(edition=milestone.edition_id).exclude(pk=milestone.pk))

    def rows(self) -> list[list[forms.BoundField]]:
        return [[self["direction"], self["other"]], [self["lag_days"], self["reason"]]]


class TaskForm(Versioned, forms.ModelForm):
    """A piece of work: who does it until when, how far it is."""

    class Meta:
        model = Task
        fields = [
            "title_fr", "title_zh_hans", "owner_side", "organisation", "person", "due_on", "state", "done_on", "source",
        ]  # fmt: skip
        widgets = {"due_on": DATE, "done_on": DATE}

    def __init__(self, data: Any = None, *, milestone: Milestone, instance: Task | None = None) -> None:
        super().__init__(data, instance=instance or Task(milestone=milestone), use_required_attribute=False)
        in_both_languages(self, Task)
        offer(self, "organisation", Organisation.objects.of_today(also=self.instance.organisation_id))
        offer(self, "person", Contact.objects.select_related("organisation"))
        self.fields["done_on"].help_text = gettext_lazy("Today, where nothing is said.")
        if instance is None:
            del self.fields["state"], self.fields["done_on"]
        else:
            self.remember(instance.version)

    def _get_validation_exclusions(self) -> set[str]:
        # Done without a day is done today: the service sees to it, before the rule is asked.
        return {*super()._get_validation_exclusions(), "state", "done_on"}  # type: ignore[misc]

    def rows(self) -> list[list[forms.BoundField]]:
        names = [
            ("title_fr", "title_zh_hans"), ("owner_side", "due_on"), ("organisation", "person"), ("state", "done_on"),
            ("source",),
        ]  # fmt: skip
        return [row for row in ([self[n] for n in row if n in self.fields] for row in names) if row]


class FilterForm(forms.Form):
    """Which milestones are shown."""

    side = forms.ChoiceField(label=gettext_lazy("Side that owes it"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    STATES = [
        ("", gettext_lazy("all")),
        ("open", gettext_lazy("not done yet")),
        ("late", gettext_lazy("late")),
        ("arbitrate", gettext_lazy("to be arbitrated")),
        ("remarked", gettext_lazy("with something to know about the date")),
        ("external", gettext_lazy("external events")),
        ("gone", gettext_lazy("given up or replaced")),
    ]

    def __init__(self, data: Any) -> None:
        super().__init__(data, use_required_attribute=False)
        sides = [("", gettext_lazy("all")), *OwnerSide.choices, ("none", gettext_lazy("nobody yet"))]
        for name, choices in (("side", sides), ("state", self.STATES)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

"""A session as organisers write it, and where it is moved to."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises.characters import writable
from assises.forms.bilingual import in_both_languages
from assises.forms.versioned import Versioned
from assises.models import Edition
from assises.templatetags.typography import write_date
from program.enums import SessionKind
from program.models import Room, Session
from program.models.session import VISITS
from program.timetable import days_of

TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})


def day_choices(edition: Edition) -> list[tuple[str, str]]:
    return [(d.isoformat(), write_date(d, get_language(), weekday=True)) for d in days_of(edition)]


class DayField(forms.TypedChoiceField):
    """One of the days of the edition."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=dt.date.fromisoformat, empty_value=None, **kwargs)


class SessionForm(Versioned, forms.ModelForm):
    """All that one can say of a session but its pair, its running order, its open points and its sheet."""

    day = DayField(label=gettext_lazy("Day"))

    rules = {
        "program_session_starts_before_it_ends": "ends_at",
        "program_session_end_needs_a_start": "starts_at",
        "program_session_within_the_edition": "day",
        "program_session_abandoned_with_reason": "status_reason_fr",
        "program_session_one_per_room_at_once": "room",
        "program_session_one_per_code": "code",
        "program_session_code_leaves_pages_alone": "code",
        "program_session_visits_are_one_group": "choice_group",
        "program_session_parallel_on_form_in_a_group": "choice_group",
    }

    class Meta:
        model = Session
        fields = [
            "code", "title_fr", "title_zh_hans", "summary_fr", "summary_zh_hans", "kind", "theme", "status",
            "status_reason_fr", "status_reason_zh_hans", "source", "day", "starts_at", "ends_at", "time_is_flexible",
            "room", "expected", "languages", "interpretation", "audience", "invited_by_fr", "invited_by_zh_hans",
            "invited_fr", "invited_zh_hans", "restitution_limit", "on_form", "choice_group", "order",
        ]  # fmt: skip
        widgets = {
            "starts_at": TIME,
            "ends_at": TIME,
            "summary_fr": forms.Textarea(attrs={"rows": 4}),
            "summary_zh_hans": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(
        self, data: Any = None, *, edition: Edition, instance: Session | None = None, **kwargs: Any
    ) -> None:
        instance = instance or Session(edition=edition)
        super().__init__(data, instance=instance, use_required_attribute=False, **kwargs)
        self.edition = edition
        in_both_languages(self, Session)
        self.fields["day"].choices = day_choices(edition)  # type: ignore[attr-defined]
        _of_the_edition(self, "theme", edition.themes.all(), _("no theme"))
        _of_the_edition(self, "room", rooms_of(edition), _("no room yet"))
        for name in ("expected", "restitution_limit", "order"):
            self.fields[name].widget.attrs |= {"class": "short", "inputmode": "numeric"}
        if instance.pk:
            del self.fields["code"]
            self.remember(instance.version)
        else:
            self.fields["code"].help_text = _(
                "Latin letters, figures and hyphens, for example: workshop-tourism. It stands in the address of the session’s page, and stays."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = value.replace("\r\n", "\n")
        if data.get("kind") == SessionKind.VISIT:
            # Whatever was typed: it would be told as a change that is none.
            data["choice_group"] = VISITS
        return data

    def _update_errors(self, errors: forms.ValidationError) -> None:
        """What the rules of the model say stands next to the field that it is about."""
        super()._update_errors(errors)  # type: ignore[misc]
        for sentence in self.errors.pop(NON_FIELD_ERRORS, []):
            self.refuse(str(sentence), Session)

    def groups(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """The questions by subject, both languages side by side."""
        layout: list[tuple[Any, list[list[str]]]] = [
            (gettext_lazy("What"), [["code"], ["title_fr", "title_zh_hans"], ["summary_fr", "summary_zh_hans"], ["kind", "theme"]]),
            (gettext_lazy("Where and when"), [["day", "starts_at", "ends_at"], ["room"], ["time_is_flexible"]]),
            (gettext_lazy("How firm it is"), [["status", "source"], ["status_reason_fr", "status_reason_zh_hans"]]),
            (gettext_lazy("For whom"), [["audience"], ["invited_by_fr", "invited_by_zh_hans"], ["invited_fr", "invited_zh_hans"]]),
            (gettext_lazy("People and languages"), [["expected", "languages"], ["interpretation"], ["restitution_limit"]]),
            (pgettext_lazy("of a session", "Seats to choose from"), [["on_form"], ["choice_group", "order"]]),
        ]  # fmt: skip
        return [
            (str(legend), [[self[n] for n in row if n in self.fields] for row in rows])
            for legend, rows in layout
        ]


class MoveForm(forms.Form):
    """Another day, another hour, another room: the same move as by mouse or by keys."""

    day = DayField(label=gettext_lazy("Day"))
    starts_at = forms.TimeField(
        label=gettext_lazy("Starts at"),
        required=False,
        widget=TIME,
        help_text=gettext_lazy("Leave it empty to open the hour again."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How long, in minutes"),
        required=False,
        min_value=5,
        max_value=1440,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=gettext_lazy("Leave it empty while the end is open."),
    )
    room = forms.ModelChoiceField(Room.objects.none(), label=gettext_lazy("Room"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, session: Session) -> None:
        initial = {
            "day": session.day,
            "starts_at": session.starts_at,
            "room": session.room_id,
            "version": session.version,
        }
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.fields["day"].choices = day_choices(session.edition)  # type: ignore[attr-defined]
        _of_the_edition(self, "room", rooms_of(session.edition), _("no room yet"))
        if session.minutes is not None:
            # It lasts as long as before.
            del self.fields["minutes"]

    def refuse(self, sentence: str) -> None:
        """A room that is taken is said at the room, all else above."""
        taken = next(c for c in Session._meta.constraints if c.name == "program_session_one_per_room_at_once")
        self.add_error("room" if sentence == str(taken.violation_error_message) else None, sentence)


class AbandonForm(forms.Form):
    """Why something is taken out of the programme (S-052)."""

    status_reason_fr = forms.CharField(
        label=gettext_lazy("Reason, in French"),
        max_length=500,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": 3, "lang": "fr"}),
        error_messages={
            "required": gettext_lazy(
                "Say why it is abandoned: it stays visible to organisers with its reason."
            )
        },
    )
    status_reason_zh_hans = forms.CharField(
        label=gettext_lazy("Reason, in Chinese"),
        max_length=500,
        validators=[writable],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "zh-Hans"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data, initial={"version": session.version}, use_required_attribute=False)


def rooms_of(edition: Edition) -> QuerySet[Room]:
    return Room.objects.filter(edition=edition).select_related("venue")


def _of_the_edition(form: forms.BaseForm, name: str, rows: QuerySet[Any], empty: str) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset, field.empty_label = rows, empty
    if rows.model is Room:
        field.label_from_instance = _room_label  # type: ignore[method-assign, assignment]


def _room_label(room: Room) -> str:
    if room.capacity is None:
        return f"{room} – {room.venue}"
    return _("%(room)s (%(capacity)d people) – %(venue)s") % {
        "room": room,
        "capacity": room.capacity,
        "venue": room.venue,
    }

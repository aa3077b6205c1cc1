"""Forms of something that two organisers may change at once.

Each field carries the value it had when the page was opened, so that only what somebody changed is saved, and two
versions can be shown field by field.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.models import JournalEntry
from assises.templatetags.typography import write_date, write_time


class Versioned(forms.BaseForm):
    """A form that remembers from which version of its row it was filled in."""

    #: The names of constraints, and the field under which their sentence stands.
    rules: dict[str, str] = {}

    def remember(self, version: int) -> None:
        for field in self.fields.values():
            field.show_hidden_initial = True
            field.widget.attrs.setdefault("autocomplete", "off")
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version, min_value=1)

    @property
    def version(self) -> int:
        return int(self.cleaned_data["version"])

    @property
    def changes(self) -> dict[str, Any]:
        """What was changed since the page was opened, by the names of the model."""
        return {n: self.cleaned_data[n] for n in self.changed_data if n != "version"}

    def visible(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "version"]

    def refuse(self, sentence: str, model: type[Model] | None = None) -> None:
        """Say a refusal next to the field that it is about."""
        constraints = model._meta.constraints if model else []
        names = [c.name for c in constraints if str(c.violation_error_message) == sentence]
        self.add_error(next((self.rules[n] for n in names if n in self.rules), None), sentence)


@dataclass(frozen=True)
class Line:
    """One field in both versions."""

    label: str
    theirs: str
    yours: str
    #: Who changed it: "both", "theirs", "yours".
    whose: str


@dataclass(frozen=True)
class Comparison:
    """What somebody else saved meanwhile, and what was typed here; who saved, and when."""

    lines: tuple[Line, ...]
    entries: tuple[JournalEntry, ...]


def compare(typed: Versioned, theirs: Versioned, entries: Iterable[JournalEntry]) -> Comparison:
    """``typed`` is bound, ``theirs`` the same form of the version that stands now; ``entries`` say what was done
    since ``typed`` was opened."""
    entries = tuple(entries)
    by_them = {name for entry in entries for name in entry.details.get("fields", ())}
    lines = []
    for name in theirs.fields:
        if name == "version":
            continue
        mine, his = name in typed.changed_data, name in by_them
        now, then = shown(theirs[name]), shown(typed[name])
        if (mine and now != then) or (his and not mine):
            whose = "both" if mine and his else "theirs" if his else "yours"
            lines.append(Line(str(typed[name].label), now, then if mine else now, whose))
    return Comparison(tuple(lines), entries)


def rebased(typed: Versioned, theirs: Versioned) -> QueryDict:
    """The data of ``typed`` on top of ``theirs``: what was typed stays, all else is as it stands now."""
    data = QueryDict(mutable=True)
    for name in theirs.fields:
        bound = theirs[name]
        standing = _as_data(bound)
        data[f"initial-{bound.html_name}"] = standing
        is_typed = name != "version" and name in typed.changed_data
        value = typed.data.get(bound.html_name, "") if is_typed else standing
        if isinstance(bound.field, forms.BooleanField) and not isinstance(
            bound.field, forms.NullBooleanField
        ):
            # A box that is not ticked is not sent.
            value = "on" if value in ("on", "True") else ""
        if value:
            data[bound.html_name] = value
    return data


def stands_otherwise(form: forms.BaseForm, now: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Questions of a filled-in form to which another answer stands ``now``, each with that answer."""
    differing = []
    for bound in form:
        stands, typed = str(now.get(bound.name) or ""), str(form.data.get(bound.html_name) or "")
        if bound.name in now and not bound.is_hidden and stands != typed.replace("\r\n", "\n"):
            choices = dict(getattr(bound.field, "choices", None) or ())
            differing.append((str(bound.label), str(choices.get(stands, stands)) or "–"))
    return differing


def _as_data(bound: forms.BoundField) -> str:
    value = bound.field.prepare_value(bound.value())
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def shown(bound: forms.BoundField) -> str:
    """The value of a field in words, whether typed or standing."""
    value = bound.value()
    field = bound.field
    if isinstance(field, forms.NullBooleanField):
        value = field.clean(value)
        return _("open") if value is None else _("yes") if value else _("no")
    if isinstance(field, forms.BooleanField):
        return _("yes") if value and value != "False" else _("no")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        wanted = str(field.prepare_value(value) if value is not None else "")
        # Choices may stand in groups.
        flat = [
            c
            for key, label in choices
            for c in (label if isinstance(label, list | tuple) else [(key, label)])
        ]
        labels = {str(getattr(key, "value", key)): str(label) for key, label in flat}
        return labels.get(wanted, wanted) if wanted else "–"
    if value in (None, ""):
        return "–"
    try:
        value = field.to_python(value) if isinstance(value, str) else value
    except forms.ValidationError:
        return str(value)
    if isinstance(value, dt.time):
        return write_time(value, get_language())
    if isinstance(value, dt.date):
        return write_date(value, get_language())
    return str(value)

"""Rows are written under the rules of their models; a rule that says no becomes a sentence."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.exceptions import Refusal

#: The keys that only the migrations know (``0003_keys_and_frozen_releases``), in words.
KEYS: dict[str, str | Promise] = {
    "program_session_room_same_edition": gettext_lazy("This room belongs to another edition."),
    "program_colead_of_that_side": gettext_lazy("This authority is not of that side."),
    "program_session_follows_the_edition": gettext_lazy(
        "The days of the edition have changed meanwhile. Save again."
    ),
}


def write(row: models.Model) -> None:
    """Save ``row``, or refuse in the words of the rule that says no; two organisers at once meet in the database."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Refusal(sentence_of(error, type(row))) from error


def sentence_of(error: IntegrityError, *kinds: type[models.Model]) -> str:
    """What the constraint that refused would say."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name in KEYS:
        return str(KEYS[name])
    for constraint in (c for kind in kinds for c in kind._meta.constraints):
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return _("A rule of the database refuses this: %(name)s.") % {"name": name}


def differences(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """The names in ``values`` whose value is another one than that of ``row``; a text that is empty is none."""
    return sorted(name for name, value in values.items() if _said(getattr(row, name)) != _said(value))


def _said(value: Any) -> Any:
    return None if value == "" else value

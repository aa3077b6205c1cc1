"""Rows are written under the rules of their models; a rule that says no becomes a sentence."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext as _

from assises import constraints
from assises.exceptions import Refusal


def write(row: models.Model) -> None:
    """Save ``row``, or refuse in the words of the rule that says no; two organisers at once meet in the database."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Refusal(constraints.sentence_of(error)) from error
    except OperationalError as error:
        # Two who move sessions into one room at the same instant may wait for one another: one of them goes on.
        if not constraints.is_deadlock(error):
            raise
        raise Refusal(
            _("Somebody else was changing the same at the same instant. Nothing is saved: send it again.")
        ) from error


def differences(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """The names in ``values`` whose value is another one than that of ``row``; a text that is empty is none."""
    return sorted(name for name, value in values.items() if _said(getattr(row, name)) != _said(value))


def _said(value: Any) -> Any:
    return None if value == "" else value

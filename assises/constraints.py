"""What a constraint of the database says when it refuses, in words."""

from collections.abc import Mapping

from django.apps import apps
from django.db import DatabaseError, IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_DEADLOCK = "40P01"
_SENTENCES: dict[str, str | Promise] = {}


def declare(sentences: Mapping[str, str | Promise]) -> None:
    """The sentences of constraints that only migrations know; models bring those of their own."""
    _SENTENCES.update(sentences)


def name_of(error: DatabaseError) -> str:
    """The constraint that refused; empty where the database does not say."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def is_deadlock(error: DatabaseError) -> bool:
    """Whether two transactions waited for one another, and this is the one that PostgreSQL ended."""
    return getattr(getattr(error.__cause__, "diag", None), "sqlstate", None) == _DEADLOCK


def sentence_of(error: IntegrityError) -> str:
    """What the constraint that refused says, in the active language."""
    name = name_of(error)
    if name in _SENTENCES:
        return str(_SENTENCES[name])
    for constraint in (c for model in apps.get_models() for c in model._meta.constraints):
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return _("A rule of the database refuses this: %(name)s.") % {"name": name}

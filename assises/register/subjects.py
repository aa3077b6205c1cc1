"""What an item of the register can be about. Each app declares its own in ``subjects.py``; the core knows its tables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from assises.models import Edition, RegisterItem
from assises.text import whole_number


@dataclass(frozen=True)
class Subject:
    """A model whose objects the register speaks of."""

    model: type[Model]
    label: str | Promise
    #: Those of an edition that one can choose.
    of: Callable[[Edition], QuerySet[Any]]
    #: Where somebody of the back office looks at one.
    url: Callable[[Any], str]
    #: How the files of an edition call the kind, and how they find one of them.
    name: str
    by_code: Callable[[Edition, str], Model | None]


_SUBJECTS: dict[type[Model], Subject] = {}


def subject(
    model: type[Model],
    label: str | Promise,
    *,
    of: Callable[[Edition], QuerySet[Any]],
    url: Callable[[Any], str],
    name: str,
    by_code: Callable[[Edition, str], Model | None],
) -> None:
    """Declare that items of the register can be about objects of ``model``; files write them ``name:code``."""
    _SUBJECTS[model] = Subject(model, label, of, url, name, by_code)


def _declared() -> list[Subject]:
    autodiscover_modules("subjects")
    return list(_SUBJECTS.values())


def subject_key(row: Model) -> str:
    """The key of an object, ``app.model:pk``."""
    return f"{row._meta.label_lower}:{row.pk}"


def subject_choices(
    edition: Edition, item: RegisterItem | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen, by kind, with what the item is about already; see ``subject_key``."""
    stands = item.subject if item else None
    groups = []
    for s in _declared():
        rows = {subject_key(row): str(row) for row in s.of(edition)}
        if isinstance(stands, s.model):
            rows.setdefault(subject_key(stands), str(stands))
        groups.append((str(s.label), list(rows.items())))
    return [(label, rows) for label, rows in groups if rows]


def subject_of(edition: Edition, key: str, item: RegisterItem | None = None) -> Model | None:
    """The object that a key of ``subject_choices`` stands for; None for any other text."""
    if item is not None and key and key == key_of(item):
        stands: Model | None = item.subject
        return stands
    name, _colon, pk = key.partition(":")
    found = next((s for s in _declared() if s.model._meta.label_lower == name), None)
    if found is None:
        return None
    row: Model | None = found.of(edition).filter(pk=whole_number(pk)).first()
    return row


def key_of(item: RegisterItem) -> str:
    """The key of what an item is about; empty where it is about nothing in particular."""
    if item.subject_type_id is None:
        return ""
    model = ContentType.objects.get_for_id(item.subject_type_id).model_class()
    return f"{model._meta.label_lower}:{item.subject_id}" if model else ""


def subject_url(row: Model | None) -> str:
    """The page of an object of the back office; empty where there is none."""
    found = next((s for s in _declared() if row is not None and isinstance(row, s.model)), None)
    return found.url(row) if found else ""


def subject_by_code(edition: Edition, key: str) -> Model | None:
    """The object that ``session:gala-dinner`` stands for in a file; None if there is none."""
    name, _colon, code = key.partition(":")
    found = next((s for s in _declared() if s.name == name), None)
    return found.by_code(edition, code) if found else None

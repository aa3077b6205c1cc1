"""An organisation, asked for by name: found, suggested while one types, or asked back for."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from assises.models import Organisation

#: What somebody picks who means none of those that we know.
AS_TYPED = "typed"


def suggest_while_typing(field: forms.Field, address: str) -> None:
    """Let ``organisations.js`` suggest organisations from ``address`` under the field."""
    field.widget.attrs["data-assises-organisations"] = address


def meant(typed: str, picked: str = "") -> tuple[Organisation | None, list[Organisation]]:
    """The organisation that ``typed`` names, or whose code was ``picked`` among them; and all it may mean."""
    alike = list(Organisation.objects.of_today().like(typed)[:40])
    exact = [o for o in alike if o.is_called(typed)]
    if picked:
        exact = [o for o in alike if o.code == picked] or exact
    return (exact[0] if exact else None), alike


def ask_back(
    form: forms.Form, name: str, organisations: Sequence[Organisation], *, as_typed: bool = True
) -> None:
    """Draw the field ``name`` as the question which of them is meant; ``as_typed`` lets one mean another one."""
    widget = form.fields[name].widget
    assert isinstance(widget, forms.RadioSelect)
    choices = [(o.code, f"{o} ({o.get_kind_display()})") for o in organisations]
    widget.choices = [*choices, *([(AS_TYPED, _("another one, just as I wrote it"))] if as_typed else [])]

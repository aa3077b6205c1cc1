"""Who leads a workshop: one authority of each side."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from assises.enums import FRENCH_KINDS, OrganisationKind, Side
from assises.forms.versioned import Versioned
from assises.models import Organisation
from program.models import Session
from program.services import Half

#: Authorities lead; the press and tourism professionals do not.
LEADING = Q(side=Side.CHINESE) | Q(
    kind__in=[k for k in FRENCH_KINDS if k not in (OrganisationKind.PRESS, OrganisationKind.TOURISM)]
)
NAMES = {Side.FRENCH: "french", Side.CHINESE: "chinese"}


class PairForm(Versioned, forms.Form):
    """The two halves of a pair, each with the day on which it said yes."""

    def __init__(self, data: Any = None, *, session: Session) -> None:
        leads = {lead.side: lead for lead in session.leads.all()}
        initial: dict[str, Any] = {}
        for side, name in NAMES.items():
            lead = leads.get(side)
            initial[name] = lead.organisation_id if lead else None
            initial[f"{name}_confirmed_on"] = lead.confirmed_on if lead else None
        super().__init__(data, initial=initial, use_required_attribute=False)
        for side, name in NAMES.items():
            known = Organisation.objects.filter(LEADING, side=side)
            self.fields[name] = forms.ModelChoiceField(
                known,
                required=False,
                label=_("Leading authority of the %(side)s") % {"side": side.label},
                empty_label=_("nobody yet"),
            )
            self.fields[f"{name}_confirmed_on"] = forms.DateField(
                required=False,
                label=_("Confirmed on"),
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "medium"}),
                help_text=_("Leave it empty while the authority has not said yes."),
            )
        self.remember(session.version)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in NAMES.values():
            if data.get(f"{name}_confirmed_on") and not data.get(name) and name not in self.errors:
                self.add_error(name, _("Somebody has confirmed: choose who."))
        return data

    def pairs(self) -> list[list[forms.BoundField]]:
        return [[self[name], self[f"{name}_confirmed_on"]] for name in NAMES.values()]

    def halves(self) -> dict[Side, Half | None]:
        """The halves of which something was changed."""
        found: dict[Side, Half | None] = {}
        for side, name in NAMES.items():
            if {name, f"{name}_confirmed_on"} & set(self.changed_data):
                who = self.cleaned_data[name]
                found[side] = Half(who, self.cleaned_data[f"{name}_confirmed_on"]) if who else None
        return found

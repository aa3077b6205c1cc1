"""The decision register: what the two sides decided, what is open between them, who owes whom what until when."""

from django.utils.translation import gettext_lazy as _

from assises import constraints
from assises.register.addresses import add_url, item_url
from assises.register.arbitrating import (
    add_candidate,
    choose,
    give_preference,
    remove_candidate,
)
from assises.register.subjects import (
    Subject,
    subject,
    subject_by_code,
    subject_choices,
    subject_key,
    subject_of,
    subject_url,
)
from assises.register.writing import abandon, add, change, decide, reopen

# What only the migrations know.
constraints.declare(
    {
        "assises_preference_of_that_side": _("This account does not belong to that side."),
        "assises_preference_stays": _("The point is closed: the voices stay as they were given."),
        "assises_registeritem_settled_stays": _(
            "What was decided or abandoned stays in the register: open it again instead."
        ),
        "assises_registeritem_of_its_edition": _("This meeting belongs to another edition."),
        "assises_registeritem_keeps_its_number": _("An item keeps its number: minutes name it."),
    }
)

__all__ = [
    "Subject",
    "abandon",
    "add",
    "add_candidate",
    "add_url",
    "change",
    "choose",
    "decide",
    "give_preference",
    "item_url",
    "remove_candidate",
    "reopen",
    "subject",
    "subject_by_code",
    "subject_choices",
    "subject_key",
    "subject_of",
    "subject_url",
]

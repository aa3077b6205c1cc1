"""Characters that no document can hold: XML and spreadsheets refuse them, and what a release froze stays for good."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Control characters other than tab and line ends, halves of characters, and the two that Unicode keeps for nobody.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: How many characters before it tell where it is.
SHOWN = 30


def without(text: str) -> str:
    """The text with these characters taken out."""
    return UNWRITABLE.sub("", text)


def fault_of(text: str) -> str:
    """Where the first of them stands, in words: nobody sees it. Empty where there is none."""
    found = UNWRITABLE.search(text)
    if found is None:
        return ""
    before = " ".join(text[: found.start()].split())[-SHOWN:]
    if not before:
        return _("This text begins with an invisible character that no document can hold: delete it.")
    return _("After “%(before)s” stands an invisible character that no document can hold: delete it.") % {
        "before": before
    }


def writable(text: str) -> None:
    """The validator: each text field of a model has it, and the fields of forms that stand for none."""
    fault = fault_of(str(text))
    if fault:
        raise ValidationError(fault, code="unwritable")

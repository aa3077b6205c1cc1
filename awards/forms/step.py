"""What the forms of all steps have in common."""

from collections.abc import Mapping
from typing import Any

from django import forms

from assises.forms.versioned import stands_otherwise


class StepForm(forms.Form):
    """One step of an application. It may be left half filled in: what lacks is said before it is submitted.

    ``seen`` is a hash of the step as it stood when the page was opened; of two people who change the same step at
    once, the second sees both versions before anything is saved.
    """

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, seen: str = "", initial: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(data, initial={**initial, "seen": seen}, use_required_attribute=False, **kwargs)

    def show_what_stands(self, now: Mapping[str, Any], seen: str) -> list[tuple[str, str]]:
        """From now on save over what stands ``now``; it is given as questions and answers where it differs."""
        again: Any = self.data.copy()  # type: ignore[attr-defined]
        again["seen"] = seen
        self.data = again
        return stands_otherwise(self, now)

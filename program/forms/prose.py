"""Questions that are answered in some sentences."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable

#: Characters; in Chinese that is much, but nobody needs to fill it.
MOST_SUMMARY, MOST_WORD = 1500, 600

_plain = RegexValidator(r"^[^\r\u202a-\u202e\u2066-\u2069]*$", gettext_lazy("Write plain text."))


class ProseField(forms.CharField):
    """Some sentences. The browser does not cut what is too long: we say by how much, and nothing is lost."""

    def __init__(self, *, most: int, example: Any, rows: int = 4, **kwargs: Any) -> None:
        too_long = gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d.")
        super().__init__(
            validators=[MaxLengthValidator(most, too_long), writable, _plain],
            widget=forms.Textarea(attrs={"rows": str(rows), "data-assises-count": str(most)}),
            error_messages={
                "required": lazy(
                    lambda: _("This answer is missing. For example: %(example)s") % {"example": example}, str
                )()
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Browsers send line ends of two characters; a person counts one."""
        return str(super().to_python(value)).replace("\r\n", "\n")


def word(label: Any, help_text: Any, example: Any) -> ProseField:
    """One of the four words of the minutes, as a question."""
    shown = lazy(
        lambda: (
            _("%(help)s For example: %(example)s At most %(most)d characters.")
            % {"help": help_text, "example": example, "most": MOST_WORD}
        ),
        str,
    )()
    return ProseField(label=label, help_text=shown, most=MOST_WORD, example=example)


class FourWords(forms.Form):
    """The four words of the minutes (S-098), as questions about a practice or a project."""

    exemplary = word(
        gettext_lazy("Exemplary: what can others learn from it?"),
        gettext_lazy("What sets it apart, and for whom it is a model."),
        gettext_lazy("“Producers, cooks and parents decide on the menus together.”"),
    )
    existing = word(
        gettext_lazy("Existing: since when has it been running?"),
        gettext_lazy("A practice, not a project: what works today."),
        gettext_lazy("“Since 2014, in sixty canteens.”"),
    )
    concrete = word(
        gettext_lazy("Concrete: what has it brought?"),
        gettext_lazy("Results that one can count or show."),
        gettext_lazy("“Local purchases have doubled in four years.”"),
    )
    reproducible = word(
        gettext_lazy("Reproducible: how can another authority do the same?"),
        gettext_lazy("What it takes: people, money, partners, documents."),
        gettext_lazy("“Model contracts are published, in both languages.”"),
    )


WORDS = list(FourWords.base_fields)

"""What the pair tells of its project, and of the rights of others."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assises.characters import writable
from awards.enums import MusicRights
from awards.forms.step import StepForm
from awards.models import Application
from awards.models.application import TEXTS
from program.forms.prose import FourWords, ProseField


class ProjectForm(FourWords, StepForm):
    """Title, summary, and the four words of the minutes (S-098), in the language of the application."""

    title = forms.CharField(
        label=gettext_lazy("Title of the project"),
        max_length=200,
        validators=[writable],
        error_messages={
            "max_length": gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d.")
        },
    )
    field_order = ["seen", *TEXTS]

    def __init__(self, data: Any = None, *, row: Application, seen: str) -> None:
        super().__init__(data, seen=seen, initial=row.original_texts())
        most = row.call.summary_characters
        self.fields["summary"] = ProseField(
            label=pgettext("of an application", "Summary"),
            help_text=_(
                "What you do together, with whom, since when, and what is new in it. At most %(most)d characters."
            )
            % {"most": most},
            most=most,
            example=_("Two regions share their methods for local buying and train their cooks together."),
            rows=8,
        )
        self.order_fields(self.field_order)
        for name in TEXTS:
            # A draft may be kept half written; what lacks is said before it is submitted.
            self.fields[name].required = False

    def texts(self) -> dict[str, str]:
        """The answers as the service takes them."""
        return {name: self.cleaned_data[name] for name in TEXTS}


class RightsForm(StepForm):
    """What the pair says of those who are seen and heard (S-122)."""

    people_agree = forms.BooleanField(
        label=gettext_lazy(
            "Everybody who is filmed or photographed has agreed to be shown at the Assises and on their site; for minors, their parents have."
        ),
        required=False,
    )
    music = forms.ChoiceField(
        label=gettext_lazy("Music of the film"), choices=MusicRights, required=False, widget=forms.RadioSelect
    )
    rights_note = forms.CharField(
        label=gettext_lazy("Authors, and licences if there are any"),
        help_text=gettext_lazy("Who filmed, who took the pictures, whose music it is."),
        max_length=500,
        required=False,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={
            "max_length": gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d.")
        },
    )

    def __init__(self, data: Any = None, *, row: Application, seen: str) -> None:
        super().__init__(data, seen=seen, initial=initial_of_rights(row))


def initial_of_rights(row: Application) -> dict[str, Any]:
    return {"people_agree": row.people_agree, "music": row.music, "rights_note": row.rights_note}

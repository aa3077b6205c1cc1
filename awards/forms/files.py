"""The files of an application: letters, pictures, the film, its subtitles."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.characters import writable
from assises.enums import Side
from assises.forms.uploads import UploadField
from assises.templatetags.typography import write_duration
from awards.models import Application, Editor
from awards.services.attaching import FILM

_MISSING = {"required": gettext_lazy("Choose a file first."), "empty": gettext_lazy("This file is empty.")}


class LetterForm(forms.Form):
    """The letter of the partner of a side."""

    def __init__(self, data: Any = None, files: Any = None, *, side: Side) -> None:
        super().__init__(data, files, use_required_attribute=False, prefix=side.value)
        self.side = side
        self.fields["letter"] = forms.FileField(
            label=_("Letter of the French partner")
            if side == Side.FRENCH
            else _("Letter of the Chinese partner"),
            help_text=_("As a PDF, signed, 10 MB at most."),
            error_messages=_MISSING,
            widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        )


class PictureForm(forms.Form):
    """One more picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        error_messages=_MISSING,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alternative = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy("For those who do not see it: one sentence."),
        max_length=300,
        validators=[writable],
        error_messages={
            "required": gettext_lazy("Say in one sentence what the picture shows."),
            "max_length": gettext_lazy("At most %(limit_value)d characters; these are %(show_value)d."),
        },
    )
    credit = forms.CharField(
        label=gettext_lazy("Author of the picture"), max_length=120, required=False, validators=[writable]
    )

    def __init__(self, data: Any = None, files: Any = None, *, row: Application) -> None:
        super().__init__(data, files, use_required_attribute=False)
        self.fields["picture"].help_text = _("JPEG, PNG or WebP, %(most)d MB at most.") % {
            "most": row.call.picture_megabytes
        }


class FilmForm(forms.Form):
    """The film; scripts send it in parts, so that a lost connection loses nothing."""

    film = UploadField(
        purpose=FILM,
        label=gettext_lazy("Film"),
        accept="video/mp4,video/webm,.mp4,.webm",
        error_messages=_MISSING,
    )

    def __init__(self, data: Any = None, files: Any = None, *, editor: Editor) -> None:
        super().__init__(data, files, use_required_attribute=False)
        call = editor.application.call
        field = self.fields["film"]
        assert isinstance(field, UploadField)
        field.send_to(editor.pk)
        field.help_text = _(
            "MP4 (H.264) or WebM, at most %(minutes)s and %(most)d MB. It is shown at the ceremony if you win."
        ) % {"minutes": write_duration(call.film_seconds), "most": call.film_megabytes}


class SubtitlesForm(forms.Form):
    """Subtitles of the film in one language."""

    subtitles = forms.FileField(
        label=gettext_lazy("Subtitles"),
        help_text=gettext_lazy("As WebVTT (.vtt): most programs for subtitles export it."),
        error_messages=_MISSING,
        widget=forms.FileInput(attrs={"accept": "text/vtt,.vtt"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the subtitles"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say in which language they are.")},
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, use_required_attribute=False)

"""An application as it is read: in one language, with the addresses under which its files are shown to this reader."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from awards.completeness import film_of
from awards.enums import AttachmentKind
from awards.models import Application, Attachment, Film
from awards.models.application import TEXTS

#: The address of a file, by its key.
AddressOf = Callable[[uuid.UUID], str]


@dataclass(frozen=True)
class Text:
    """One answer, in the language in which it is shown."""

    label: str | Promise
    text: str
    language: str


@dataclass(frozen=True)
class Shown:
    """What ``awards/_application.html`` draws."""

    application: Application
    language: str
    texts: list[Text]
    #: Asked for in a language in which it is not ready: what is shown then is the original.
    lacks_translation: bool
    pictures: list[tuple[Attachment, str]]
    letters: list[tuple[Attachment, str]]
    film: Film | None
    film_address: str
    subtitles: list[tuple[Attachment, str]]

    @property
    def title(self) -> Text:
        return self.texts[0]


def present(row: Application, language: str, address_of: AddressOf) -> Shown:
    """The application in a language; where the translation is not ready, or is of an older original, the original."""
    lacks = language != row.original and not row.is_translated
    shown = row.original if lacks else language
    files = [(file, address_of(file.key)) for file in row.attachments.all()]
    film = film_of(row)
    return Shown(
        application=row,
        language=shown,
        texts=[Text(label, row.in_language(field, shown), shown) for field, label in TEXTS.items()],
        lacks_translation=lacks,
        pictures=[pair for pair in files if pair[0].kind == AttachmentKind.PICTURE],
        letters=[pair for pair in files if pair[0].kind == AttachmentKind.LETTER],
        film=film,
        film_address=address_of(film.key) if film else "",
        subtitles=[pair for pair in files if pair[0].kind == AttachmentKind.SUBTITLES],
    )

"""What an application still lacks before it can be submitted."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.enums import Side
from awards.enums import AttachmentKind, Step
from awards.models import Application, Film
from awards.models.application import TEXTS


@dataclass(frozen=True)
class Gap:
    """A sentence about what lacks, and the step where it is mended."""

    step: Step
    sentence: str


def gaps_of(application: Application) -> list[Gap]:
    """In the order of the steps; empty where it can be submitted. Reads partners, files and the film."""
    return [
        *_pair(application),
        *_project(application),
        *_files(application),
        *_film(application),
        *_rights(application),
    ]


def film_of(application: Application) -> Film | None:
    """The film, or None; no query where it came with the application."""
    return getattr(application, "film", None)


def _pair(application: Application) -> Iterator[Gap]:
    leading = {partner.side for partner in application.partners.all() if partner.leads}
    if Side.FRENCH not in leading:
        yield Gap(Step.PAIR, _("The French authority is not named."))
    if Side.CHINESE not in leading:
        yield Gap(Step.PAIR, _("The Chinese authority is not named."))


def _project(application: Application) -> Iterator[Gap]:
    texts = application.original_texts()
    missing = [str(label) for field, label in TEXTS.items() if not texts[field]]
    if missing:
        yield Gap(
            Step.PROJECT,
            ngettext(
                "This answer is missing: %(answers)s.",
                "These answers are missing: %(answers)s.",
                len(missing),
            )
            % {"answers": _(", ").join(missing)},
        )
    most = application.call.summary_characters
    if len(texts["summary"]) > most:
        # The rules may have changed since it was written.
        yield Gap(
            Step.PROJECT,
            _("The summary has %(length)d characters: the rules allow %(most)d.")
            % {"length": len(texts["summary"]), "most": most},
        )


def _files(application: Application) -> Iterator[Gap]:
    files = list(application.attachments.all())
    letters = {file.side for file in files if file.kind == AttachmentKind.LETTER}
    if Side.FRENCH not in letters:
        yield Gap(Step.FILES, _("The letter of the French partner is missing."))
    if Side.CHINESE not in letters:
        yield Gap(Step.FILES, _("The letter of the Chinese partner is missing."))
    pictures = sum(file.kind == AttachmentKind.PICTURE for file in files)
    if pictures > application.call.pictures:
        yield Gap(
            Step.FILES,
            _("There are %(count)d pictures: the rules allow %(most)d.")
            % {"count": pictures, "most": application.call.pictures},
        )


def _film(application: Application) -> Iterator[Gap]:
    film = film_of(application)
    if film is None and application.call.film_is_required:
        yield Gap(Step.FILM, _("The film is missing: the rules ask for one."))
    elif film is not None and film.seconds > application.call.film_seconds:
        # The rules may have changed since it was sent.
        yield Gap(
            Step.FILM,
            _("The film lasts %(seconds)d seconds: the rules allow %(most)d.")
            % {"seconds": film.seconds, "most": application.call.film_seconds},
        )


def _rights(application: Application) -> Iterator[Gap]:
    film = film_of(application)
    pictures = any(file.kind == AttachmentKind.PICTURE for file in application.attachments.all())
    if (film or pictures) and not application.people_agree:
        yield Gap(Step.RIGHTS, _("Say that those who are filmed or photographed have agreed."))
    if film and not application.music:
        yield Gap(Step.RIGHTS, _("Say where the music of the film comes from."))

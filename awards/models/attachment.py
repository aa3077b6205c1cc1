from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from assises.files import FileKeyField
from awards.enums import AttachmentKind
from awards.models.application import Application


class Attachment(models.Model):
    """A file of an application: the letter of a partner, a picture, the subtitles of the film in one language."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    kind = models.CharField(pgettext_lazy("of a file", "kind"), max_length=9, choices=AttachmentKind)
    #: The name under which the file lies in the private place of files; nobody outside ever sees another.
    key = FileKeyField(unique=True)
    #: As its owner called it: shown, and never used to find it.
    name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=80)
    bytes = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("hash"), max_length=64)
    #: Of a letter: whose.
    side = models.CharField(_("side"), max_length=2, choices=Side, blank=True)
    #: Of subtitles.
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES, blank=True)
    #: Of a picture: what it shows, for whoever does not see it, in the language of the application.
    alternative = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    credit = models.CharField(_("author of the picture"), max_length=120, blank=True)
    # Of a picture, so that the page does not jump while it comes.
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    added_at = models.DateTimeField(_("added at"))

    objects: ClassVar[models.Manager["Attachment"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("of an application", "file")
        verbose_name_plural = pgettext_lazy("of an application", "files")
        ordering = ["kind", "-side", "language", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "side"],
                condition=Q(kind=AttachmentKind.LETTER),
                name="awards_attachment_one_letter_per_side",
            ),
            models.UniqueConstraint(
                fields=["application", "language"],
                condition=Q(kind=AttachmentKind.SUBTITLES),
                name="awards_attachment_one_subtitles_per_language",
            ),
            models.UniqueConstraint(
                fields=["application", "digest"],
                condition=Q(kind=AttachmentKind.PICTURE),
                name="awards_attachment_one_picture_once",
                violation_error_message=_("This picture is there already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=AttachmentKind.LETTER, side__in=Side.values, language="")
                | Q(kind=AttachmentKind.SUBTITLES, side="", language__gt="")
                | Q(kind=AttachmentKind.PICTURE, side="", language="", width__gt=0, height__gt=0)
                & ~Q(alternative=""),
                name="awards_attachment_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="awards_attachment_has_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Film(models.Model):
    """The short film of an application (S-122), looked into when it arrived: only what browsers play is kept."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="film")
    key = FileKeyField(unique=True)
    name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=80)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    digest = models.CharField(_("hash"), max_length=64)
    seconds = models.DecimalField(_("seconds"), max_digits=8, decimal_places=3)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    arrived_at = models.DateTimeField(_("arrived at"))

    objects: ClassVar[models.Manager["Film"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("of an application", "film")
        verbose_name_plural = pgettext_lazy("of an application", "films")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="awards_film_has_a_hash"
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="awards_film_lasts"),
        ]

    def __str__(self) -> str:
        return self.name

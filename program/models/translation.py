from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslatedText(models.Model):
    """What is known of one translated text: from which French it was made, and whether somebody reviewed it.

    The texts themselves are columns of their models. The state is told by comparing (``program.translations``):
    when the French is no longer ``source``, the Chinese is to be reviewed.
    """

    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    #: The French that was translated.
    source = models.TextField()
    #: The translation as it was looked at; another one since is a draft.
    text = models.TextField()
    is_reviewed = models.BooleanField(_("reviewed"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["TranslatedText"]] = models.Manager()

    class Meta:
        verbose_name = _("translated text")
        verbose_name_plural = _("translated texts")
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "field"], name="program_translatedtext_once_per_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.field}"

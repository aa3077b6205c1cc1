import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    def due(self, at: dt.datetime) -> Self:
        """Letters that have not left and whose next attempt has come, oldest first."""
        return self.filter(sent_at=None, next_attempt_at__lte=at).order_by("id")

    def stuck(self) -> Self:
        """Letters that failed at least once and have not left."""
        return self.filter(sent_at=None, attempts__gt=0)


class OutgoingEmail(models.Model):
    """The outbox: a letter is written together with what it speaks of, and leaves after the commit."""

    key = models.CharField(_("key"), max_length=120, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=60)
    to_name = models.CharField(_("name"), max_length=200, blank=True)
    to_email = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    created_at = models.DateTimeField(_("written at"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(sent_at=None), name="assises_letters_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

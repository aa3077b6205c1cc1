import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.files import FileKeyField


class UploadQuerySet(models.QuerySet["Upload"]):
    def open(self) -> Self:
        """Uploads of which something has still to come."""
        return self.filter(completed_at=None)

    def expired(self, at: dt.datetime) -> Self:
        """Uploads that nobody went on with, and complete ones that served long enough."""
        return self.filter(expires_at__lte=at)


class Upload(models.Model):
    """A file that arrives in parts. Its key is that of the file.

    ``purpose`` and ``target`` say what it is for, and of which row: see ``assises.uploads``. Complete, it stays for some
    days, so that whoever did not hear of it hears it; the file stays for as long as a row holds its key.
    """

    key = FileKeyField(_("key"), primary_key=True, default=uuid.uuid4)
    purpose = models.CharField(_("purpose"), max_length=60)
    target = models.CharField(_("belongs to"), max_length=60)
    #: In bytes: what was announced, and what is safely on disk.
    size = models.PositiveBigIntegerField(_("size"))
    offset = models.PositiveBigIntegerField(_("bytes that are here"), default=0)
    # What the sender says; nothing is decided by it.
    original_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    media_type = models.CharField(_("type of the file"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("begun at"))
    progressed_at = models.DateTimeField(_("last progress at"))
    completed_at = models.DateTimeField(_("complete at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["purpose", "target"], name="assises_upload_target"),
            models.Index(fields=["expires_at"], name="assises_upload_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="assises_upload_not_empty",
                violation_error_message=_("This file is empty."),
            ),
            # So no more arrives than was announced.
            models.CheckConstraint(
                condition=Q(completed_at=None, offset__lt=F("size"))
                | Q(completed_at__isnull=False, offset=F("size")),
                name="assises_upload_complete_when_all_is_here",
                violation_error_message=_("A file is complete when all of it is here, and not before."),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.key)

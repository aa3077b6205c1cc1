from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assises.enums import Side
from assises.models import Edition
from program.enums import ReleaseKind


class ReleaseQuerySet(models.QuerySet["ProgrammeRelease"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def public(self) -> Self:
        """Those that everybody may read, latest first."""
        return self.published().filter(is_public=True).order_by("-number")

    def read_by(self, *, is_public: bool | OuterRef) -> Self:
        """Those that the readers of such a release may have read: everybody the public ones, the others all."""
        return self.published().filter(is_public__gte=is_public)

    def passed(self) -> Self:
        """Those that were not published while they could be: since then their readers have read another one."""
        read = ProgrammeRelease.objects.read_by(is_public=OuterRef("is_public"))
        counted = (
            read.filter(edition=OuterRef("edition")).order_by().values("edition").annotate(n=Count("pk"))
        )
        return (
            self.filter(published_at=None)
            .annotate(out_now=Coalesce(Subquery(counted.values("n")), 0))
            .exclude(out_before=F("out_now"))
        )


class ProgrammeRelease(models.Model):
    """The programme as it was at one moment, numbered and dated; a trigger keeps what it contains unchanged."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="releases", verbose_name=_("edition"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=ReleaseKind)
    purpose = models.CharField(
        _("purpose"), max_length=300, blank=True, help_text=_("It stands on the document, in both languages.")
    )
    is_public = models.BooleanField(
        _("on the public site"), default=True, help_text=_("Otherwise only whoever has its address reads it.")
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    #: See ``program.programme``: what the release contains, and nothing else is ever read for it.
    content = models.JSONField(editable=False)
    #: SHA-256 of the content in its canonical form, in hexadecimal.
    content_hash = models.CharField(_("hash"), max_length=64, editable=False)
    #: How many releases its readers had when it was prepared. What they have read and it has not is told as
    #: dropped; so once another one is out it cannot be published any more, whatever clocks say (a trigger).
    out_before = models.PositiveSmallIntegerField(editable=False, default=0)
    #: See ``program.changes``: what differs from the release before.
    changes = models.JSONField(editable=False, default=list)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects: ClassVar[ReleaseQuerySet] = ReleaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("release of the programme")
        verbose_name_plural = _("releases of the programme")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"], name="program_programmerelease_one_per_number"
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex="^[0-9a-f]{64}$"), name="program_programmerelease_has_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.get_kind_display()}"


class ReleaseApproval(models.Model):
    """One side approves a release, by a named person. Both sides must, before it is published."""

    release = models.ForeignKey(ProgrammeRelease, models.CASCADE, related_name="approvals")
    side = models.CharField(_("side"), max_length=2, choices=Side)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # The name as it was: it stands on the document, whatever becomes of the account.
    name = models.CharField(_("name"), max_length=200)
    at = models.DateTimeField(_("at"))

    objects: ClassVar[models.Manager["ReleaseApproval"]] = models.Manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "side"],
                name="program_releaseapproval_one_per_side",
                violation_error_message=_("This side has approved already."),
            ),
            models.UniqueConstraint(
                fields=["release", "by"],
                name="program_releaseapproval_two_people",
                violation_error_message=_("The two sides are two people."),
            ),
            # Two approvals are those of two sides only if there are no others.
            models.CheckConstraint(
                condition=Q(side__in=Side.values), name="program_releaseapproval_of_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.name}"


class ReleaseFile(models.Model):
    """A document or feed made from a release, once (a trigger keeps it); it is served from here ever after."""

    release = models.ForeignKey(ProgrammeRelease, models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    media_type = models.CharField(max_length=100)
    data = models.BinaryField()
    #: SHA-256 of ``data``: its entity tag.
    data_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["ReleaseFile"]] = models.Manager()

    class Meta:
        verbose_name = _("file of a release")
        verbose_name_plural = _("files of releases")
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="program_releasefile_once"),
        ]

    def __str__(self) -> str:
        return self.name

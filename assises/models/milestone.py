from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.models.edition import Edition


class Milestone(models.Model):
    """A date of the preparation, exact or a window. What opens and closes, opens and closes on one of these."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="milestones", verbose_name=_("edition"))
    key = models.SlugField(_("key"), max_length=60)
    label = models.CharField(_("label"), max_length=200)
    starts_at = models.DateTimeField(_("date, or start of the window"))
    ends_at = models.DateTimeField(_("end of the window"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager["Milestone"]] = models.Manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["starts_at", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="assises_milestone_once_per_edition"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="assises_milestone_window_goes_forward",
                violation_error_message=_("The window ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


def milestone_of(edition: Edition, key: str) -> Milestone | None:
    """The milestone of this name; where the edition came with its milestones, no query is made."""
    return next((m for m in edition.milestones.all() if m.key == key), None)

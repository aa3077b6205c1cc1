from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """When a task that beat asks for last ran: what nobody sees happen is seen to stop."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    first_at = models.DateTimeField(_("first run"))
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    #: How many times in all.
    successes = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[models.Manager["JobRun"]] = models.Manager()

    class Meta:
        verbose_name = _("periodic task")
        verbose_name_plural = _("periodic tasks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

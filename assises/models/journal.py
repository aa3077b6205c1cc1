from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """What was done to something, when, by whom and why. Written once; only erasure takes a reason away."""

    at = models.DateTimeField(_("at"))
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject"))
    action = models.CharField(_("action"), max_length=60)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    # No personal data here: entries outlive the erasure of the person they speak of.
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="assises_journal_subject")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.action}"

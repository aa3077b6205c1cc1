from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.models.call import Call


class Seal(models.Model):
    """One link of the chain over all that an award was decided by. It is added to, and never changed (``awards.sealing``)."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="chain", verbose_name=_("award"))
    #: From 1 on, without a gap.
    number = models.PositiveIntegerField(_("number"))
    #: What was sealed, by a word, and the row that it is.
    kind = models.CharField(max_length=20)
    subject = models.PositiveBigIntegerField()
    #: As it was, as plain values. It holds marks and reasons: nobody reads it but the check.
    content = models.JSONField()
    #: Random, 32 hexadecimal digits: without it marks could be guessed from the hash.
    salt = models.CharField(max_length=32)
    at = models.DateTimeField(_("sealed at"))
    #: The hash of the link before; empty for the first one.
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("hash"), max_length=64)

    objects: ClassVar[models.Manager["Seal"]] = models.Manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="awards_seal_one_per_number"),
            models.UniqueConstraint(fields=["call", "kind", "subject"], name="awards_seal_once"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$", salt__regex=r"^[0-9a-f]{32}$"),
                name="awards_seal_has_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.digest[:12]}"

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from awards.enums import Opinion
from awards.models.application import Application
from awards.models.jury import JuryMember


class SecretaryOpinion(models.Model):
    """What the secretary of a side finds of an application. It is decided once both find the same.

    Each writes the reason in the language of their side: together they tell it in both.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="opinions")
    #: 1 when it was submitted, 2 when it has been completed.
    round = models.PositiveSmallIntegerField(_("round"))
    side = models.CharField(_("side"), max_length=2, choices=Side)
    member = models.ForeignKey(
        JuryMember, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of the jury", "secretary")
    )
    opinion = models.CharField(pgettext_lazy("of a secretary", "opinion"), max_length=12, choices=Opinion)
    reason = models.TextField(_("reason"), blank=True, max_length=1000)
    at = models.DateTimeField(_("given at"))

    objects: ClassVar[models.Manager["SecretaryOpinion"]] = models.Manager()

    class Meta:
        verbose_name = _("opinion of a secretary")
        verbose_name_plural = _("opinions of the secretaries")
        ordering = ["round", "side"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "side"], name="awards_secretaryopinion_one_per_side"
            ),
            models.CheckConstraint(
                condition=Q(opinion=Opinion.ADMISSIBLE) | ~Q(reason=""),
                name="awards_secretaryopinion_says_why",
                violation_error_message=_("Say why: the pair reads this."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.side} {self.opinion}"

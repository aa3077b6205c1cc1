from django.db import models
from django.utils.translation import gettext_lazy as _

from assises.models import Edition, Organisation


class DelegationAllotment(models.Model):
    """How many of the Chinese places go to one delegation. Counts only: the APCAE registers the people (S-070)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="allotments", verbose_name=_("edition"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="allotments", verbose_name=_("delegation")
    )
    seats = models.PositiveIntegerField(_("places"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Chinese delegation")
        verbose_name_plural = _("Chinese delegations")
        ordering = ["organisation__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation"],
                name="registration_delegationallotment_once_per_delegation",
                violation_error_message=_("This delegation has an allotment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.seats}"


class InvitationLetterRequest(models.Model):
    """A French authority was asked for an invitation letter by its Chinese partner; the APCAE answers (S-072)."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="invitation_letter_requests", verbose_name=_("edition")
    )
    organisation_name = models.CharField(_("French authority"), max_length=200)
    partner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Chinese partner"),
    )
    partner_name = models.CharField(_("name of the Chinese partner"), max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(_("number of people"), default=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("request for an invitation letter")
        verbose_name_plural = _("requests for invitation letters")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.organisation_name} – {self.partner or self.partner_name}"

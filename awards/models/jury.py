from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from assises.models import Organisation
from awards.enums import ONE_PER_SIDE, SIGNING, VOTING, JuryRole
from awards.models.call import Call

if TYPE_CHECKING:
    from awards.models.interest import Calling, InterestQuerySet, Pledge
    from awards.models.sheet import SheetQuerySet


class JuryMemberQuerySet(models.QuerySet["JuryMember"]):
    def secretaries(self) -> Self:
        """Both, without a vote: they see to it that everything is in order."""
        return self.filter(role=JuryRole.SECRETARY)

    def presidents(self) -> Self:
        return self.filter(role=JuryRole.PRESIDENT)

    def voting(self) -> Self:
        """Co-presidents and jurors. The substitute of a side joins them where called, application by application."""
        return self.filter(role__in=VOTING)

    def signing(self) -> Self:
        """Both co-presidents and both secretaries."""
        return self.filter(role__in=SIGNING)

    def substitutes(self) -> Self:
        return self.filter(role=JuryRole.SUBSTITUTE)


class JuryMember(models.Model):
    """Somebody of the Franco-Chinese jury (S-116), by account: equal sides, two co-presidents, two secretaries."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="jury", verbose_name=_("award"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="jury_memberships", verbose_name=_("account")
    )
    #: That of the account; a trigger keeps it so.
    side = models.CharField(_("side"), max_length=2, choices=Side)
    role = models.CharField(pgettext_lazy("in the jury", "role"), max_length=10, choices=JuryRole)
    function = models.CharField(_("function"), max_length=200, blank=True)
    #: The authority that they belong to: what our lists know of it keeps them from judging its projects (S-116).
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("authority")
    )

    objects: ClassVar[JuryMemberQuerySet] = JuryMemberQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        callings: models.QuerySet[Calling]
        interests: InterestQuerySet
        pledge: Pledge
        sheets: SheetQuerySet

    class Meta:
        verbose_name = _("member of the jury")
        verbose_name_plural = _("members of the jury")
        ordering = ["side", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user"],
                name="awards_jurymember_once",
                violation_error_message=_("This account is a member of the jury already."),
            ),
            models.UniqueConstraint(
                fields=["call", "side", "role"],
                condition=Q(role__in=ONE_PER_SIDE),
                name="awards_jurymember_one_of_a_role_per_side",
                violation_error_message=_(
                    "Each side has one co-president, one substitute and one secretary: this side has one already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_president(self) -> bool:
        return self.role == JuryRole.PRESIDENT

    @property
    def is_secretary(self) -> bool:
        return self.role == JuryRole.SECRETARY

    @property
    def votes(self) -> bool:
        """On every application; a substitute does on those it was called for."""
        return self.role in VOTING

    @property
    def has_pledged(self) -> bool:
        """No query where the member came with the pledge."""
        return hasattr(self, "pledge")

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from awards.enums import InterestKind
from awards.models.application import Application
from awards.models.jury import JuryMember


class Pledge(models.Model):
    """That a member of the jury has promised impartiality and confidentiality. Without it nothing of an application is seen."""

    member = models.OneToOneField(JuryMember, models.PROTECT, related_name="pledge")
    #: What was read, in both languages.
    content = models.JSONField()
    #: SHA-256 over ``content`` in its canonical form.
    digest = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("signed at"))

    objects: ClassVar[models.Manager["Pledge"]] = models.Manager()

    if TYPE_CHECKING:
        member_id: int

    class Meta:
        verbose_name = _("pledge of a member of the jury")
        verbose_name_plural = _("pledges of the members of the jury")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="awards_pledge_has_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at:%Y-%m-%d}"


class InterestQuerySet(models.QuerySet["Interest"]):
    def recusals(self) -> Self:
        """Where the member does not judge: they do not open, mark, hear or vote that application."""
        return self.exclude(kind=InterestKind.NONE)


class Interest(models.Model):
    """What ties a member of the jury to an application, or that nothing does. What is a tie once stays one.

    The system writes what it finds in our lists, and that binds; about the rest the member answers before the file can
    be opened.
    """

    member = models.ForeignKey(
        JuryMember, models.PROTECT, related_name="interests", verbose_name=_("member of the jury")
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="interests",
        verbose_name=pgettext_lazy("for the award", "application"),
    )
    kind = models.CharField(
        pgettext_lazy("of a conflict of interest", "kind"), max_length=11, choices=InterestKind
    )
    #: For the secretaries only.
    words = models.TextField(_("what ties you to it"), blank=True, max_length=1000)
    at = models.DateTimeField(_("said at"))

    objects: ClassVar[InterestQuerySet] = InterestQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        application_id: int
        member_id: int

    class Meta:
        verbose_name = _("declaration of interest")
        verbose_name_plural = _("declarations of interest")
        ordering = ["application__number", "member"]
        constraints = [
            models.UniqueConstraint(fields=["member", "application"], name="awards_interest_one_answer"),
            models.CheckConstraint(
                condition=~Q(kind=InterestKind.DECLARED) | ~Q(words=""),
                name="awards_interest_declared_in_words",
                violation_error_message=_(
                    "Say in a few words what ties you to it: the secretaries read this."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id} {self.kind}"


class Calling(models.Model):
    """That the substitute of a side judges an application, in the place of whoever is recused."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="callings")
    member = models.ForeignKey(
        JuryMember, models.PROTECT, related_name="callings", verbose_name=_("substitute")
    )
    called_by = models.ForeignKey(
        JuryMember, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of the jury", "secretary")
    )
    at = models.DateTimeField(_("called at"))

    objects: ClassVar[models.Manager["Calling"]] = models.Manager()

    class Meta:
        verbose_name = _("call of a substitute")
        verbose_name_plural = _("calls of substitutes")
        constraints = [
            models.UniqueConstraint(fields=["application", "member"], name="awards_calling_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id}"


class Assignment(models.Model):
    """That a juror reads an application, where there are too many for all to read all."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="assignments")

    objects: ClassVar[models.Manager["Assignment"]] = models.Manager()

    class Meta:
        verbose_name = _("assignment of an application")
        verbose_name_plural = _("assignments of applications")
        constraints = [
            models.UniqueConstraint(fields=["application", "member"], name="awards_assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id}"

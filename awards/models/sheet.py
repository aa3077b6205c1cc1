from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.models import User
from awards.enums import VOTING, ApplicationState, InterestKind, JuryRole, Phase
from awards.models.application import Application
from awards.models.call import Criterion
from awards.models.interest import Calling, Interest
from awards.models.jury import JuryMember

#: From here on others' marks are read by those who vote.
_MARKS_ARE_SHOWN = [Phase.DELIBERATION, Phase.SEALED, Phase.PUBLISHED]


class SheetQuerySet(models.QuerySet["Sheet"]):
    def sealed(self) -> Self:
        return self.exclude(sealed_at=None)

    def valid(self) -> Self:
        """Those of whoever may judge the application: a member who votes on it and whom nothing ties to it.

        A recused juror counts nowhere, whenever the tie was found.
        """
        free = Interest.objects.filter(
            member=OuterRef("member"), application=OuterRef("application"), kind=InterestKind.NONE
        )
        called = Calling.objects.filter(member=OuterRef("member"), application=OuterRef("application"))
        return self.filter(
            Exists(free),
            Q(member__role__in=VOTING) | Q(Exists(called), member__role=JuryRole.SUBSTITUTE),
            application__state=ApplicationState.ADMISSIBLE,
        )

    def counting(self) -> Self:
        """Those that the ranking is made of: valid, sealed, and no abstentions. What is not sealed does not count."""
        return self.valid().sealed().filter(abstains=False)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Sheets whose marks this account may read. No right opens them, only a seat in the jury.

        The own ones; from the deliberation on, all that are sealed, for whoever votes, but on applications from which
        they are recused. Secretaries, organisers and superusers read none: they have counts.
        """
        if not user.is_authenticated:
            return self.none()
        seat = JuryMember.objects.filter(call=OuterRef("application__call"), user=user, pledge__isnull=False)
        free = Interest.objects.filter(
            member__user=user, application=OuterRef("application"), kind=InterestKind.NONE
        )
        called = Calling.objects.filter(member__user=user, application=OuterRef("application"))
        votes = Q(Exists(seat.filter(role__in=VOTING))) | Q(
            Exists(seat.filter(role=JuryRole.SUBSTITUTE)), Exists(called)
        )
        own = Q(member__user=user)
        shown = Q(application__call__phase__in=_MARKS_ARE_SHOWN, sealed_at__isnull=False)
        return self.filter(votes, Exists(free), own | shown)

    def held(self, pk: int) -> "Sheet":
        """The sheet as it is now, nobody else changing it until the transaction ends."""
        row = self.select_for_update(of=("self",), no_key=True)
        return row.select_related("application__call", "member__user").get(pk=pk)


class Sheet(models.Model):
    """What one juror gives one application, begun when they first open its file. Once sealed it stays."""

    member = models.ForeignKey(
        JuryMember, models.PROTECT, related_name="sheets", verbose_name=_("member of the jury")
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="sheets",
        verbose_name=pgettext_lazy("for the award", "application"),
    )
    abstains = models.BooleanField(_("I abstain"), default=False)
    reason = models.TextField(_("why you abstain"), blank=True, max_length=1000)
    #: Counts the changes, so that an older page overwrites nothing.
    version = models.PositiveIntegerField(default=0, editable=False)
    #: The page in a browser that the last change came from: it knows what it has sent, though the answer was lost.
    page = models.UUIDField(null=True, blank=True, default=None, editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, blank=True)

    objects: ClassVar[SheetQuerySet] = SheetQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        application_id: int
        member_id: int
        scores: models.QuerySet["Score"]

    class Meta:
        verbose_name = _("sheet of a juror")
        verbose_name_plural = _("sheets of jurors")
        ordering = ["application__number", "member"]
        constraints = [
            models.UniqueConstraint(fields=["member", "application"], name="awards_sheet_one_per_juror"),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True) | Q(abstains=False) | ~Q(reason=""),
                name="awards_sheet_abstains_with_a_reason",
                violation_error_message=_("Say why you abstain."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.application_id}"

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None


class Score(models.Model):
    """One juror's mark, 1 to 5, for one application and one criterion; empty while only the comment is written."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    mark = models.PositiveSmallIntegerField(pgettext_lazy("from 1 to 5", "mark"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)

    objects: ClassVar[models.Manager["Score"]] = models.Manager()

    if TYPE_CHECKING:
        criterion_id: int

    class Meta:
        verbose_name = pgettext_lazy("from 1 to 5", "mark")
        verbose_name_plural = pgettext_lazy("from 1 to 5", "marks")
        ordering = [F("criterion__order").asc(), "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="awards_score_once"),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(mark__range=(1, 5)),
                name="awards_score_mark_1_to_5",
                violation_error_message=_("A mark goes from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.mark)

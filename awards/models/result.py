from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.models import User
from awards.enums import VOTING, InterestKind, JuryRole, Phase, ResultKind
from awards.models.application import Application
from awards.models.call import Category
from awards.models.interest import Calling, Interest
from awards.models.jury import JuryMember
from awards.models.motion import Motion


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Results that this account may know of. No right opens them before they are published, only a seat (S-117).

        Before: members of the jury with their pledge, of the applications that they judge; secretaries of all, but of
        those that they were recused from in another role. Organisers and superusers know as much as the public. Once
        published: everybody.
        """
        published = Q(motion__item__call__phase=Phase.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(published)
        seat = JuryMember.objects.filter(call=OuterRef("motion__item__call"), user=user, pledge__isnull=False)
        own = Interest.objects.filter(member__user=user, application=OuterRef("application"))
        called = Calling.objects.filter(member__user=user, application=OuterRef("application"))
        judges = Q(Exists(seat.filter(role__in=VOTING))) | Q(
            Exists(seat.filter(role=JuryRole.SUBSTITUTE)), Exists(called)
        )
        return self.filter(
            published
            | Q(Exists(seat.filter(role=JuryRole.SECRETARY)), ~Exists(own.recusals()))
            | judges & Q(Exists(own.filter(kind=InterestKind.NONE)))
        )

    def given(self) -> Self:
        """Prizes and mentions, in the order in which they are told; reserve lists are told to nobody."""
        return self.exclude(kind=ResultKind.RESERVE)

    def published(self) -> Self:
        """Those of ``given`` that everybody may know of."""
        return self.given().visible_to(AnonymousUser())


class Result(models.Model):
    """What the jury gives an application in a category, by a motion that passed. Secret until the ceremony (S-117)."""

    # PROTECT would list the results to whoever tries to delete an application; the database refuses as well.
    application = models.ForeignKey(Application, models.DO_NOTHING, related_name="+")
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+")
    kind = models.CharField(
        pgettext_lazy("of a result of the award", "kind"), max_length=7, choices=ResultKind
    )
    #: Which of the prizes of the category, from 1, or the place on its reserve list. Who shares a prize shares it.
    place = models.PositiveSmallIntegerField(_("place"))
    is_ex_aequo = models.BooleanField("ex aequo", default=False)
    motion = models.ForeignKey(Motion, models.PROTECT, related_name="results")

    objects: ClassVar[ResultQuerySet] = ResultQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        application_id: int
        category_id: int

    class Meta:
        verbose_name = pgettext_lazy("of the award", "result")
        verbose_name_plural = pgettext_lazy("of the award", "results")
        ordering = ["category__order", "category", "kind", "place", "application__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "category"],
                name="awards_result_one_per_category",
                violation_error_message=_(
                    "This application has a prize or a place in this category already."
                ),
            ),
            models.UniqueConstraint(
                fields=["category", "kind", "place"],
                condition=Q(is_ex_aequo=False),
                name="awards_result_one_per_place",
                violation_error_message=_("This prize is given already."),
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1) & ~Q(kind=ResultKind.RESERVE, is_ex_aequo=True),
                name="awards_result_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assises.models import Edition
from program.models import Session
from registration.models.registration import Registration

#: How many visits somebody may wish for.
MOST_WISHES = 3


class VisitWish(models.Model):
    """A field visit that somebody would like to make; 1 is the dearest wish. No seat goes with it yet."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="wishes")
    session = models.ForeignKey(Session, models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(_("rank"))

    objects: ClassVar[models.Manager["VisitWish"]] = models.Manager()

    class Meta:
        verbose_name = _("wish for a visit")
        verbose_name_plural = _("wishes for visits")
        ordering = ["registration", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "rank"], name="registration_visitwish_one_per_rank"
            ),
            models.UniqueConstraint(
                fields=["registration", "session"],
                name="registration_visitwish_once",
                violation_error_message=_("Name each visit once."),
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & Q(rank__lte=MOST_WISHES), name="registration_visitwish_rank_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.session}"


class VisitAssignment(models.Model):
    """Who would make which visit, as it was computed once; it holds when an organiser has applied it."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="visit_assignments", verbose_name=_("edition")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("proposed by"),
    )  # fmt: skip
    #: Of the wishes, the people and the seats it was computed from: it is applied only while they are the same.
    inputs_hash = models.CharField(max_length=64, editable=False)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("applied by"),
    )  # fmt: skip

    objects: ClassVar[models.Manager["VisitAssignment"]] = models.Manager()

    class Meta:
        verbose_name = _("assignment of visits")
        verbose_name_plural = _("assignments of visits")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(applied_at__isnull=False),
                name="registration_visitassignment_applied_once",
                violation_error_message=_("The visits of this edition are assigned already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.proposed_at:%Y-%m-%d %H:%M}"


class AssignedVisit(models.Model):
    """What an assignment gives one person, and why not what was wished more."""

    assignment = models.ForeignKey(VisitAssignment, models.CASCADE, related_name="rows")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="assigned_visits")
    #: None: no seat was left in any visit that this person wished for.
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    #: For each wish before it: ``{"session", "rank", "seats", "wishes", "later"}``, see ``registration.assignment``.
    missed = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager["AssignedVisit"]] = models.Manager()

    class Meta:
        verbose_name = _("assigned visit")
        verbose_name_plural = _("assigned visits")
        ordering = ["assignment", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "registration"], name="registration_assignedvisit_once"
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True, rank__isnull=True)
                | Q(session__isnull=False, rank__isnull=False),
                name="registration_assignedvisit_rank_iff_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.session or '–'}"

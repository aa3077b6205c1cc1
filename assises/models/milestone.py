import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import MilestoneKind, OwnerSide, WorkState
from assises.models.edition import Edition
from assises.models.people import Contact, Organisation

#: Days from the first day of an edition within which a milestone can follow it.
OFFSETS = (-800, 400)
#: Days between which somebody can owe something.
PLAUSIBLE = (dt.date(2000, 1, 1), dt.date(2100, 1, 1))


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def standing(self) -> Self:
        """What is still planned or was done: neither given up nor replaced by another one (S-144, D-02)."""
        return self.filter(replaced_by=None).exclude(state=WorkState.DROPPED)


class Milestone(models.Model):
    """A date of the preparation, exact or a window. What opens and closes, opens and closes on one of these.

    Where sources give several dates, an open point of the register with this milestone as its subject holds them as
    candidates (D-01): the milestone is to be arbitrated until that point is closed.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="milestones", verbose_name=_("edition"))
    key = models.SlugField(_("key"), max_length=60)
    kind = models.CharField(
        pgettext_lazy("of a milestone", "kind"),
        max_length=11,
        choices=MilestoneKind,
        default=MilestoneKind.PREPARATION,
    )
    label = models.CharField(_("label"), max_length=200)
    starts_at = models.DateTimeField(_("date, or start of the window"))
    ends_at = models.DateTimeField(_("end of the window"), null=True, blank=True)
    wording = models.CharField(
        _("the date in words"),
        max_length=80,
        blank=True,
        help_text=_("As the minutes say it, where they give no day: “mid to end of October”."),
    )
    #: Days from the first day of the edition; None where the date does not follow it.
    offset_days = models.SmallIntegerField(
        _("days from the first day of the Assises"),
        null=True,
        blank=True,
        help_text=_("-90 for D-90. Empty: the date is fixed and does not follow the Assises."),
    )
    owner_side = models.CharField(_("side that owes it"), max_length=4, choices=OwnerSide, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("organisation that owes it"),
    )
    state = models.CharField(
        pgettext_lazy("of a milestone", "work"), max_length=11, choices=WorkState, default=WorkState.TO_DO
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    #: For what others organise: their dates are theirs, and are looked up again (D-05).
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    points = GenericRelation(
        "assises.RegisterItem", "subject_id", "subject_type", related_query_name="milestone_subject"
    )

    objects: ClassVar[MilestoneQuerySet] = MilestoneQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        label_fr: str
        label_zh_hans: str | None
        wording_fr: str | None
        wording_zh_hans: str | None

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["starts_at", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="assises_milestone_once_per_edition"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="assises_milestone_window_goes_forward",
                violation_error_message=_("The window ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state=WorkState.DONE, done_on__isnull=False)
                | (~Q(state=WorkState.DONE) & Q(done_on__isnull=True)),
                name="assises_milestone_done_on_a_day",
                violation_error_message=_("Say on which day it was done, or that it is not done."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="assises_milestone_not_replaced_by_itself",
                violation_error_message=_("A milestone is not replaced by itself."),
            ),
            models.CheckConstraint(
                condition=Q(offset_days__isnull=True) | Q(offset_days__range=OFFSETS),
                name="assises_milestone_offset_is_plausible",
                violation_error_message=_("From 800 days before the Assises to 400 days after."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def on_clocks(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """Start and end on the clocks of ``zone``; a milestone without an end ends as it starts."""
        place = ZoneInfo(zone)
        return self.starts_at.astimezone(place), (self.ends_at or self.starts_at).astimezone(place)

    @property
    def is_whole_day(self) -> bool:
        """Whether only days were given: both ends stand at midnight, on the clocks of the place."""
        return all(at.time() == dt.time.min for at in self.on_clocks(self.edition.time_zone))

    @property
    def first_day(self) -> dt.date:
        """On the calendar of the place."""
        return self.on_clocks(self.edition.time_zone)[0].date()

    @property
    def last_day(self) -> dt.date:
        """On the calendar of the place."""
        return self.on_clocks(self.edition.time_zone)[1].date()

    @property
    def is_standing(self) -> bool:
        return self.replaced_by_id is None and self.state != WorkState.DROPPED

    @property
    def is_open(self) -> bool:
        """Still to be done, in whole or in part."""
        return self.is_standing and self.state != WorkState.DONE


def milestone_of(edition: Edition, key: str) -> Milestone | None:
    """The milestone of this name, or the one that stands in its place (D-02); where the edition came with its
    milestones, no query is made.
    """
    known = {m.pk: m for m in edition.milestones.all()}
    found = next((m for m in known.values() if m.key == key), None)
    while found is not None and found.replaced_by_id is not None:
        # No circle: the service that replaces refuses it.
        found = known.pop(found.replaced_by_id, None)
    return found


class Dependency(models.Model):
    """``after`` cannot begin before ``before`` has ended, and ``lag_days`` more (S-074, S-139). Never in a circle."""

    before = models.ForeignKey(
        Milestone,
        models.CASCADE,
        related_name="followed_by",
        verbose_name=pgettext_lazy("of a dependency", "first"),
    )
    after = models.ForeignKey(
        Milestone,
        models.CASCADE,
        related_name="waits_for",
        verbose_name=pgettext_lazy("of a dependency", "then"),
    )
    lag_days = models.PositiveSmallIntegerField(_("days between"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects: ClassVar[models.Manager["Dependency"]] = models.Manager()

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after"],
                name="assises_dependency_once",
                violation_error_message=_("This dependency is noted already."),
            ),
            models.CheckConstraint(
                condition=~Q(before=F("after")),
                name="assises_dependency_between_two",
                violation_error_message=_("A milestone does not wait for itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class MilestoneMove(models.Model):
    """That a milestone was moved: from when to when, why, by whom (S-146). Kept for good."""

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="moves", verbose_name=_("milestone")
    )
    #: None where nobody wrote down what had been planned.
    from_starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    from_ends_at = models.DateTimeField(null=True, blank=True)
    to_starts_at = models.DateTimeField(_("to"))
    to_ends_at = models.DateTimeField(null=True, blank=True)
    # In one language at least; the service asks for it.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: The move that pushed this one.
    pushed_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="pushed")
    at = models.DateTimeField(_("moved at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["MilestoneMove"]] = models.Manager()

    if TYPE_CHECKING:
        reason_fr: str | None
        reason_zh_hans: str | None

    class Meta:
        verbose_name = _("move of a milestone")
        verbose_name_plural = _("moves of milestones")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.reason}"


class Task(models.Model):
    """A piece of work under a milestone, and who does it."""

    milestone = models.ForeignKey(
        Milestone, models.PROTECT, related_name="tasks", verbose_name=_("milestone")
    )
    title = models.CharField(_("task"), max_length=300)
    owner_side = models.CharField(_("side that owes it"), max_length=4, choices=OwnerSide, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("organisation that owes it"),
    )
    person = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="tasks", verbose_name=_("person")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("of a milestone", "work"), max_length=11, choices=WorkState, default=WorkState.TO_DO
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Task"]] = models.Manager()

    if TYPE_CHECKING:
        title_fr: str | None
        title_zh_hans: str | None

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["milestone", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=WorkState.DONE, done_on__isnull=False)
                | (~Q(state=WorkState.DONE) & Q(done_on__isnull=True)),
                name="assises_task_done_on_a_day",
                violation_error_message=_("Say on which day it was done, or that it is not done."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__range=PLAUSIBLE),
                name="assises_task_due_on_a_plausible_day",
                violation_error_message=_("Write a day between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (WorkState.TO_DO, WorkState.IN_PROGRESS)

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from assises.enums import Side
from assises.models.edition import Edition
from assises.models.mail import OutgoingEmail
from assises.models.milestone import Milestone, Task
from assises.models.register import RegisterItem

#: All that says when a reminder is due.
ABOUT = ("edition__host", "milestone", "item", "task__milestone")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def with_what_it_is_about(self) -> Self:
        return self.select_related(*ABOUT)

    def awaited(self) -> Self:
        """Reminders that somebody approved, that have something left to send and have not become pointless."""
        still = Q(occurrence=0) | Q(repeat_days__isnull=False, occurrence__lt=F("repeat_times"))
        return self.filter(still, approved_at__isnull=False, is_paused=False, skipped_at__isnull=True)


class Reminder(models.Model):
    """A letter to an audience, some days before or after a milestone. When that moves, so does what has not left."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reminders", verbose_name=_("edition"))
    # One of these three says when.
    milestone = models.ForeignKey(
        Milestone,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("milestone"),
    )
    item = models.ForeignKey(
        RegisterItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("item of the register"),
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="reminders", verbose_name=_("task")
    )
    offset_days = models.SmallIntegerField(
        _("days after it"), default=0, help_text=_("Before it: with a minus, for example -7.")
    )
    #: The name of one that an app declares (``assises.reminding.audiences``).
    audience = models.CharField(_("audience"), max_length=60)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"))
    both_languages = models.BooleanField(
        _("both languages in one letter"), default=False, help_text=_("The reader’s own comes first.")
    )
    #: For what is overdue: again every so many days until it is settled. None: once.
    repeat_days = models.PositiveSmallIntegerField(
        _("again every … days"), null=True, blank=True, help_text=_("Until it is settled. Empty: once.")
    )
    repeat_times = models.PositiveSmallIntegerField(_("times at most"), default=1)
    #: How many times it has left; each is claimed by counting it.
    occurrence = models.PositiveSmallIntegerField(default=0, editable=False)
    is_paused = models.BooleanField(_("held back"), default=False)
    # Who let it leave: a letter to many is looked at by a person first.
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    #: When its readers were last found and their letters put down.
    fired_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    #: It was found too late to be of use (nobody ran the software for days), or what it is about was settled before.
    skipped_at = models.DateTimeField(_("passed over at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        subject_fr: str
        subject_zh_hans: str | None
        text_fr: str
        text_zh_hans: str | None

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["milestone__starts_at", "offset_days", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(milestone__isnull=False, item__isnull=True, task__isnull=True)
                | Q(milestone__isnull=True, item__isnull=False, task__isnull=True)
                | Q(milestone__isnull=True, item__isnull=True, task__isnull=False),
                name="assises_reminder_about_one_thing",
                violation_error_message=_("Choose one: a milestone, an item of the register or a task."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (
                    Q(subject_zh_hans__isnull=False, text_zh_hans__isnull=False)
                    & ~Q(subject_fr="")
                    & ~Q(subject_zh_hans="")
                    & ~Q(text_fr="")
                    & ~Q(text_zh_hans="")
                ),
                name="assises_reminder_approved_in_both_languages",
                violation_error_message=_(
                    "Write subject and text in both languages: the readers are of both sides."
                ),
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(approved_at__isnull=False),
                name="assises_reminder_leaves_once_approved",
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(skipped_at__isnull=True),
                name="assises_reminder_sent_or_passed_over",
            ),
            models.CheckConstraint(
                condition=Q(repeat_days__isnull=True, repeat_times=1)
                | Q(repeat_days__isnull=False, repeat_days__range=(1, 60), repeat_times__range=(2, 20)),
                name="assises_reminder_repeated_with_measure",
                violation_error_message=_(
                    "What is repeated is so every 1 to 60 days, and 2 to 20 times; what is not, once."
                ),
            ),
            models.CheckConstraint(
                condition=Q(occurrence=0, fired_at__isnull=True)
                | Q(occurrence__gt=0, fired_at__isnull=False, occurrence__lte=F("repeat_times")),
                name="assises_reminder_counts_what_left",
            ),
            models.CheckConstraint(
                condition=Q(offset_days__range=(-400, 400)),
                name="assises_reminder_within_a_year",
                violation_error_message=_("At most 400 days before or after it."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.subject_fr

    @property
    def about(self) -> Milestone | RegisterItem | Task:
        """What it speaks of; the database holds that it is one thing."""
        found = self.milestone or self.item or self.task
        assert found is not None
        return found

    @property
    def is_over(self) -> bool:
        """Whether it has left as often as it may."""
        return self.occurrence >= self.repeat_times


class RemindedQuerySet(models.QuerySet["Reminded"]):
    def with_what_it_is_about(self) -> Self:
        return self.select_related(*(f"reminder__{name}" for name in ABOUT))


class Reminded(models.Model):
    """One person of one reminder: to be written to from ``not_before`` on, in the letter of that day."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="readers")
    #: Which time it left, from 1.
    occurrence = models.PositiveSmallIntegerField(default=1)
    #: What the app calls this person; its letters are erased by it.
    person = models.CharField(max_length=80)
    email = models.EmailField(_("e-mail address"))
    #: Two spellings of an address are one reader.
    address = models.GeneratedField(
        expression=Lower("email"),
        output_field=models.EmailField(),
        db_persist=True,
        verbose_name=_("e-mail address"),
    )
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    #: Whose working days and hours are kept.
    side = models.CharField(_("side"), max_length=2, choices=Side, default=Side.FRENCH)
    #: Path of the page where this person does what the reminder is about.
    link = models.CharField(max_length=300, blank=True)
    #: An hour at which this reader's side works.
    not_before = models.DateTimeField(_("not before"))
    letter = models.ForeignKey(
        OutgoingEmail,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reminded",
        verbose_name=_("letter"),
    )
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)

    objects: ClassVar[RemindedQuerySet] = RemindedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("reader of a reminder")
        verbose_name_plural = _("readers of reminders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "occurrence", "person"], name="assises_reminded_once_per_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(written_at__isnull=True), name="assises_reminded_to_write"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.reminder}"

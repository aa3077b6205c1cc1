import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, ProtectedError, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import AgreementStatus, ItemKind, OwnerSide, Side, Workstream
from assises.models.edition import Edition
from assises.models.milestone import PLAUSIBLE, Milestone
from assises.models.people import Contact, Organisation

#: What is settled: nobody owes anything any more.
SETTLED = [AgreementStatus.DECIDED, AgreementStatus.ABANDONED]
#: Kinds by which one side owes the other an answer.
OWED = [ItemKind.OPEN_POINT, ItemKind.REQUEST]


class Meeting(models.Model):
    """A meeting of the two sides; its conclusions are items of the register."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="meetings", verbose_name=_("edition"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("meeting"), max_length=200)
    #: None where the sources do not say the day.
    held_on = models.DateField(_("held on"), null=True, blank=True)
    place = models.CharField(pgettext_lazy("of a meeting", "place"), max_length=120, blank=True)
    workstream = models.CharField(_("workstream"), max_length=10, choices=Workstream, blank=True)
    attendance = models.TextField(
        _("who attended"), blank=True, help_text=_("Organisations and functions, not names.")
    )
    #: What this one built on (S-090).
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("on the conclusions of"),
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager["Meeting"]] = models.Manager()

    if TYPE_CHECKING:
        title_fr: str | None
        title_zh_hans: str | None

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = [F("held_on").desc(nulls_last=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="assises_meeting_one_per_code"),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                name="assises_meeting_does_not_follow_itself",
                violation_error_message=_("A meeting does not follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RegisterItemQuerySet(models.QuerySet["RegisterItem"]):
    def unsettled(self) -> Self:
        return self.exclude(status__in=SETTLED)

    def owed(self) -> Self:
        """Open points and requests to which an answer is still due."""
        return self.unsettled().filter(kind__in=OWED)

    def red(self) -> Self:
        """Owed by nobody, or for no day: what is forgotten first (D-16)."""
        return self.owed().filter(Q(owner_side="") | Q(due_on=None))

    def overdue(self, today: dt.date) -> Self:
        return self.owed().filter(due_on__lt=today)

    def about(self, subject: models.Model) -> Self:
        """Items whose subject is this object, of whatever app."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
        return self.filter(subject_type=kind, subject_id=subject.pk)


class RegisterItem(models.Model):
    """One conclusion of the two sides: a decision, an open point, a warning or a request, with its status.

    All four share what the minutes say of each: a status, the side that owes, a person, a day, a source, an object of
    any app as the subject, what it blocks. What is abandoned stays, with its reason (S-052).
    """

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="register_items", verbose_name=_("edition")
    )
    number = models.PositiveIntegerField(_("number"), editable=False)
    #: How the files of an edition call it; empty for what people write in the back office.
    code = models.SlugField(_("code"), max_length=60, blank=True, editable=False)
    kind = models.CharField(pgettext_lazy("of the register", "kind"), max_length=10, choices=ItemKind)
    status = models.CharField(_("status"), max_length=13, choices=AgreementStatus)
    workstream = models.CharField(_("workstream"), max_length=10, choices=Workstream, blank=True)
    text = models.CharField(_("what it says"), max_length=400, blank=True)
    detail = models.TextField(_("details"), blank=True)
    #: What was decided, or why it was abandoned.
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    #: The side that raised it; for a request, the one that asks.
    raised_by = models.CharField(_("raised by"), max_length=4, choices=OwnerSide, blank=True)
    owner_side = models.CharField(_("side that owes it"), max_length=4, choices=OwnerSide, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="register_items",
        verbose_name=_("organisation that owes it"),
    )
    person = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="register_items",
        verbose_name=_("person"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("raised at the meeting"),
    )
    order = models.PositiveSmallIntegerField(_("order in the minutes"), default=0)
    source = models.CharField(_("source"), max_length=300, blank=True)
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    #: A text of the subject, in both languages, that the chosen candidate becomes: the slogan of the edition.
    subject_field = models.SlugField(max_length=40, blank=True, editable=False)
    blocks_items = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="blocked_by",
        verbose_name=_("items that it blocks"),
    )
    blocks_milestones = models.ManyToManyField(
        Milestone, blank=True, related_name="blocked_by", verbose_name=_("milestones that it blocks")
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_at_meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_items",
        verbose_name=_("settled at the meeting"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[RegisterItemQuerySet] = RegisterItemQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        text_fr: str | None
        text_zh_hans: str | None
        outcome_fr: str | None
        outcome_zh_hans: str | None

    class Meta:
        verbose_name = _("item of the register")
        verbose_name_plural = _("decision register")
        ordering = ["number"]
        permissions = [
            ("speak_for_french_side", _("Votes and validates for the French side")),
            ("speak_for_chinese_side", _("Votes and validates for the Chinese side")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="assises_registeritem_one_per_number"),
            models.UniqueConstraint(
                fields=["edition", "code"], condition=~Q(code=""), name="assises_registeritem_one_per_code"
            ),
            models.CheckConstraint(
                condition=(Q(text_fr__isnull=False) & ~Q(text_fr=""))
                | (Q(text_zh_hans__isnull=False) & ~Q(text_zh_hans="")),
                name="assises_registeritem_says_something",
                violation_error_message=_("Write it in French or in Chinese, better in both."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SETTLED, settled_on__isnull=False)
                | (~Q(status__in=SETTLED) & Q(settled_on__isnull=True)),
                name="assises_registeritem_settled_on_a_day",
                violation_error_message=_("Say on which day it was decided or abandoned."),
            ),
            models.CheckConstraint(
                condition=~Q(status=AgreementStatus.ABANDONED)
                | (Q(outcome_fr__isnull=False) & ~Q(outcome_fr=""))
                | (Q(outcome_zh_hans__isnull=False) & ~Q(outcome_zh_hans="")),
                name="assises_registeritem_abandoned_with_a_reason",
                violation_error_message=_("Say why it is abandoned: the reason stays visible."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=OWED, status=AgreementStatus.DECIDED)
                | (Q(outcome_fr__isnull=False) & ~Q(outcome_fr=""))
                | (Q(outcome_zh_hans__isnull=False) & ~Q(outcome_zh_hans="")),
                name="assises_registeritem_closed_with_an_answer",
                violation_error_message=_("Say what was decided: that closes the point."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__range=PLAUSIBLE),
                name="assises_registeritem_due_on_a_plausible_day",
                violation_error_message=_("Write a day between 2000 and 2100."),
            ),
            models.CheckConstraint(
                condition=Q(subject_type__isnull=True, subject_id__isnull=True)
                | Q(subject_type__isnull=False, subject_id__isnull=False),
                name="assises_registeritem_subject_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="assises_registeritem_subject")]

    def __str__(self) -> str:
        return self.text or self.text_zh_hans or ""

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def has_outcome(self) -> bool:
        """Whether an answer or a reason stands there, in whatever language."""
        return bool(self.outcome_fr or self.outcome_zh_hans)

    @property
    def is_owed(self) -> bool:
        """Whether an answer is still due."""
        return self.kind in OWED and not self.is_settled

    @property
    def is_red(self) -> bool:
        """Owed, and nobody or no day stands there (D-16)."""
        return self.is_owed and (not self.owner_side or self.due_on is None)


class RegisterRelation(GenericRelation):
    """The items of the register about an object: ``RegisterRelation(RegisterItem, "subject_id", "subject_type")``.

    What stands in the register is history: it is not deleted with its subject, as Django would have it; nor is the
    subject while the register speaks of it.
    """

    def bulk_related_objects(self, objs: list[models.Model], using: str = DEFAULT_DB_ALIAS) -> Any:
        items = super().bulk_related_objects(objs, using)
        if found := set(items):
            raise ProtectedError("The register speaks of it.", found)
        return items


class Candidate(models.Model):
    """One of several answers to an open point, with its source, until a decision closes the point (D-01, S-080)."""

    item = models.ForeignKey(RegisterItem, models.CASCADE, related_name="candidates", verbose_name=_("point"))
    text = models.CharField(_("candidate"), max_length=300, blank=True)
    #: For dates: what the milestone that is the subject of the point becomes when this one is chosen.
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=4, choices=OwnerSide, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_chosen = models.BooleanField(_("chosen"), default=False, editable=False)

    objects: ClassVar[models.Manager["Candidate"]] = models.Manager()

    if TYPE_CHECKING:
        text_fr: str | None
        text_zh_hans: str | None

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(is_chosen=True), name="assises_candidate_one_is_chosen"
            ),
            models.UniqueConstraint(fields=["id", "item"], name="assises_candidate_item_key"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="assises_candidate_dates_go_forward",
                violation_error_message=_("The window ends before it starts."),
            ),
            models.CheckConstraint(
                condition=(Q(text_fr__isnull=False) & ~Q(text_fr=""))
                | (Q(text_zh_hans__isnull=False) & ~Q(text_zh_hans="")),
                name="assises_candidate_says_something",
                violation_error_message=_("Write it in French or in Chinese, better in both."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.text_zh_hans or ""


class Preference(models.Model):
    """The voice of one side for one of the candidates: one side, one voice, changed until the point is closed."""

    item = models.ForeignKey(
        RegisterItem, models.CASCADE, related_name="preferences", verbose_name=_("point")
    )
    side = models.CharField(_("side"), max_length=2, choices=Side)
    # A foreign key on two columns holds that it is a candidate of this point.
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="preferences", verbose_name=_("candidate")
    )
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    at = models.DateTimeField(_("given at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["Preference"]] = models.Manager()

    class Meta:
        verbose_name = _("voice of a side")
        verbose_name_plural = _("voices of the sides")
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["item", "side"], name="assises_preference_one_per_side"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.candidate}"

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from awards.enums import AgendaKind
from awards.models.application import Application
from awards.models.call import Call, Category
from awards.models.jury import JuryMember

if TYPE_CHECKING:
    from awards.models.motion import MotionQuerySet

#: Whoever was not seen for so long is not in the room, until they are seen again.
AWAY_AFTER = dt.timedelta(minutes=2)


class SittingQuerySet(models.QuerySet["Sitting"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def count_up(self) -> None:
        """Something of these sittings has changed: their pages look again."""
        self.update(version=F("version") + 1)


class Sitting(models.Model):
    """A meeting of the jury at which it deliberates. One is open at a time."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="sittings", verbose_name=_("award"))
    number = models.PositiveSmallIntegerField(_("number"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(JuryMember, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(JuryMember, models.PROTECT, null=True, blank=True, related_name="+")
    #: What is discussed now.
    current = models.ForeignKey("AgendaItem", models.PROTECT, null=True, blank=True, related_name="+")
    #: Counts every change, so that a page knows whether there is anything to draw anew.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[SittingQuerySet] = SittingQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        presences: models.QuerySet["Presence"]
        motions: MotionQuerySet

    class Meta:
        verbose_name = pgettext_lazy("of the jury", "sitting")
        verbose_name_plural = pgettext_lazy("of the jury", "sittings")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="awards_sitting_one_per_number"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(closed_at__isnull=True),
                name="awards_sitting_one_open",
                violation_error_message=_("A sitting of the jury is open already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__gte=F("opened_at"), closed_by__isnull=False),
                name="awards_sitting_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Presence(models.Model):
    """That a member has come to a sitting. Secretaries are present without a vote."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="presences")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="presences")
    #: When they first came; each time that they come and leave stands in the journal.
    entered_at = models.DateTimeField(_("came at"))
    seen_at = models.DateTimeField(_("last seen at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects: ClassVar[models.Manager["Presence"]] = models.Manager()

    if TYPE_CHECKING:
        member_id: int

    class Meta:
        verbose_name = _("presence at a sitting")
        verbose_name_plural = _("presences at sittings")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "member"], name="awards_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.member_id}"


class AgendaItem(models.Model):
    """A point of the deliberation. It is written once, so that the agenda does not move while it is discussed."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="agenda", verbose_name=_("award"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(
        pgettext_lazy("of an item of the agenda", "kind"), max_length=12, choices=AgendaKind
    )
    # PROTECT would list what the jury discusses to whoever tries to delete a category; the database refuses as well.
    category = models.ForeignKey(Category, models.DO_NOTHING, null=True, blank=True, related_name="+")
    text_fr = models.TextField(pgettext_lazy("of the jury", "text in French"), max_length=1000)
    text_zh_hans = models.TextField(pgettext_lazy("of the jury", "text in Chinese"), max_length=1000)
    added_by = models.ForeignKey(JuryMember, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("written at"))

    objects: ClassVar[models.Manager["AgendaItem"]] = models.Manager()

    if TYPE_CHECKING:
        category_id: int | None
        lines: models.QuerySet["AgendaLine"]
        motions: MotionQuerySet

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="awards_agendaitem_one_per_number"),
            models.CheckConstraint(
                condition=~Q(text_fr="") & ~Q(text_zh_hans=""),
                name="awards_agendaitem_in_both_languages",
                violation_error_message=_("Write it in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def text_in(self, language: str) -> str:
        return self.text_fr if language == "fr" else self.text_zh_hans


class AgendaLine(models.Model):
    """An application that an item speaks of; whoever is recused from it is out of the room."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.DO_NOTHING, related_name="+")
    place = models.PositiveSmallIntegerField(_("place"))
    #: Where it stood in the ranking when the agenda was written (``awards.standings.facts_of``).
    facts = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["AgendaLine"]] = models.Manager()

    if TYPE_CHECKING:
        application_id: int

    class Meta:
        verbose_name = _("application on the agenda")
        verbose_name_plural = _("applications on the agenda")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["item", "application"], name="awards_agendaline_once"),
            models.UniqueConstraint(fields=["item", "place"], name="awards_agendaline_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.place}"

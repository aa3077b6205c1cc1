import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from awards.enums import DECIDED, Choice, Effect, MotionState
from awards.models.application import Application
from awards.models.call import Category
from awards.models.jury import JuryMember
from awards.models.sitting import AgendaItem, Sitting

if TYPE_CHECKING:
    from awards.models.result import ResultQuerySet


class MotionQuerySet(models.QuerySet["Motion"]):
    def open(self) -> Self:
        return self.filter(state=MotionState.OPEN)

    def passed(self) -> Self:
        return self.filter(state=MotionState.PASSED)

    def decided(self) -> Self:
        return self.filter(state__in=DECIDED)


class Motion(models.Model):
    """What the jury is asked to decide, in both languages. Once it was voted on it stays."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="motions")
    #: Within the award, from 1: one speaks of “motion 7”.
    number = models.PositiveSmallIntegerField(_("number"))
    #: 2 where the first vote on the same was tied (article 10 of the rules).
    ballot = models.PositiveSmallIntegerField(pgettext_lazy("of a vote", "ballot"), default=1)
    effect = models.CharField(_("what it does"), max_length=8, choices=Effect)
    category = models.ForeignKey(Category, models.DO_NOTHING, null=True, blank=True, related_name="+")
    text_fr = models.TextField(pgettext_lazy("of the jury", "text in French"), max_length=2000)
    text_zh_hans = models.TextField(pgettext_lazy("of the jury", "text in Chinese"), max_length=2000)
    moved_by = models.ForeignKey(JuryMember, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("moved at"))
    state = models.CharField(_("state"), max_length=6, choices=MotionState, default=MotionState.MOVED)
    #: Whether its votes are secret: as the award had it when the vote was opened.
    is_secret = models.BooleanField(_("secret"), default=False)
    #: The sitting at which it is, or was, voted on.
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True, blank=True, related_name="motions")
    opened_by = models.ForeignKey(JuryMember, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_by = models.ForeignKey(JuryMember, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    #: Who was in the room, and the quorum, when it was opened and closed (``awards.room.Room.attendance``).
    attendance = models.JSONField(default=dict)
    #: Why it is void; empty otherwise.
    why_void = models.CharField(max_length=12, blank=True)
    french_yes = models.PositiveSmallIntegerField(default=0)
    french_no = models.PositiveSmallIntegerField(default=0)
    french_abstain = models.PositiveSmallIntegerField(default=0)
    chinese_yes = models.PositiveSmallIntegerField(default=0)
    chinese_no = models.PositiveSmallIntegerField(default=0)
    chinese_abstain = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[MotionQuerySet] = MotionQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        closed_by_id: int | None
        item_id: int
        moved_by_id: int
        opened_by_id: int | None
        lines: models.QuerySet["MotionLine"]
        votes: models.QuerySet["Vote"]
        ballots: models.QuerySet["Ballot"]
        results: ResultQuerySet

    class Meta:
        verbose_name = pgettext_lazy("of the jury", "motion")
        verbose_name_plural = pgettext_lazy("of the jury", "motions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"],
                condition=Q(state=MotionState.OPEN),
                name="awards_motion_one_open",
                violation_error_message=_("Another motion is open to vote: close it first."),
            ),
            models.CheckConstraint(
                condition=~Q(text_fr="") & ~Q(text_zh_hans=""),
                name="awards_motion_in_both_languages",
                violation_error_message=_("Write it in both languages."),
            ),
            models.CheckConstraint(condition=Q(ballot__range=(1, 2)), name="awards_motion_two_ballots"),
            models.CheckConstraint(
                condition=Q(state=MotionState.MOVED, sitting__isnull=True, opened_at__isnull=True)
                | Q(
                    ~Q(state=MotionState.MOVED),
                    sitting__isnull=False,
                    opened_at__isnull=False,
                    opened_by__isnull=False,
                ),
                name="awards_motion_opened_at_a_sitting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, closed_at__isnull=False, closed_by__isnull=False)
                | Q(~Q(state__in=DECIDED), closed_at__isnull=True, closed_by__isnull=True),
                name="awards_motion_closed_by_somebody",
            ),
            # A majority on each side is one of all votes cast, too: abstentions are not cast.
            models.CheckConstraint(
                condition=~Q(state=MotionState.PASSED)
                | Q(
                    french_yes__gt=models.F("french_no"),
                    chinese_yes__gt=models.F("chinese_no"),
                ),
                name="awards_motion_passes_on_both_sides",
                violation_error_message=_(
                    "A motion passes with a majority of the votes cast, and a majority on each side."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=MotionState.VOID) & ~Q(why_void="")
                | ~Q(state=MotionState.VOID) & Q(why_void=""),
                name="awards_motion_void_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def text_in(self, language: str) -> str:
        return self.text_fr if language == "fr" else self.text_zh_hans

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def tally(self) -> dict[str, dict[str, int]]:
        """The votes of each side, by ``Side`` and ``Choice``."""
        names = {Side.FRENCH: "french", Side.CHINESE: "chinese"}
        return {
            side.value: {choice.value: getattr(self, f"{name}_{choice.value}") for choice in Choice}
            for side, name in names.items()
        }

    @property
    def is_tied(self) -> bool:
        """Lost with as many votes for it as against: there is a second ballot, then the prize is shared."""
        return (
            self.state == MotionState.LOST
            and self.french_yes + self.chinese_yes == self.french_no + self.chinese_no
        )


class MotionLine(models.Model):
    """An application that a motion decides on."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.DO_NOTHING, related_name="+")
    #: From 1; on a reserve list it is the place.
    place = models.PositiveSmallIntegerField(_("place"))

    objects: ClassVar[models.Manager["MotionLine"]] = models.Manager()

    if TYPE_CHECKING:
        application_id: int

    class Meta:
        verbose_name = _("application of a motion")
        verbose_name_plural = _("applications of motions")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "application"], name="awards_motionline_once"),
            models.UniqueConstraint(fields=["motion", "place"], name="awards_motionline_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.place}"


class Vote(models.Model):
    """That a member has voted, and what: but of a secret vote, which is a ``Ballot`` that nothing ties to it."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=Choice, blank=True)

    objects: ClassVar[models.Manager["Vote"]] = models.Manager()

    if TYPE_CHECKING:
        member_id: int

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "member"],
                name="awards_vote_once",
                violation_error_message=_("You have voted on this motion. A secret vote cannot be changed."),
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["", *Choice.values]), name="awards_vote_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.member_id}"


class Ballot(models.Model):
    """A secret vote: of a side, and of nobody. No time, no order, a random key.

    All ballots of a motion are written anew, shuffled, with each that joins them (``services.vote``): so neither their
    place in the table nor the transaction that PostgreSQL notes with each row tells which came with which ``Vote``.
    Whoever reads the tables while the vote is open sees the sums grow; who sees backups of the minute sees as much.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    side = models.CharField(_("side"), max_length=2, choices=Side)
    choice = models.CharField(max_length=7, choices=Choice)

    objects: ClassVar[models.Manager["Ballot"]] = models.Manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=Choice.values, side__in=Side.values), name="awards_ballot_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return str(self.motion_id)

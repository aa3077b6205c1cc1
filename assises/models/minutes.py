from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import AgreementStatus, ItemKind, LineVerdict, MinutesState, OwnerSide, Side, Workstream
from assises.models.register import Meeting, RegisterItem


class Minutes(models.Model):
    """Minutes of conclusions (*relevé de conclusions*, 会议纪要), written from the register, validated by both sides.

    Once both have accepted every line it is frozen, with a hash over all of it; a trigger keeps it so (S-141).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    #: A correction of validated minutes is another one.
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = models.CharField(
        pgettext_lazy("of minutes", "state"), max_length=9, choices=MinutesState, default=MinutesState.DRAFT
    )
    introduction = models.TextField(_("introduction"), blank=True)
    #: In both languages at once: what a side leaves unanswered until then is escalated.
    deadline_at = models.DateTimeField(_("to be validated until"), null=True, blank=True)
    silent_days = models.PositiveSmallIntegerField(
        _("days of silence until it is escalated"),
        default=5,
        help_text=_("Counted from the day on which the minutes were sent."),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    #: When each side was told that it keeps silent; once.
    french_escalated_at = models.DateTimeField(null=True, blank=True, editable=False)
    chinese_escalated_at = models.DateTimeField(null=True, blank=True, editable=False)
    validated_at = models.DateTimeField(_("validated at"), null=True, blank=True, editable=False)
    #: SHA-256 over the lines and their verdicts, 64 hexadecimal digits.
    digest = models.CharField(_("hash"), max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager["Minutes"]] = models.Manager()

    if TYPE_CHECKING:
        introduction_fr: str | None
        introduction_zh_hans: str | None

    class Meta:
        verbose_name = _("minutes of conclusions")
        verbose_name_plural = _("minutes of conclusions")
        ordering = ["-meeting__held_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="assises_minutes_one_per_number"),
            models.CheckConstraint(
                condition=Q(state=MinutesState.DRAFT, sent_at__isnull=True)
                | (~Q(state=MinutesState.DRAFT) & Q(sent_at__isnull=False, deadline_at__isnull=False)),
                name="assises_minutes_sent_with_a_deadline",
                violation_error_message=_(
                    "Minutes are sent with a day until which they are to be validated."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MinutesState.VALIDATED, validated_at__isnull=False, digest__regex=r"^[0-9a-f]{64}$"
                )
                | (~Q(state=MinutesState.VALIDATED) & Q(validated_at__isnull=True, digest="")),
                name="assises_minutes_validated_with_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}"


class MinutesLine(models.Model):
    """One line of the minutes: what the register said when they were written, in both languages."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="lines", verbose_name=_("minutes of conclusions")
    )
    item = models.ForeignKey(
        RegisterItem, models.PROTECT, related_name="lines", verbose_name=_("item of the register")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    #: The part of the minutes that it stands in.
    workstream = models.CharField(_("workstream"), max_length=10, choices=Workstream, blank=True)
    kind = models.CharField(pgettext_lazy("of the register", "kind"), max_length=10, choices=ItemKind)
    status = models.CharField(_("status"), max_length=13, choices=AgreementStatus)
    text = models.CharField(_("what it says"), max_length=400)
    detail = models.TextField(_("details"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    owner_side = models.CharField(_("side that owes it"), max_length=4, choices=OwnerSide, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    #: Counts its wordings: a verdict holds for the wording that it was given on.
    revision = models.PositiveSmallIntegerField(_("wording"), default=1, editable=False)

    objects: ClassVar[models.Manager["MinutesLine"]] = models.Manager()

    if TYPE_CHECKING:
        text_fr: str | None
        text_zh_hans: str | None
        detail_fr: str | None
        detail_zh_hans: str | None
        outcome_fr: str | None
        outcome_zh_hans: str | None

    class Meta:
        verbose_name = _("line of the minutes")
        verbose_name_plural = _("lines of the minutes")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "item"], name="assises_minutesline_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.text


class Verdict(models.Model):
    """What one side says of one wording of one line: accepted, or a comment."""

    line = models.ForeignKey(
        MinutesLine, models.CASCADE, related_name="verdicts", verbose_name=_("line of the minutes")
    )
    side = models.CharField(_("side"), max_length=2, choices=Side)
    revision = models.PositiveSmallIntegerField(_("wording"))
    verdict = models.CharField(pgettext_lazy("of minutes", "verdict"), max_length=9, choices=LineVerdict)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    at = models.DateTimeField(_("given at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Verdict"]] = models.Manager()

    class Meta:
        verbose_name = _("verdict on a line")
        verbose_name_plural = _("verdicts on lines")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "side", "revision"], name="assises_verdict_one_per_side_and_wording"
            ),
            models.CheckConstraint(
                condition=Q(verdict=LineVerdict.ACCEPTED) | ~Q(comment=""),
                name="assises_verdict_comment_says_something",
                violation_error_message=_("Say what should be changed in this line."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.get_verdict_display()}"

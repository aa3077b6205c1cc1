from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.files import FileKeyField
from awards.models.call import Call
from awards.models.jury import JuryMember


class JuryMinutesQuerySet(models.QuerySet["JuryMinutes"]):
    def signed(self) -> Self:
        """By both co-presidents and both secretaries; the latest first: that one stands, the others it amends."""
        return self.exclude(signed_at=None).order_by("-number")

    def in_draft(self) -> Self:
        """Those that wait for signatures: at most one of an award."""
        return self.filter(signed_at=None)

    def unwritten(self) -> Self:
        """Those whose content, or whose document, is still to be made."""
        return self.filter(document=None)


class JuryMinutes(models.Model):
    """The minutes of the jury (procès-verbal), written by the software from what was decided; signed, they stay."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="minutes", verbose_name=_("award"))
    number = models.PositiveSmallIntegerField(_("number"))
    #: Those that these amend: an amendment is a new document.
    amends = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amended_by",
        verbose_name=_("amended minutes"),
    )
    reason_fr = models.TextField(_("what is amended, in French"), max_length=1000, blank=True)
    reason_zh_hans = models.TextField(_("what is amended, in Chinese"), max_length=1000, blank=True)
    #: Points of the debate, without names; corrections of translations.
    remarks_fr = models.TextField(_("remarks in French"), max_length=4000, blank=True)
    remarks_zh_hans = models.TextField(_("remarks in Chinese"), max_length=4000, blank=True)
    begun_by = models.ForeignKey(JuryMember, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun at"))
    #: All that they say, plain values in both languages (``awards.minutes.content``); None until it is written.
    content = models.JSONField(null=True, blank=True)
    #: SHA-256 over ``content`` in its canonical form: what is signed, and what is printed.
    digest = models.CharField(_("hash"), max_length=64, blank=True)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    #: The PDF; None until it is made, anew after the last signature.
    document = FileKeyField(null=True, blank=True)
    #: Why it could not be written the last time; empty otherwise.
    trouble = models.CharField(max_length=300, blank=True)

    objects: ClassVar[JuryMinutesQuerySet] = JuryMinutesQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        amends_id: int | None
        signatures: models.QuerySet["MinutesSignature"]

    class Meta:
        verbose_name = pgettext_lazy("of the jury", "minutes")
        verbose_name_plural = pgettext_lazy("of the jury", "minutes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="awards_juryminutes_one_per_number"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(signed_at__isnull=True),
                name="awards_juryminutes_one_draft",
                violation_error_message=_("Minutes of the jury wait for their signatures already."),
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=True, digest="", written_at__isnull=True, signed_at__isnull=True)
                | Q(content__isnull=False, digest__regex=r"^[0-9a-f]{64}$", written_at__isnull=False),
                name="awards_juryminutes_written_with_a_hash",
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True, reason_fr="", reason_zh_hans="")
                | Q(amends__isnull=False) & ~Q(reason_fr="") & ~Q(reason_zh_hans=""),
                name="awards_juryminutes_amended_for_a_reason",
                violation_error_message=_("Say in both languages what is amended."),
            ),
            models.CheckConstraint(
                condition=Q(remarks_fr="", remarks_zh_hans="") | ~Q(remarks_fr="") & ~Q(remarks_zh_hans=""),
                name="awards_juryminutes_remarks_in_both_languages",
                violation_error_message=_("Write it in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """“PV-2018-01”: the year of the edition, and the number within its award."""
        return f"PV-{self.call.edition.starts_on.year}-{self.number:02d}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


class MinutesSignature(models.Model):
    """That a co-president or a secretary has signed the minutes with this hash."""

    minutes = models.ForeignKey(JuryMinutes, models.PROTECT, related_name="signatures")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="signatures")
    digest = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("signed at"))

    objects: ClassVar[models.Manager["MinutesSignature"]] = models.Manager()

    if TYPE_CHECKING:
        member_id: int

    class Meta:
        verbose_name = _("signature of minutes of the jury")
        verbose_name_plural = _("signatures of minutes of the jury")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "member"], name="awards_minutessignature_once"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="awards_minutessignature_of_a_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.member_id}"

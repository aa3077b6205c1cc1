import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assises.enums import LetterState


class MailingQuerySet(models.QuerySet["Mailing"]):
    def undecided(self) -> Self:
        """Mailings that wait for somebody to look at them."""
        return self.filter(approved_at=None, cancelled_at=None)


class Mailing(models.Model):
    """The letters of one person's act to many readers: none leaves before somebody has looked at them."""

    #: What its letters speak of, as theirs.
    event = models.CharField(_("what about"), max_length=60)
    count = models.PositiveIntegerField(_("letters"))
    created_at = models.DateTimeField(_("written at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("approved by")
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("cancelled by")
    )

    objects: ClassVar[MailingQuerySet] = MailingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(cancelled_at=None),
                name="assises_mailing_approved_or_cancelled",
            )
        ]

    def __str__(self) -> str:
        # Pages fetch it with the subject of one of its letters.
        return getattr(self, "subject", None) or f"{self.event} ({self.count})"

    @property
    def is_undecided(self) -> bool:
        return self.approved_at is None and self.cancelled_at is None


def _of(**decided: object) -> Exists:
    return Exists(Mailing.objects.filter(pk=OuterRef("mailing"), **decided))


#: A letter of a mailing that nobody has approved does not leave, whether that waits or is cancelled.
_NOT_APPROVED = _of(approved_at=None)
_CALLED_OFF = Q(cancelled_at__isnull=False) | Q(_of(cancelled_at__isnull=False))


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    """Each letter is in one of six states (``OutgoingEmail.state``): a method for each."""

    def leaving(self) -> Self:
        """Letters that leave by themselves, now or at their next attempt."""
        return self.filter(~_NOT_APPROVED, sent_at=None, cancelled_at=None, bounced_at=None)

    def due(self, at: dt.datetime) -> Self:
        """Letters that have not left and whose next attempt has come, oldest first.

        The first attempt waits for no clock: the machine that wrote the letter may be ahead of ours.
        """
        return self.leaving().filter(Q(attempts=0) | Q(next_attempt_at__lte=at)).order_by("id")

    def held(self) -> Self:
        """Letters of a mailing that waits for approval."""
        return self.filter(
            _of(approved_at=None, cancelled_at=None), sent_at=None, cancelled_at=None, bounced_at=None
        )

    def waiting(self) -> Self:
        """Letters that leave by themselves, and were not tried yet."""
        return self.leaving().filter(attempts=0)

    def failed(self) -> Self:
        """Letters that failed at least once, and are tried again."""
        return self.leaving().filter(attempts__gt=0)

    def bounced(self) -> Self:
        """Letters that the mail server refused for good; nobody tries them again unless told to."""
        return self.filter(~Q(_CALLED_OFF), bounced_at__isnull=False)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def cancelled(self) -> Self:
        """Letters that somebody called off, alone or with their mailing."""
        return self.filter(_CALLED_OFF, sent_at=None)

    def in_state(self, state: LetterState) -> Self:
        found: Self = getattr(self, state.value)()
        return found


class OutgoingEmail(models.Model):
    """The outbox: a letter is written together with what it speaks of, and leaves after the commit."""

    key = models.CharField(_("key"), max_length=120, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=60)
    mailing = models.ForeignKey(
        Mailing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("mailing"),
    )
    to_name = models.CharField(_("name"), max_length=200, blank=True)
    to_email = models.EmailField(_("to"))
    #: Whoever answers the letter writes to this address; empty: to the one that it comes from.
    reply_to = models.EmailField(_("answers go to"), blank=True)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    created_at = models.DateTimeField(_("written at"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(cancelled_at=None), name="assises_letter_sent_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(bounced_at=None), name="assises_letter_sent_or_bounced"
            ),
        ]
        indexes = [
            models.Index(
                # The oldest is asked for, one by one: it is found at once, however many have left before.
                fields=["id"],
                condition=Q(sent_at=None, cancelled_at=None, bounced_at=None),
                name="assises_letters_in_order",
            ),
            models.Index(
                fields=["bounced_at"],
                condition=Q(bounced_at__isnull=False),
                name="assises_letters_come_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    @property
    def state(self) -> LetterState:
        """What has become of it; a list fetches ``mailing`` with its letters."""
        mailing = self.mailing
        if self.sent_at is not None:
            return LetterState.SENT
        if self.cancelled_at is not None or (mailing is not None and mailing.cancelled_at is not None):
            return LetterState.CANCELLED
        if self.bounced_at is not None:
            return LetterState.BOUNCED
        if mailing is not None and mailing.is_undecided:
            return LetterState.HELD
        return LetterState.FAILED if self.attempts else LetterState.WAITING


class Silenced(models.Model):
    """An address that does not want to be reminded, as a keyed hash: who it is, nobody can read here."""

    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("since"))

    objects: ClassVar[models.Manager["Silenced"]] = models.Manager()

    class Meta:
        verbose_name = _("address without reminders")
        verbose_name_plural = _("addresses without reminders")

    def __str__(self) -> str:
        return self.mark[:8]

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assises.enums import OwnerSide
from assises.models.edition import Edition


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def alive(self) -> Self:
        return self.filter(revoked_at=None)


class CalendarFeed(models.Model):
    """A calendar of the planning for one side or one person, behind a private address that can be revoked."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="calendar_feeds", verbose_name=_("edition")
    )
    #: Whose it is: who made it, and, for one's own calendar, whose work it shows.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("account")
    )
    #: What it shows: all that a side owes; empty, what this person and their organisation owe.
    side = models.CharField(_("side"), max_length=4, choices=OwnerSide, blank=True)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("made at"))
    last_read_at = models.DateTimeField(_("last read at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects: ClassVar[CalendarFeedQuerySet] = CalendarFeedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user", "side", "language"],
                condition=Q(revoked_at=None),
                name="assises_calendarfeed_one_alive",
                violation_error_message=_("You have this calendar already: revoke it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_side_display() or '–'}"

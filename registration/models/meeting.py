from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from program.models import Session
from registration.models.registration import Registration


class MeetingSlot(models.Model):
    """Half an hour of a room for informal meetings that somebody has taken (S-131).

    It says who has the room, never who meets whom: appointments are nobody's business here (S-130). The hour is
    that of the place, on the day of the session.
    """

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="meeting_slots", verbose_name=_("room and day")
    )
    starts_at = models.TimeField(_("starts at"))
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="meeting_slots", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken at"))

    objects: ClassVar[models.Manager["MeetingSlot"]] = models.Manager()

    class Meta:
        verbose_name = _("half-hour of a meeting room")
        verbose_name_plural = _("half-hours of meeting rooms")
        ordering = ["session", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "starts_at"],
                name="registration_meetingslot_once",
                violation_error_message=_("Somebody else has just taken this half-hour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.starts_at:%H:%M}"

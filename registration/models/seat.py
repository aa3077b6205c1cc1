from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from program.models import Session


class SeatQuerySet(models.QuerySet["Seat"]):
    def free(self) -> Self:
        """Seats that nobody holds."""
        return self.filter(choice=None)


class Seat(models.Model):
    """One of the seats of a session with limited room. A seat is a row, as a place is (S-097, D-10).

    ``capacity`` repeats the seats of the session: a foreign key on both columns follows them, and a check keeps
    ``number`` below. A visit may have fewer rows than seats: those of the Chinese side and of the organisers are
    counts, and nobody chooses them.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="seat_rows", verbose_name=_("session"))
    number = models.PositiveIntegerField(_("number"))
    capacity = models.PositiveIntegerField(editable=False)

    objects: ClassVar[SeatQuerySet] = SeatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="registration_seat_one_per_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=F("capacity")),
                name="registration_seat_within_capacity",
                violation_error_message=_("There are no seats beyond those of the session."),
            ),
            models.UniqueConstraint(fields=["id", "session"], name="registration_seat_session_key"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

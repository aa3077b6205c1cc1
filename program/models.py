from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.models import Edition


class Session(models.Model):
    """An item of the programme that somebody may attend. Times are those of the place; open ones are empty."""

    class Kind(models.TextChoices):
        CEREMONY = "ceremony", _("ceremony")
        PLENARY = "plenary", _("plenary workshop")
        PARALLEL = "parallel", _("parallel workshop")
        SEMINAR = "seminar", _("promotion seminar")
        MEAL = "meal", _("meal")
        AWARD = "award", _("award ceremony")
        CLOSING = "closing", _("closing")
        VISIT = "visit", _("field visit")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sessions", verbose_name=_("edition"))
    code = models.SlugField(_("code"))
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    choice_group = models.SlugField(
        _("choice group"), blank=True, help_text=_("A person chooses one session of a group at most.")
    )
    on_form = models.BooleanField(_("offered on the registration form"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Session"]] = models.Manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["day", "starts_at", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="program_session_one_per_code"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="program_session_starts_before_it_ends",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.UniqueConstraint(fields=["id", "choice_group"], name="program_session_group_key"),
        ]

    def __str__(self) -> str:
        return self.title

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assises.models import Edition


class Venue(models.Model):
    """A building or site where something of the Assises takes place."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="venues", verbose_name=_("edition"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=300, blank=True)
    directions = models.TextField(
        _("directions"), blank=True, help_text=_("How to get there, in words: they stand beside any map.")
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("minutes by road from the main venue"), default=0, help_text=_("0 for the main venue itself.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Venue"]] = models.Manager()

    if TYPE_CHECKING:  # the columns that modeltranslation adds
        name_fr: str
        name_zh_hans: str | None

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="program_venue_one_per_code"),
            models.UniqueConstraint(fields=["id", "edition"], name="program_venue_edition_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room, or the whole of a small site; two sessions never share one at the same time."""

    # The venue's edition, kept equal to it by a foreign key on both columns.
    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="rooms", verbose_name=_("edition"), editable=False
    )
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="rooms", verbose_name=_("venue"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True, help_text=_("people"))
    is_accessible = models.BooleanField(
        _("accessible in a wheelchair"),
        null=True,
        blank=True,
        help_text=_("Leave open what nobody has checked."),
    )
    equipment = models.CharField(_("equipment"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Room"]] = models.Manager()

    if TYPE_CHECKING:
        name_fr: str
        name_zh_hans: str | None

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["venue__order", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="program_room_one_per_code"),
            models.UniqueConstraint(fields=["id", "edition"], name="program_room_edition_key"),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(capacity__gte=1),
                name="program_room_holds_somebody",
                violation_error_message=_(
                    "A room holds at least one person; leave the capacity empty if unknown."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def full_clean(self, *args: object, **kwargs: object) -> None:
        if self.venue_id:
            self.edition_id = self.venue.edition_id
        super().full_clean(*args, **kwargs)  # type: ignore[arg-type]

    def save(self, *args: object, **kwargs: object) -> None:
        self.edition_id = self.venue.edition_id
        super().save(*args, **kwargs)  # type: ignore[arg-type]

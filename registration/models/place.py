from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.enums import OrganisationKind
from assises.models import Edition


class Category(models.Model):
    """A kind of participant with places of its own; how many is the number of its places (D-17)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="categories", verbose_name=_("edition"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    organisation_kinds = ArrayField(
        models.CharField(max_length=12, choices=OrganisationKind),
        verbose_name=_("kinds of organisation"),
        default=list,
        blank=True,
    )
    # The organisers' own places: given by hand, never by the form, never to another category.
    is_reserve = models.BooleanField(_("reserve of the organisers"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Category"]] = models.Manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="registration_category_one_per_code"),
            models.UniqueConstraint(fields=["id", "edition"], name="registration_category_edition_key"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def free(self) -> Self:
        """Places that no registration holds."""
        return self.filter(registration=None)


class Place(models.Model):
    """One of the places. A place is a row, so that the 201st of 200 cannot exist (S-067).

    ``capacity`` repeats the capacity of the edition: a foreign key on both columns follows it when it
    changes, and a check keeps ``number`` below. So neither a service nor raw SQL can add a place too many,
    or lower the capacity below a place that exists.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="places", verbose_name=_("edition"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="places", verbose_name=_("category"))
    number = models.PositiveIntegerField(_("number"))
    capacity = models.PositiveIntegerField(editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="registration_place_one_per_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=F("capacity")),
                name="registration_place_within_capacity",
                violation_error_message=_("There are no places beyond the capacity of the edition."),
            ),
            models.UniqueConstraint(fields=["id", "edition"], name="registration_place_edition_key"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

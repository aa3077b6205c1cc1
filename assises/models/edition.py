import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.enums import CreditRole


class EditionQuerySet(models.QuerySet["Edition"]):
    def current(self) -> Self:
        """The one edition that the public site speaks of, with what its pages need; none before the first."""
        return (
            self.filter(is_current=True)
            .select_related("host", "guest_of_honour")
            .prefetch_related("milestones", "themes", "credits__organisation")
        )


class Edition(models.Model):
    """One edition of the Assises. Everything that differs from one to the next is data here (S-005, S-065…)."""

    code = models.SlugField(_("code"), unique=True)
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    city = models.CharField(_("city"), max_length=80)
    slogan = models.CharField(_("slogan"), max_length=200, blank=True)
    thread = models.CharField(_("common thread"), max_length=120, blank=True)
    host = models.ForeignKey(
        "assises.Organisation", models.PROTECT, related_name="hosted_editions", verbose_name=_("host")
    )
    guest_of_honour = models.ForeignKey(
        "assises.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="honoured_in_editions",
        verbose_name=_("guest of honour"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(_("time zone of the place"), max_length=60, default="Europe/Paris")
    partner_time_zone = models.CharField(
        _("time zone of the partner"), max_length=60, default="Asia/Shanghai"
    )
    capacity_total = models.PositiveIntegerField(_("people at most in the building"))
    capacity_french = models.PositiveIntegerField(_("places for French participants"))
    capacity_chinese = models.PositiveIntegerField(_("places for Chinese participants"))
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#B3321F",
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("Write a colour as #B3321F."))],
    )
    venue_name = models.CharField(_("venue"), max_length=160, blank=True)
    venue_address = models.CharField(_("address of the venue"), max_length=300, blank=True)
    working_day_starts = models.TimeField(_("working day starts"), default=dt.time(8))
    working_day_ends = models.TimeField(_("working day ends"), default=dt.time(20))
    hold_hours = models.PositiveSmallIntegerField(
        _("hours to confirm one's address"), default=48, validators=[MinValueValidator(1)]
    )
    offer_working_hours = models.PositiveSmallIntegerField(
        _("working hours to accept an offered place"), default=72, validators=[MinValueValidator(1)]
    )
    authority_ceiling = models.PositiveSmallIntegerField(
        _("people per authority, until the ceiling ends"), null=True, blank=True
    )
    contact_email = models.EmailField(_("public e-mail address"), blank=True)
    contact_phone = models.CharField(_("public telephone"), max_length=30, blank=True)
    contact_address = models.CharField(_("public postal address"), max_length=300, blank=True)
    dpo_contact = models.CharField(_("data protection officer"), max_length=200, blank=True)
    is_current = models.BooleanField(_("the edition of the public site"), default=False)

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:  # the columns that modeltranslation adds
        name_fr: str
        name_zh_hans: str | None
        short_name_fr: str
        short_name_zh_hans: str | None
        city_fr: str
        city_zh_hans: str | None

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="assises_edition_starts_before_it_ends",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(capacity_total__gte=F("capacity_french") + F("capacity_chinese")),
                name="assises_edition_sides_fit_the_building",
                violation_error_message=_(
                    "The places of both sides together exceed the capacity of the building."
                ),
            ),
            models.CheckConstraint(
                condition=Q(working_day_starts__lt=F("working_day_ends")),
                name="assises_edition_working_day_has_hours",
                violation_error_message=_("The working day ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="assises_edition_one_is_current",
                violation_error_message=_("Another edition is on the public site already."),
            ),
            # Lets other tables refer to the capacity itself, so that no place can stand above it.
            models.UniqueConstraint(fields=["id", "capacity_french"], name="assises_edition_capacity_key"),
            # The same for its days: no session stands outside of them.
            models.UniqueConstraint(fields=["id", "starts_on", "ends_on"], name="assises_edition_days_key"),
        ]

    def __str__(self) -> str:
        return f"{self.short_name} – {self.city} {self.starts_on.year}"

    def zone_of(self, side: str) -> str:
        """The time zone in which a side works: that of the place for the side of the host, the partner's for the other."""
        return self.time_zone if side == self.host.side else self.partner_time_zone

    def day_of(self, at: dt.datetime) -> dt.date:
        """The day on the calendar of the place."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def co_organisers(self) -> "list[OrganiserCredit]":
        return [credit for credit in self.credits.all() if credit.role == CreditRole.CO_ORGANISER]

    @property
    def supporters(self) -> "list[OrganiserCredit]":
        return [credit for credit in self.credits.all() if credit.role == CreditRole.SUPPORTER]


class Theme(models.Model):
    """One of the subjects of an edition, marked by a shape and a colour (never by colour alone)."""

    class Shape(models.TextChoices):
        CIRCLE = "circle", _("circle")
        SQUARE = "square", _("square")
        TRIANGLE = "triangle", _("triangle")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="themes", verbose_name=_("edition"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)
    shape = models.CharField(_("shape"), max_length=10, choices=Shape)
    colour = models.CharField(_("colour"), max_length=7)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Theme"]] = models.Manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="assises_theme_one_per_code"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganiserCredit(models.Model):
    """A line of the organisers, in the order of protocol; it stands on the site, programmes and letters (S-084)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="credits", verbose_name=_("edition"))
    organisation = models.ForeignKey(
        "assises.Organisation", models.PROTECT, related_name="credits", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=CreditRole)
    title = models.CharField(_("title"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order of protocol"))

    objects: ClassVar[models.Manager["OrganiserCredit"]] = models.Manager()

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation"], name="assises_organisercredit_once_per_edition"
            ),
            models.UniqueConstraint(fields=["edition", "order"], name="assises_organisercredit_one_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"

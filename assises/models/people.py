import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren as siren_number

from assises.enums import OrganisationKind, PartnershipStatus, Side, Workstream
from assises.text import fold, pinyin, search_key


def validate_siren(value: str) -> None:
    """Nine digits with the right check digit, as the INSEE gives them."""
    try:
        siren_number.validate(value)
    except NumberError as error:
        raise ValidationError(
            _("%(value)s is not a SIREN: nine digits, for example 213105554."), params={"value": value}
        ) from error


#: Words that people put before the name of a body, and that do not tell one from another.
GENERIC_WORDS = frozenset(
    [
        "ville",
        "mairie",
        "commune",
        "conseil",
        "hotel",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "et",
        "en",
    ]
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def french(self) -> Self:
        return self.filter(side=Side.FRENCH)

    def chinese(self) -> Self:
        return self.filter(side=Side.CHINESE)

    def of_today(self, *, also: int | None = None) -> Self:
        """Without those that another has succeeded: they stand here for what they once signed.

        ``also`` is the key of one that stands in a form: not offered, it would be lost without a word.
        """
        return (
            self.filter(Q(successors=None) | Q(pk=also)).distinct() if also else self.filter(successors=None)
        )

    def matching(self, text: str) -> Self:
        """Organisations in whose names, aliases or SIREN every word of ``text`` occurs, accents or not."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found

    def called(self, text: str, side: str) -> "Organisation | None":
        """The organisation of a side that has exactly this name, accents and case aside; None where there is none."""
        return next((o for o in self.of_today().filter(side=side).like(text) if o.is_called(text)), None)

    def like(self, text: str) -> Self:
        """Organisations that ``text`` may mean: by SIREN, or by what is left without words such as “mairie de”."""
        digits = "".join(text.split())
        if digits.isdigit() and len(digits) == 9:
            return self.filter(siren=digits)
        words = [word for word in fold(text).split() if word not in GENERIC_WORDS and not word.isdigit()]
        if not any(len(word) > 1 or not word.isascii() for word in words):
            return self.none()
        found = self
        for word in words:
            # Only where a word begins: “essai” is not what “Bessaisans” may mean.
            found = found.filter(Q(search_key__startswith=word) | Q(search_key__contains=f" {word}"))
        return found


class Organisation(models.Model):
    """A body that takes part: a local authority of either side, an association, a State service…"""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    side = models.CharField(_("side"), max_length=2, choices=Side)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind)
    siren = models.CharField(
        _("SIREN"), max_length=9, null=True, blank=True, unique=True, validators=[validate_siren]
    )
    cog = models.CharField(_("official geographic code"), max_length=5, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("predecessor"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="territories",
        verbose_name=_("parent territory"),
    )
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("other names"), default=list, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=200, editable=False)
    # By pinyin: Chinese readers look for 北京 under B, not under Pékin.
    sort_key_zh = models.CharField(max_length=200, editable=False, default="")

    objects = OrganisationQuerySet.as_manager()

    if TYPE_CHECKING:  # the columns that modeltranslation adds
        name_fr: str
        name_zh_hans: str | None

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(siren__regex=r"^[0-9]{9}$"),
                name="assises_organisation_siren_has_nine_digits",
                violation_error_message=_("A SIREN has nine digits, for example 213105554."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) & ~Q(predecessor=F("id")),
                name="assises_organisation_is_not_its_own_parent",
                violation_error_message=_("An organisation is not its own parent or predecessor."),
            ),
            # Lets other tables ask for an organisation of one side.
            models.UniqueConstraint(fields=["id", "side"], name="assises_organisation_side_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_called(self, text: str) -> bool:
        """Whether ``text`` is one of its names (accents and case aside) or its SIREN.

        “Ville de Toulouse” is the commune of Toulouse, never the métropole.
        """
        names = {fold(name) for name in (self.name_fr, self.name_zh_hans, *self.aliases) if name}
        typed = fold(text)
        bare = " ".join(word for word in typed.split() if word not in GENERIC_WORDS)
        return (
            typed in names
            or typed.replace(" ", "") == self.siren
            or (self.kind == OrganisationKind.COMMUNE and bare in names)
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(
            self.name_fr or "", self.name_zh_hans or "", *self.aliases, self.siren or ""
        )
        self.sort_key = fold(self.name_fr or "")[:200]
        self.sort_key_zh = fold(pinyin(self.name_zh_hans or self.name_fr or ""))[:200]
        super().save(*args, **kwargs)


class Partnership(models.Model):
    """A French and a Chinese authority that work together. Sources disagree on years: then none is stated."""

    french = models.ForeignKey(
        Organisation, models.PROTECT, related_name="chinese_partnerships", verbose_name=_("French authority")
    )
    chinese = models.ForeignKey(
        Organisation, models.PROTECT, related_name="french_partnerships", verbose_name=_("Chinese authority")
    )
    start_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=PartnershipStatus, default=PartnershipStatus.ACTIVE
    )
    source_fr = models.CharField(_("French source"), max_length=300, blank=True)
    source_zh = models.CharField(_("Chinese source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["french__sort_key", "chinese__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["french", "chinese"], name="assises_partnership_one_per_pair"),
            models.CheckConstraint(
                condition=Q(start_year__isnull=True) | Q(start_year__range=(1949, 2100)),
                name="assises_partnership_year_is_plausible",
                violation_error_message=_("Write the year with four digits, from 1949 on."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.french} – {self.chinese}"

    def clean(self) -> None:
        if self.french_id and self.french.side != Side.FRENCH:
            raise ValidationError({"french": _("This authority is not French.")})
        if self.chinese_id and self.chinese.side != Side.CHINESE:
            raise ValidationError({"chinese": _("This authority is not Chinese.")})


class ContactQuerySet(models.QuerySet["Contact"]):
    def serving(self, on: dt.date) -> Self:
        """Contacts in charge on that day: they change during the preparation (S-140)."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))


class Contact(models.Model):
    """A contact point of an organisation, for organisers only: never on a public page (S-064)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contacts", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=160)
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    workstream = models.CharField(_("workstream"), max_length=10, choices=Workstream)
    valid_from = models.DateField(_("in charge from"), null=True, blank=True)
    valid_to = models.DateField(_("in charge until"), null=True, blank=True)

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["organisation__sort_key", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "workstream"], name="assises_contact_once_per_workstream"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="assises_contact_serves_forward_in_time",
                violation_error_message=_("The charge ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assises.models import Edition, Theme
from assises.models.milestone import milestone_of
from awards.braces import ENGRAVED, words_in
from awards.enums import MILESTONES, Phase

if TYPE_CHECKING:
    from awards.models.application import ApplicationQuerySet
    from awards.models.jury import JuryMemberQuerySet
    from awards.models.minutes import JuryMinutesQuerySet
    from awards.models.rules import RulesQuerySet
    from awards.models.sitting import AgendaItem, SittingQuerySet


class Call(models.Model):
    """The award of an edition. All its numbers are data (D-15), and stay once the jury has opened a file."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="award", verbose_name=_("edition"))
    name = models.CharField(pgettext_lazy("of an award", "name"), max_length=200)
    phase = models.CharField(_("phase"), max_length=13, choices=Phase, default=Phase.RULES, editable=False)
    #: S-121, S-123: what the laureates are given beside their diplomas, and what is engraved on it; words in braces
    #: (``awards.braces``) stand for what differs from prize to prize.
    trophy = models.CharField(
        _("what the laureates are given"),
        max_length=200,
        blank=True,
        help_text=_("Beside the diploma: an object typical of the Région, for instance. It is published."),
    )
    engraving = models.CharField(
        _("what is engraved on it"),
        max_length=200,
        blank=True,
        help_text=_(
            "Words in braces are filled in for each prize: {award}, {category}, {edition}, {city}, {year}; and {title} or {authority}, which tell the engraver who has won."
        ),
    )
    #: D-14: the minutes name the film among the criteria (S-120), and ask whether to have any (S-122).
    film_is_required = models.BooleanField(_("a film is compulsory"), default=False)
    one_per_partnership = models.BooleanField(_("one application per partnership"), default=True)
    jury_per_side = models.PositiveSmallIntegerField(
        _("voting members on each side"), default=3, validators=[MinValueValidator(1)]
    )
    quorum_per_side = models.PositiveSmallIntegerField(
        _("quorum: members present on each side"), default=3, validators=[MinValueValidator(1)]
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum: per cent of all members"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    votes_are_secret = models.BooleanField(_("votes are secret"), default=False)
    summary_characters = models.PositiveIntegerField(
        _("characters of a summary, at most"), default=1500, validators=[MinValueValidator(100)]
    )
    pictures = models.PositiveSmallIntegerField(_("pictures, at most"), default=6)
    picture_megabytes = models.PositiveSmallIntegerField(_("megabytes of a picture, at most"), default=10)
    film_seconds = models.PositiveSmallIntegerField(_("seconds of a film, at most"), default=180)
    film_megabytes = models.PositiveSmallIntegerField(_("megabytes of a film, at most"), default=500)
    completion_hours = models.PositiveSmallIntegerField(
        _("hours to complete an application that is not admissible"),
        default=72,
        validators=[MinValueValidator(1)],
    )
    #: When the jury opened the first file: from then on the numbers stay; a trigger keeps them so.
    first_opened_at = models.DateTimeField(_("first file opened at"), null=True, blank=True, editable=False)
    #: When the applications were dealt among the jurors; empty where everybody reads all.
    dealt_at = models.DateTimeField(_("applications dealt at"), null=True, blank=True, editable=False)
    #: How many links the chain of seals has, and the hash of the last one: a chain that was cut is seen.
    seals = models.PositiveIntegerField(default=0, editable=False)
    seal_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[models.Manager["Call"]] = models.Manager()

    if TYPE_CHECKING:
        name_fr: str
        name_zh_hans: str | None
        agenda: models.QuerySet[AgendaItem]
        applications: ApplicationQuerySet
        jury: JuryMemberQuerySet
        minutes: JuryMinutesQuerySet
        engraving_fr: str
        engraving_zh_hans: str | None
        trophy_fr: str
        trophy_zh_hans: str | None
        rules: RulesQuerySet
        sittings: SittingQuerySet

    class Meta:
        verbose_name = pgettext_lazy("of an edition", "award")
        verbose_name_plural = pgettext_lazy("of an edition", "awards")
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_per_side__gte=1, quorum_per_side__lte=models.F("jury_per_side")),
                name="awards_call_quorum_within_the_jury",
                violation_error_message=_("The quorum of a side is at most its number of members."),
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__range=(1, 100)),
                name="awards_call_quorum_is_a_percentage",
                violation_error_message=_("A share goes from 1 to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(film_seconds__range=(1, 3600), film_megabytes__range=(1, 5000)),
                name="awards_call_film_within_reason",
                violation_error_message=_(
                    "A film lasts from 1 to 3600 seconds and has from 1 to 5000 megabytes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wrong = {}
        for column in ("engraving_fr", "engraving_zh_hans"):
            unknown = [word for word in words_in(getattr(self, column) or "") if word not in ENGRAVED]
            if unknown:
                wrong[column] = gettext("Nobody knows %(unknown)s. Known are: %(known)s.") % {
                    "unknown": ", ".join(unknown),
                    "known": ", ".join(ENGRAVED),
                }
        if wrong:
            raise ValidationError(wrong)

    def date_of(self, phase: Phase) -> dt.datetime | None:
        """The earliest moment at which the phase opens; no query where the edition came with its milestones."""
        key = MILESTONES.get(phase)
        milestone = milestone_of(self.edition, key) if key else None
        return milestone.starts_at if milestone else None

    @property
    def next_phase(self) -> Phase | None:
        """The phase that opens next; None once the results are published."""
        phases = list(Phase)
        place = phases.index(Phase(self.phase)) + 1
        return phases[place] if place < len(phases) else None

    def has_reached(self, phase: Phase) -> bool:
        phases = list(Phase)
        return phases.index(Phase(self.phase)) >= phases.index(phase)


class Category(models.Model):
    """What prizes are given for: one of the themes of the edition, or a mention across all of them (S-118)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="categories", verbose_name=_("award"))
    code = models.SlugField(_("code"))
    name = models.CharField(pgettext_lazy("of a category", "name"), max_length=120)
    #: Nobody applies for a mention: the jury gives it across the themes.
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
        help_text=_("Empty: a mention across all themes. The jury gives it; nobody applies for it."),
    )
    prizes = models.PositiveSmallIntegerField(
        _("prizes"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Category"]] = models.Manager()

    if TYPE_CHECKING:
        name_fr: str
        name_zh_hans: str | None

    class Meta:
        verbose_name = pgettext_lazy("of the award", "category")
        verbose_name_plural = pgettext_lazy("of the award", "categories")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "code"],
                name="awards_category_one_per_code",
                violation_error_message=_("Another category of this award has this code."),
            ),
            models.UniqueConstraint(
                fields=["call", "theme"],
                condition=Q(theme__isnull=False),
                name="awards_category_one_per_theme",
                violation_error_message=_("This theme has a category already."),
            ),
            models.CheckConstraint(
                condition=Q(prizes__range=(1, 50)),
                name="awards_category_has_prizes",
                violation_error_message=_("A category has from 1 to 50 prizes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """What the jury marks from 1 to 5; the weights of all criteria together are 100."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria", verbose_name=_("award"))
    code = models.SlugField(_("code"))
    name = models.CharField(pgettext_lazy("of a criterion", "name"), max_length=120)
    question = models.CharField(
        _("the question that it puts"), max_length=300, help_text=_("As a juror reads it beside the marks.")
    )
    weight = models.PositiveSmallIntegerField(_("weight, of 100"))
    #: The first step of the tie-break is the mark of this one.
    breaks_ties = models.BooleanField(_("it breaks ties"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["Criterion"]] = models.Manager()

    if TYPE_CHECKING:
        name_fr: str
        name_zh_hans: str | None
        question_fr: str
        question_zh_hans: str | None

    class Meta:
        verbose_name = pgettext_lazy("of the award", "criterion")
        verbose_name_plural = pgettext_lazy("of the award", "criteria")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "code"],
                name="awards_criterion_one_per_code",
                violation_error_message=_("Another criterion of this award has this code."),
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(breaks_ties=True),
                name="awards_criterion_one_breaks_ties",
                violation_error_message=_("Another criterion breaks ties already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)),
                name="awards_criterion_weighs_1_to_100",
                violation_error_message=_("A weight goes from 1 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Anchor(models.Model):
    """What a mark from 1 to 5 means for a criterion, in words: so that jurors of both sides mean the same."""

    criterion = models.ForeignKey(
        Criterion,
        models.CASCADE,
        related_name="anchors",
        verbose_name=pgettext_lazy("of the award", "criterion"),
    )
    mark = models.PositiveSmallIntegerField(pgettext_lazy("from 1 to 5", "mark"))
    meaning = models.CharField(_("what it means"), max_length=300)

    objects: ClassVar[models.Manager["Anchor"]] = models.Manager()

    if TYPE_CHECKING:
        meaning_fr: str
        meaning_zh_hans: str | None

    class Meta:
        verbose_name = _("meaning of a mark")
        verbose_name_plural = _("meanings of the marks")
        ordering = ["mark"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "mark"],
                name="awards_anchor_one_per_mark",
                violation_error_message=_("This mark is explained already."),
            ),
            models.CheckConstraint(
                condition=Q(mark__range=(1, 5)),
                name="awards_anchor_mark_1_to_5",
                violation_error_message=_("A mark goes from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark}: {self.meaning}"

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from assises.models import Edition, Organisation, Theme
from program.enums import ContributionState, Criterion, SpeakerState
from program.models.session import Session


class ProtocolRank(models.Model):
    """A rank of the public ceremonies, in the order of precedence (décret 89-655, art. 3)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="ranks", verbose_name=_("edition"))
    code = models.SlugField(_("code"))
    title = models.CharField(_("title"), max_length=160)
    order = models.PositiveSmallIntegerField(_("order of precedence"))
    #: The inviting authority comes right after the State's representative (art. 9).
    represents_state = models.BooleanField(_("represents the State"), default=False)

    objects: ClassVar[models.Manager["ProtocolRank"]] = models.Manager()

    class Meta:
        verbose_name = _("rank of protocol")
        verbose_name_plural = _("ranks of protocol")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="program_protocolrank_one_per_code"),
        ]

    def __str__(self) -> str:
        return self.title


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def named(self) -> Self:
        """Speakers whose names may be published: they have confirmed."""
        return self.filter(state=SpeakerState.CONFIRMED)


class Speaker(models.Model):
    """Somebody who speaks, or was asked to. Until the person confirms, only the function is public."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="speakers", verbose_name=_("edition"))
    code = models.SlugField(_("code"), blank=True)
    side = models.CharField(_("side"), max_length=2, choices=Side)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(
        _("family name"), max_length=80, blank=True, help_text=_("Empty while only the function is known.")
    )
    name_zh = models.CharField(_("name in Chinese characters"), max_length=40, blank=True)
    family_name_zh_length = models.PositiveSmallIntegerField(
        _("characters of the family name"), default=1, help_text=_("1 for 王为民, 2 for 欧阳文.")
    )
    family_pinyin = models.CharField(_("family name in pinyin"), max_length=40, blank=True)
    given_pinyin = models.CharField(_("given name in pinyin"), max_length=60, blank=True)
    #: Pinyin is proposed by the software; a person says that it is right.
    pinyin_confirmed = models.BooleanField(_("pinyin confirmed by a person"), default=False)
    function = models.CharField(_("function"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="speakers",
        verbose_name=_("organisation"),
    )
    rank = models.ForeignKey(
        ProtocolRank,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="speakers",
        verbose_name=_("rank of protocol"),
    )
    rank_override = models.PositiveSmallIntegerField(
        _("place in the order, if another than the rank gives"), null=True, blank=True
    )
    rank_override_reason = models.CharField(_("why another place"), max_length=300, blank=True)
    counterpart = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counterpart of the other side"),
        help_text=_("A foreign authority is placed by courtesy next to its counterpart."),
    )
    state = models.CharField(_("state"), max_length=10, choices=SpeakerState, default=SpeakerState.ASKED)
    state_since = models.DateTimeField(_("in this state since"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Never published."))
    language = models.CharField(
        _("language of letters"), max_length=7, choices=settings.LANGUAGES, default="fr"
    )

    objects: ClassVar[SpeakerQuerySet] = SpeakerQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        function_fr: str
        function_zh_hans: str | None

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["family_name", "family_pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"], condition=~Q(code=""), name="program_speaker_one_per_code"
            ),
            models.CheckConstraint(
                condition=Q(rank_override__isnull=True) | ~Q(rank_override_reason=""),
                name="program_speaker_other_place_with_reason",
                violation_error_message=_("Say why this person has another place than the rank gives."),
            ),
            models.CheckConstraint(
                condition=Q(counterpart__isnull=True) | ~Q(counterpart=F("id")),
                name="program_speaker_is_not_own_counterpart",
                violation_error_message=_("Nobody is their own counterpart."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SpeakerState.CONFIRMED) | ~Q(family_name="") | ~Q(name_zh=""),
                name="program_speaker_confirmed_has_a_name",
                violation_error_message=_("Who has confirmed has a name: write it."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.function

    @property
    def full_name(self) -> str:
        """As one writes it in Latin letters: ``Camille Exemple``, ``Li Shili``; empty while nobody is named."""
        if self.side == Side.CHINESE:
            return f"{self.family_pinyin} {self.given_pinyin}".strip() or self.name_zh
        return f"{self.given_name} {self.family_name}".strip() or self.name_zh

    @property
    def printed_name(self) -> str:
        """As a programme prints it: a Chinese family name first and in capitals, so that nobody inverts them."""
        if self.side == Side.CHINESE and self.family_pinyin:
            return f"{self.family_pinyin.upper()} {self.given_pinyin}".strip()
        return self.full_name


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def to_answer(self) -> Self:
        """What the organisers have not answered yet."""
        return self.filter(state=ContributionState.PROPOSED)

    def retained(self) -> Self:
        return self.filter(state__in=[ContributionState.ACCEPTED, ContributionState.CONFIRMED])


class Contribution(models.Model):
    """A practice that an authority proposes to tell, judged on the four words of the minutes (S-098)."""

    # Made with the form and sent back with it: the same form sent twice is one proposal.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="contributions", verbose_name=_("edition")
    )
    state = models.CharField(
        _("state"), max_length=13, choices=ContributionState, default=ContributionState.PROPOSED
    )
    state_since = models.DateTimeField(_("in this state since"))
    submitted_at = models.DateTimeField(_("submitted at"))
    #: Counts the changes: two people with the link do not overwrite one another.
    version = models.PositiveIntegerField(default=1, editable=False)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="contributions", verbose_name=_("theme"))
    # Where the organisers put it.
    session = models.ForeignKey(
        Session,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("workshop"),
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    # How the practice meets each of the four words, told by those who propose it, in their language.
    exemplary = models.TextField(_("why it is exemplary"), max_length=600)
    existing = models.TextField(_("since when it exists"), max_length=600)
    concrete = models.TextField(_("what it has brought, concretely"), max_length=600)
    reproducible = models.TextField(_("how others can do the same"), max_length=600)
    #: Which of the words the organisers find met.
    met = ArrayField(
        models.CharField(max_length=12, choices=Criterion),
        verbose_name=_("words found to be met"),
        default=list,
        blank=True,
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    original = models.CharField(_("written in"), max_length=7, choices=settings.LANGUAGES)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("authority"),
    )
    organisation_name = models.CharField(_("name of the authority"), max_length=200)
    side = models.CharField(_("side"), max_length=2, choices=Side)
    counterpart = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counterpart of the other side"),
        help_text=_("Empty: looking for a counterpart."),
    )
    speaker = models.ForeignKey(
        Speaker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("speaker"),
    )
    # Who proposed it, and receives our letters; not published.
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of letters"), max_length=7, choices=settings.LANGUAGES)
    #: What the organisers last wrote to them: a reason, or what to change.
    message = models.TextField(_("message of the organisers"), blank=True)

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        title_fr: str
        title_zh_hans: str | None
        summary_fr: str
        summary_zh_hans: str | None

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = pgettext_lazy("programme", "contributions")
        ordering = ["-submitted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 60)),
                name="program_contribution_lasts_1_to_60_minutes",
                violation_error_message=_("A contribution lasts from 1 to 60 minutes."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ContributionState.DECLINED, ContributionState.CHANGES_ASKED])
                | ~Q(message=""),
                name="program_contribution_answered_with_reason",
                violation_error_message=_("Say why: whoever proposed it reads this."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ContributionState.CONFIRMED) | Q(speaker__isnull=False),
                name="program_contribution_confirmed_by_a_speaker",
                violation_error_message=_("It is confirmed when its speaker is known and has confirmed."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def authority(self) -> str:
        return str(self.organisation) if self.organisation else self.organisation_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.organisation_id and not self.organisation_name:
            assert self.organisation is not None
            self.organisation_name = self.organisation.name_fr
        super().save(*args, **kwargs)

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assises.enums import Side
from assises.models import Edition, Organisation
from assises.text import fold, search_key
from program.enums import SpeakerState


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

    def matching(self, text: str) -> Self:
        """Speakers in whose names, function, authority or address every word of ``text`` occurs, in either script."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found


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
    search_key = models.TextField(editable=False, default="")

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
        return self.full_name or self.function or self.function_zh_hans or ""

    def fill_search_key(self) -> None:
        """What the lists of the back office search in."""
        self.search_key = search_key(
            f"{self.given_name} {self.family_name}",
            self.name_zh,
            f"{self.family_pinyin} {self.given_pinyin}",
            self.function_fr or "",
            self.function_zh_hans or "",
            *names_of(self.organisation),
            self.email,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_search_key()
        super().save(*args, **kwargs)

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


def names_of(organisation: Organisation | None) -> list[str]:
    """Its names in both languages."""
    names = (organisation.name_fr, organisation.name_zh_hans) if organisation else ()
    return [name for name in names if name]

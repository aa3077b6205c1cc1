from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.models.call import Call


class RulesQuerySet(models.QuerySet["Rules"]):
    def in_force(self) -> Self:
        """Versions that were frozen, the latest first: that one applies."""
        return self.exclude(frozen_at=None).order_by("-version")

    def in_draft(self) -> Self:
        """The version that is being written: at most one of an award."""
        return self.filter(frozen_at=None)


class Rules(models.Model):
    """One version of the rules (*règlement*, 评选办法). A draft until it is frozen with a hash; then it stays (S-115)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rules", verbose_name=_("award"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    #: What has changed since the version before; for the first one, empty.
    reason = models.CharField(_("what has changed, and why"), max_length=300, blank=True)
    #: All that was frozen: articles, categories, criteria, marks, numbers, dates; in both languages.
    content = models.JSONField(null=True, blank=True, editable=False)
    #: SHA-256 over ``content`` in its canonical form, 64 hexadecimal digits.
    digest = models.CharField(_("hash"), max_length=64, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)

    objects: ClassVar[RulesQuerySet] = RulesQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        reason_fr: str | None
        reason_zh_hans: str | None

    class Meta:
        verbose_name = _("rules of the award")
        verbose_name_plural = _("rules of the award")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["call", "version"], name="awards_rules_one_per_version"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(frozen_at__isnull=True),
                name="awards_rules_one_draft",
                violation_error_message=_("A new version of the rules is being written already."),
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=False, content__isnull=False, digest__regex=r"^[0-9a-f]{64}$")
                | Q(frozen_at__isnull=True, content__isnull=True, digest=""),
                name="awards_rules_frozen_with_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return _("Rules, version %(version)d") % {"version": self.version}


class Article(models.Model):
    """One article of the rules, in both languages, under the same number."""

    rules = models.ForeignKey(
        Rules, models.CASCADE, related_name="articles", verbose_name=_("rules of the award")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title of the article"), max_length=160)
    text = models.TextField(
        _("text of the article"),
        help_text=_(
            "Write {closes_at} where the rules say when the call closes, {film_seconds} for the length of a film: the page of the rules lists all of these words."
        ),
    )

    objects: ClassVar[models.Manager["Article"]] = models.Manager()

    if TYPE_CHECKING:
        title_fr: str
        title_zh_hans: str | None
        text_fr: str
        text_zh_hans: str | None

    class Meta:
        verbose_name = _("article of the rules")
        verbose_name_plural = _("articles of the rules")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "number"],
                name="awards_article_one_per_number",
                violation_error_message=_("Another article has this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Agreement(models.Model):
    """That the co-president of a side agrees: to open a phase, or to a new version of the rules.

    Both agree to the same thing, or nothing happens: ``digest`` is the hash of the rules that each of them read.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="agreements", verbose_name=_("award"))
    #: A phase; empty where a new version of the rules is agreed to while the award goes on.
    phase = models.CharField(max_length=13, blank=True)
    rules = models.ForeignKey(Rules, models.CASCADE, null=True, blank=True, related_name="agreements")
    digest = models.CharField(max_length=64, blank=True)
    side = models.CharField(_("side"), max_length=2)
    member = models.ForeignKey(
        "awards.JuryMember", models.PROTECT, related_name="+", verbose_name=_("member of the jury")
    )
    at = models.DateTimeField(_("agreed at"))

    objects: ClassVar[models.Manager["Agreement"]] = models.Manager()

    class Meta:
        verbose_name = _("agreement of a co-president")
        verbose_name_plural = _("agreements of the co-presidents")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "phase", "side"],
                condition=~Q(phase=""),
                name="awards_agreement_one_per_phase_and_side",
            ),
            models.UniqueConstraint(
                fields=["rules", "side"],
                condition=Q(phase=""),
                name="awards_agreement_one_per_rules_and_side",
            ),
            models.CheckConstraint(
                condition=~Q(phase="") | Q(rules__isnull=False), name="awards_agreement_to_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.phase or self.rules}"

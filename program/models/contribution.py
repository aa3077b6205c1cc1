import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Edition, Organisation, Theme
from assises.text import fold, search_key
from program.enums import CONTRIBUTION_MOVES, RETAINED, ContributionState, Criterion, SpeakerState
from program.models.session import Session
from program.models.speaker import Speaker, names_of
from program.names import is_hanzi


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def to_answer(self) -> Self:
        """What the organisers have not answered yet."""
        return self.filter(state=ContributionState.PROPOSED)

    def retained(self) -> Self:
        return self.filter(state__in=RETAINED)

    def unconfirmed(self) -> Self:
        """What is accepted, and whose speaker has not said yes: silent so far, or declined."""
        return self.filter(state=ContributionState.ACCEPTED)

    def looking(self) -> Self:
        """What looks for a counterpart of the other side, and may still be told."""
        gone = [ContributionState.DECLINED, ContributionState.WITHDRAWN]
        return self.filter(counterpart=None).exclude(state__in=gone)

    def held(self, pk: int) -> "Contribution":
        """The contribution and its speaker as they are now, nobody else changing them until the transaction ends.

        Read anew once they are held: a join that waited would bring the speaker as it was before.
        """
        speaker = self.select_for_update(no_key=True).values_list("speaker", flat=True).get(pk=pk)
        list(Speaker.objects.select_for_update(no_key=True).filter(pk=speaker).values_list("pk"))
        related = ("speaker", "session", "organisation", "counterpart", "theme", "edition")
        return self.select_related(*related).get(pk=pk)

    def matching(self, text: str) -> Self:
        """Contributions that every word of ``text`` occurs in: title, authority, who proposes, who speaks."""
        found = self
        for word in fold(text).split():
            found = found.filter(Q(search_key__contains=word) | Q(speaker__search_key__contains=word))
        return found


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
    # The session in whose running order it stands; a trigger keeps it so.
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
    #: The speaker has said no to this one; the same person may tell another.
    speaker_declined_at = models.DateTimeField(
        _("declined by the speaker at"), null=True, blank=True, editable=False
    )
    # Who proposed it, and receives our letters; not published.
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of letters"), max_length=7, choices=settings.LANGUAGES)
    #: What the organisers last wrote to them: a reason, or what to change.
    message = models.TextField(_("message of the organisers"), blank=True)
    search_key = models.TextField(editable=False, default="")

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
            models.CheckConstraint(
                condition=Q(speaker_declined_at__isnull=True) | Q(state=ContributionState.ACCEPTED),
                name="program_contribution_declined_by_its_speaker_while_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_title

    @property
    def original_title(self) -> str:
        """The title in the language that the proposal was written in."""
        return (self.title_zh_hans if self.original == "zh-hans" else self.title_fr) or ""

    @property
    def original_summary(self) -> str:
        """The summary in the language that the proposal was written in."""
        return (self.summary_zh_hans if self.original == "zh-hans" else self.summary_fr) or ""

    @property
    def authority(self) -> str:
        return str(self.organisation) if self.organisation else self.organisation_name

    @property
    def speaker_state(self) -> SpeakerState:
        """What its speaker has answered to this contribution."""
        if self.state == ContributionState.CONFIRMED:
            return SpeakerState.CONFIRMED
        return SpeakerState.DECLINED if self.speaker_declined_at else SpeakerState.ASKED

    @property
    def is_looking(self) -> bool:
        return self.counterpart_id is None

    @property
    def proposer(self) -> str:
        """The name of whoever proposed it, in the order of the script it is written in."""
        if is_hanzi(self.family_name + self.given_name):
            return f"{self.family_name}{self.given_name}"
        return f"{self.given_name} {self.family_name}"

    def move_to(self, state: ContributionState, *, at: dt.datetime) -> None:
        """Go to another state along ``CONTRIBUTION_MOVES``; the caller saves. Refuses any other move."""
        if state not in CONTRIBUTION_MOVES[ContributionState(self.state)]:
            raise Refusal(
                _("This contribution is “%(state)s”: that is not possible any more.")
                % {"state": self.get_state_display()}
            )
        self.state, self.state_since, self.speaker_declined_at = state, at, None

    def fill_search_key(self) -> None:
        """What the lists of the back office search in."""
        self.search_key = search_key(
            self.title_fr or "",
            self.title_zh_hans or "",
            self.organisation_name,
            *names_of(self.organisation),
            *names_of(self.counterpart),
            f"{self.given_name} {self.family_name}",
            f"{self.family_name}{self.given_name}",
            self.email,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.organisation_id and not self.organisation_name:
            assert self.organisation is not None
            self.organisation_name = self.organisation.name_fr
        self.fill_search_key()
        super().save(*args, **kwargs)

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.text import fold, search_key
from awards.enums import (
    APPLICATION_MOVES,
    ARRIVED,
    WRITABLE,
    ApplicationState,
    InterestKind,
    JuryRole,
    MusicRights,
    Phase,
)
from awards.models.call import Call, Category
from awards.models.rules import Rules

if TYPE_CHECKING:
    from awards.models.admissibility import SecretaryOpinion
    from awards.models.attachment import Attachment, Film
    from awards.models.interest import Calling, InterestQuerySet
    from awards.models.jury import JuryMember
    from awards.models.pair import Editor, Partner
    from awards.models.sheet import SheetQuerySet

#: What the pair tells in its own language, and what is translated: the four last are the words of S-098.
TEXTS = {
    "title": gettext_lazy("title"),
    "summary": pgettext_lazy("of an application", "summary"),
    "exemplary": gettext_lazy("why it is exemplary"),
    "existing": gettext_lazy("since when it exists"),
    "concrete": gettext_lazy("what it has brought, concretely"),
    "reproducible": gettext_lazy("how others can do the same"),
}


class ApplicationQuerySet(models.QuerySet["Application"]):
    def arrived(self) -> Self:
        """What was submitted in time, and neither refused nor withdrawn."""
        return self.filter(state__in=ARRIVED)

    def admissible(self) -> Self:
        """What the jury judges."""
        return self.filter(state=ApplicationState.ADMISSIBLE)

    def translated(self) -> Self:
        """Those whose other language says what the original says now."""
        return self.filter(translated_from=models.F("original_digest"))

    def undecided(self) -> Self:
        """What waits for the secretaries, or for its pair to complete it."""
        return self.filter(state__in=[ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE])

    def named_to_juror(self, member: "JuryMember") -> Self:
        """Those on which this member says whether anything ties them to it: they see number, title and partners."""
        found = self.admissible().filter(call=member.call)
        if not member.has_pledged or not member.call.has_reached(Phase.CONFLICTS):
            return self.none()
        if member.role == JuryRole.SUBSTITUTE:
            return found.filter(callings__member=member)
        return found if member.votes else self.none()

    def visible_to_juror(self, member: "JuryMember") -> Self:
        """Those that this member judges: opens, marks, hears and votes. A recused member does nothing of it.

        From scoring on, once they have signed the pledge and said that nothing ties them to it; while they mark, those
        that were dealt to them, if the applications were dealt. Of a secretary: none; see ``awards.rights.may_read``.
        """
        if not member.call.has_reached(Phase.SCORING):
            return self.none()
        # One row for each member and application, whatever it says.
        free = models.Q(interests__member=member, interests__kind=InterestKind.NONE)
        found = self.named_to_juror(member).filter(free)
        if member.votes and member.call.dealt_at and member.call.phase == Phase.SCORING:
            found = found.filter(assignments__member=member)
        return found

    def held(self, pk: int) -> "Application":
        """The application as it is now, nobody else changing it until the transaction ends."""
        row = self.select_for_update(of=("self",), no_key=True)
        return row.select_related("call__edition__host", "category").get(pk=pk)

    def matching(self, text: str) -> Self:
        """Applications that every word of ``text`` occurs in: title, authorities, contacts, number."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Application(models.Model):
    """What a Franco-Chinese pair tells the jury of its project (S-115), written online (S-119)."""

    #: Made with the form: the same form sent twice is one application.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        Call, models.PROTECT, related_name="applications", verbose_name=gettext_lazy("award")
    )
    #: Given when it is first submitted, and kept: the jury speaks of “application 7”.
    number = models.PositiveIntegerField(gettext_lazy("number"), null=True, blank=True, editable=False)
    state = models.CharField(
        gettext_lazy("state"),
        max_length=12,
        choices=ApplicationState,
        default=ApplicationState.DRAFT,
        editable=False,
    )
    state_since = models.DateTimeField(gettext_lazy("in this state since"), editable=False)
    begun_at = models.DateTimeField(gettext_lazy("begun at"), editable=False)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        related_name="applications",
        verbose_name=pgettext_lazy("of the award", "category"),
    )
    original = models.CharField(gettext_lazy("written in"), max_length=7, choices=settings.LANGUAGES)
    title = models.CharField(TEXTS["title"], max_length=200, blank=True)
    summary = models.TextField(TEXTS["summary"], blank=True)
    # How the project meets each of the four words of the minutes (S-098).
    exemplary = models.TextField(TEXTS["exemplary"], blank=True)
    existing = models.TextField(TEXTS["existing"], blank=True)
    concrete = models.TextField(TEXTS["concrete"], blank=True)
    reproducible = models.TextField(TEXTS["reproducible"], blank=True)
    #: Hash of the texts as the pair wrote them.
    original_digest = models.CharField(max_length=64, editable=False)
    #: That of the original from which the other language was made; empty while there is no translation.
    translated_from = models.CharField(max_length=64, blank=True, editable=False)
    people_agree = models.BooleanField(
        gettext_lazy("those who are filmed or photographed have agreed"), default=False
    )
    music = models.CharField(gettext_lazy("music of the film"), max_length=8, choices=MusicRights, blank=True)
    rights_note = models.CharField(gettext_lazy("authors and licences"), max_length=500, blank=True)
    #: The version of the rules that the pair has accepted (article 16 of the plan).
    rules = models.ForeignKey(
        Rules,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("rules accepted"),
    )
    submitted_at = models.DateTimeField(gettext_lazy("submitted at"), null=True, blank=True, editable=False)
    #: When the call closed for it, as it was known when it was submitted: the hour of the server decides.
    deadline = models.DateTimeField(gettext_lazy("deadline"), null=True, blank=True, editable=False)
    #: Until when the pair may complete what the secretaries found missing.
    complete_until = models.DateTimeField(
        gettext_lazy("to be completed until"), null=True, blank=True, editable=False
    )
    completed_at = models.DateTimeField(gettext_lazy("completed at"), null=True, blank=True, editable=False)
    #: 1 when it was submitted, 2 when it has been completed: the secretaries look at it anew.
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    #: Both leading authorities, where a partnership may apply once only; empty where that is not asked.
    pair_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    search_key = models.TextField(editable=False, default="")

    objects: ClassVar[ApplicationQuerySet] = ApplicationQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        title_fr: str | None
        title_zh_hans: str | None
        film: Film
        attachments: models.QuerySet[Attachment]
        callings: models.QuerySet[Calling]
        interests: InterestQuerySet
        sheets: SheetQuerySet
        editors: models.QuerySet[Editor]
        opinions: models.QuerySet[SecretaryOpinion]
        partners: models.QuerySet[Partner]

    class Meta:
        verbose_name = pgettext_lazy("for the award", "application")
        verbose_name_plural = pgettext_lazy("for the award", "applications")
        ordering = [models.F("number").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="awards_application_one_per_number"),
            models.UniqueConstraint(
                fields=["call", "pair_key"],
                condition=Q(state__in=ARRIVED) & ~Q(pair_key=""),
                name="awards_application_one_per_partnership",
                violation_error_message=gettext_lazy(
                    "An application of this partnership has been submitted already: the rules allow one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | Q(
                    number__isnull=False,
                    submitted_at__isnull=False,
                    deadline__isnull=False,
                    rules__isnull=False,
                ),
                name="awards_application_submitted_with_all",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__lt=models.F("deadline")),
                name="awards_application_submitted_in_time",
                violation_error_message=gettext_lazy("The call for applications has closed."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.TO_COMPLETE) | Q(complete_until__isnull=False),
                name="awards_application_completed_until",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__lt=models.F("complete_until")),
                name="awards_application_completed_in_time",
                violation_error_message=gettext_lazy("The time to complete this application is over."),
            ),
            models.CheckConstraint(
                condition=Q(translated_from="") | Q(translated_from__regex=r"^[0-9a-f]{64}$"),
                name="awards_application_translated_from_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.original_title or _("Application without a title")

    @property
    def original_title(self) -> str:
        """The title in the language that it was written in; empty in a draft without one."""
        return self.in_language("title", self.original)

    @property
    def pair(self) -> str:
        """The authorities of the pair, the French side first."""
        return " – ".join(str(partner) for partner in self.partners.all())

    @property
    def label(self) -> str:
        """How the secretaries and the jury call it: by its number once it has one."""
        return _("Application %(number)d") % {"number": self.number} if self.number else _("Draft")

    @property
    def translation(self) -> str:
        """The language that it is to be translated into."""
        return "fr" if self.original == "zh-hans" else "zh-hans"

    def in_language(self, field: str, language: str) -> str:
        """One of ``TEXTS`` in a language, without falling back on the other one; empty where there is none."""
        return getattr(self, f"{field}_{language.replace('-', '_')}") or ""

    def write(self, language: str, texts: Mapping[str, str]) -> None:
        """Put all of ``TEXTS`` in a language; the caller saves."""
        for field in TEXTS:
            setattr(self, f"{field}_{language.replace('-', '_')}", texts[field])

    def texts_in(self, language: str) -> dict[str, str]:
        """All of ``TEXTS`` in a language, as ``in_language``."""
        return {field: self.in_language(field, language) for field in TEXTS}

    def original_texts(self) -> dict[str, str]:
        return self.texts_in(self.original)

    @property
    def is_translated(self) -> bool:
        """Whether the other language says what the original says now."""
        return self.translated_from == self.original_digest

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def has_arrived(self) -> bool:
        return self.state in ARRIVED

    def reason_of(self, side: Side) -> str:
        """Why the secretaries have decided so, as that of a side wrote it; empty where nobody has found it so.

        What both found, and not what one of them thought before; what was not completed in time, nobody found so.
        """
        decided = self.opinions.filter(side=side, round=self.round, opinion=self.state).first()
        return decided.reason if decided else ""

    def move_to(self, state: ApplicationState, *, at: dt.datetime) -> None:
        """Go to another state along ``APPLICATION_MOVES``; the caller saves. Refuses any other move."""
        if state not in APPLICATION_MOVES[ApplicationState(self.state)]:
            raise Refusal(
                _("This application is “%(state)s”: that is not possible any more.")
                % {"state": self.get_state_display()}
            )
        self.state, self.state_since = state, at

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.original_digest = hash_of(self.original_texts())
        super().save(*args, **kwargs)

    def fill_search_key(self) -> None:
        """What the lists of the back office search in; asks for partners and editors."""
        partners, editors = list(self.partners.select_related("organisation")), list(self.editors.all())
        self.search_key = search_key(
            str(self.number or ""),
            self.title_fr or "",
            self.title_zh_hans or "",
            *(name for partner in partners for name in partner.names),
            *(text for editor in editors for text in (str(editor), editor.email)),
        )

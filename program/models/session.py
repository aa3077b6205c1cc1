import datetime as dt
import secrets
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import AgreementStatus, Side
from assises.models import Edition, Organisation, Theme
from assises.models.register import RegisterRelation
from program.enums import (
    RETAINED,
    WORKSHOPS,
    Audience,
    Languages,
    PartKind,
    SessionKind,
    SpeakerState,
    Verdict,
    VisitOrigin,
)
from program.models.venue import Room

if TYPE_CHECKING:
    from program.models.speaker import Speaker

#: Pages beside those of the sessions, under the address of the programme.
TAKEN = ["contributions", "en-cours", "minuteur", "salons", "versions"]
#: The choice group of all field visits: nobody makes two of them.
VISITS = "visits"


def new_short_code() -> str:
    """Six characters that conference programs use for an item of a schedule: ``[0-9A-Z]``."""
    return "".join(secrets.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _unused in range(6))


class _Moment(Func):
    """A day and an hour together, on the clocks of the place; immutable, so that an index may hold it."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = models.DateTimeField()


class SessionQuerySet(models.QuerySet["Session"]):
    def kept(self) -> Self:
        """What the programme consists of; what was abandoned stays for organisers only."""
        return self.exclude(status=AgreementStatus.ABANDONED)

    def workshops(self) -> Self:
        return self.filter(kind__in=WORKSHOPS)


class Session(models.Model):
    """An item of the programme that somebody may attend.

    Day and hours are those of the place (``edition.time_zone``); hours that are open are empty. Only services
    change a session that exists, so that ``version`` tells two editors of one another.
    """

    Kind = SessionKind

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sessions", verbose_name=_("edition"))
    code = models.SlugField(
        _("code"), help_text=_("It stands in the address of the session’s page: keep it.")
    )
    guid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    short_code = models.CharField(max_length=6, unique=True, default=new_short_code, editable=False)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("theme")
    )
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    time_is_flexible = models.BooleanField(
        _("the hour may still move"), default=False, help_text=_("For example to receive guests (S-109).")
    )
    # The days of the edition: a foreign key on all three columns follows them, a check keeps the day within.
    first_day = models.DateField(editable=False)
    last_day = models.DateField(editable=False)
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )
    status = models.CharField(
        _("status"), max_length=14, choices=AgreementStatus, default=AgreementStatus.PROPOSED
    )
    status_reason = models.CharField(
        _("reason or remark about the status"), max_length=500, blank=True,
        help_text=_("Needed for what is abandoned: it stays visible with its reason."),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("Where the minutes say it, for example S-094.")
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.PUBLIC)
    invited_by = models.CharField(_("invited by"), max_length=200, blank=True)
    invited = models.CharField(_("for whom"), max_length=300, blank=True)
    expected = models.PositiveIntegerField(_("people expected"), null=True, blank=True)
    languages = models.CharField(
        _("languages spoken"), max_length=4, choices=Languages, default=Languages.BOTH
    )
    interpretation = models.BooleanField(_("interpretation is arranged"), default=False)
    restitution_limit = models.PositiveSmallIntegerField(
        _("limit of all reports back together, in minutes"), null=True, blank=True
    )
    seats = models.PositiveIntegerField(
        _("seats to choose from"), null=True, blank=True, help_text=_("Empty: no limit of its own.")
    )
    choice_group = models.SlugField(
        _("choice group"), blank=True,
        help_text=_("A person chooses one session of a group at most. All visits are one group."),
    )  # fmt: skip
    on_form = models.BooleanField(_("offered on the registration form"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    #: What the register says of it: what is still open, what was decided, warnings, requests.
    open_points = RegisterRelation(
        "assises.RegisterItem", "subject_id", "subject_type", related_query_name="session"
    )

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:  # the columns that modeltranslation adds
        title_fr: str
        title_zh_hans: str | None
        summary_fr: str
        summary_zh_hans: str | None
        invited_fr: str
        invited_zh_hans: str | None
        invited_by_fr: str
        invited_by_zh_hans: str | None
        status_reason_fr: str
        status_reason_zh_hans: str | None

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["day", "starts_at", "order"]
        permissions = [
            ("compose_programme", _("Can compose the programme")),
            ("translate_programme", _("Can translate the programme")),
            ("release_programme", _("Can prepare and publish releases of the programme")),
            ("approve_for_french_side", _("Can approve releases for the French side")),
            ("approve_for_chinese_side", _("Can approve releases for the Chinese side")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="program_session_one_per_code"),
            models.CheckConstraint(
                condition=~Q(code__in=TAKEN),
                name="program_session_code_leaves_pages_alone",
                violation_error_message=_(
                    "Another page of the programme has this address: choose another code."
                ),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="program_session_starts_before_it_ends",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False),
                name="program_session_end_needs_a_start",
                violation_error_message=_("Say when the session starts, or leave its end open too."),
            ),
            models.CheckConstraint(
                condition=Q(day__gte=F("first_day")) & Q(day__lte=F("last_day")),
                name="program_session_within_the_edition",
                violation_error_message=_("This day is outside the days of the edition."),
            ),
            models.CheckConstraint(
                condition=~Q(status=AgreementStatus.ABANDONED)
                | (Q(status_reason_fr__isnull=False) & ~Q(status_reason_fr="")),
                name="program_session_abandoned_with_reason",
                violation_error_message=_(
                    "Say why it is abandoned: it stays visible to organisers with its reason."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SessionKind.VISIT) | Q(choice_group=VISITS),
                name="program_session_visits_are_one_group",
                violation_error_message=_("All visits are one choice group: nobody makes two of them."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SessionKind.PARALLEL, on_form=True) | ~Q(choice_group=""),
                name="program_session_parallel_on_form_in_a_group",
                violation_error_message=_(
                    "Name the choice group of a parallel workshop that is offered: the same for all that take place at the same time, so that nobody chooses two."
                ),
            ),
            ExclusionConstraint(
                name="program_session_one_per_room_at_once",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        Func(
                            _Moment(F("day"), F("starts_at")),
                            _Moment(F("day"), F("ends_at")),
                            function="tsrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(room__isnull=False, starts_at__isnull=False, ends_at__isnull=False)
                & ~Q(status=AgreementStatus.ABANDONED),
                violation_error_message=_("Another session is in this room at that time."),
            ),
            # Let other tables repeat what they depend on, and follow it.
            models.UniqueConstraint(fields=["id", "choice_group"], name="program_session_group_key"),
            models.UniqueConstraint(fields=["id", "seats"], name="program_session_seats_key"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_workshop(self) -> bool:
        return self.kind in WORKSHOPS

    @property
    def minutes(self) -> int | None:
        """How long it lasts; None while an hour is open."""
        if self.starts_at is None or self.ends_at is None:
            return None
        starts, ends = (dt.datetime.combine(self.day, t) for t in (self.starts_at, self.ends_at))
        return int((ends - starts).total_seconds() // 60)

    def follow_edition(self) -> None:
        """Repeat the days of the edition; the database compares them with the edition's own."""
        self.first_day, self.last_day = self.edition.starts_on, self.edition.ends_on

    def follow_kind(self) -> None:
        """What the kind says already is no answer of somebody's: visits are one choice group."""
        if self.kind == SessionKind.VISIT:
            self.choice_group = VISITS

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.edition_id:
            self.follow_edition()
        self.follow_kind()
        super().full_clean(*args, **kwargs)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # Django looks at the condition of the exclusion constraint although its status is no value (FieldError).
        without = {"room"} if exclude and "status" in exclude else set()
        super().validate_constraints({*(exclude or ()), *without})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.follow_edition()
        self.follow_kind()
        super().save(*args, **kwargs)


class CoLead(models.Model):
    """One half of the pair (*binôme*) that leads a workshop: one French and one Chinese authority (S-100)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="leads", verbose_name=_("workshop"))
    side = models.CharField(_("side"), max_length=2, choices=Side)
    # Of that side: a foreign key on organisation and side sees to it.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="leads", verbose_name=_("authority")
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects: ClassVar[models.Manager["CoLead"]] = models.Manager()

    class Meta:
        verbose_name = _("leading authority")
        verbose_name_plural = _("leading authorities")
        ordering = ["-side"]  # French, then Chinese
        constraints = [
            models.UniqueConstraint(
                fields=["session", "side"],
                name="program_colead_one_per_side",
                violation_error_message=_("A workshop is led by one authority of each side."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


class SessionPart(models.Model):
    """A part of a session's running order (*déroulé*): a speech, a contribution, a report back…"""

    session = models.ForeignKey(Session, models.CASCADE, related_name="parts", verbose_name=_("session"))
    kind = models.CharField(_("kind"), max_length=12, choices=PartKind)
    title = models.CharField(_("title"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    speaker = models.ForeignKey(
        "program.Speaker",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("speaker"),
    )
    contribution = models.OneToOneField(
        "program.Contribution",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="part",
        verbose_name=_("contribution"),
    )
    workshop = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("workshop reported on"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[models.Manager["SessionPart"]] = models.Manager()

    if TYPE_CHECKING:
        title_fr: str
        title_zh_hans: str | None

    class Meta:
        verbose_name = _("part of a session")
        verbose_name_plural = _("running order")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=PartKind.REPORT) | Q(workshop__isnull=False),
                name="program_sessionpart_report_on_a_workshop",
                violation_error_message=_("A report back is about a workshop: choose it."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PartKind.CONTRIBUTION) | Q(contribution__isnull=False),
                name="program_sessionpart_contribution_is_known",
                violation_error_message=_("Choose the contribution."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.contribution or self.workshop or self.get_kind_display())

    @property
    def voice(self) -> "tuple[Speaker, SpeakerState] | None":
        """Who speaks, and what that person has answered to it; None while nobody is to, or it is not retained."""
        if self.contribution is not None and self.contribution.state not in RETAINED:
            return None
        if self.speaker is not None:
            return self.speaker, SpeakerState(self.speaker.state)
        if self.contribution is not None and self.contribution.speaker is not None:
            return self.contribution.speaker, self.contribution.speaker_state
        return None


class FieldVisit(models.Model):
    """The sheet (*fiche*) of a field visit, by which each side says whether it is kept (S-113).

    Its day, hours, seats, status and title are those of its session.
    """

    session = models.OneToOneField(
        Session, models.CASCADE, primary_key=True, related_name="visit", verbose_name=_("session")
    )
    place = models.CharField(pgettext_lazy("of a field visit", "place"), max_length=200)
    programme = models.TextField(_("what one sees there"), blank=True)
    distance_km = models.PositiveSmallIntegerField(
        _("distance in kilometres, one way"), null=True, blank=True
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("travel time in minutes, one way"), null=True, blank=True
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("time on the spot, in minutes"), null=True, blank=True
    )
    is_accessible = models.BooleanField(
        _("accessible in a wheelchair"),
        null=True,
        blank=True,
        help_text=_("Leave open what nobody has checked."),
    )
    accessibility = models.CharField(_("about access"), max_length=300, blank=True)
    identity_document = models.BooleanField(
        _("identity document needed"),
        null=True,
        blank=True,
        help_text=_("Leave open what nobody has checked."),
    )
    origin = models.CharField(
        _("proposed or requested"), max_length=9, choices=VisitOrigin, default=VisitOrigin.PROPOSED
    )
    origin_side = models.CharField(_("by which side"), max_length=2, choices=Side, default=Side.FRENCH)
    verdict_french = models.CharField(
        _("verdict of the French side"), max_length=10, choices=Verdict, blank=True
    )
    verdict_chinese = models.CharField(
        _("verdict of the Chinese side"), max_length=10, choices=Verdict, blank=True
    )
    #: None while both sides talk.
    is_kept = models.BooleanField(_("decision: the visit takes place"), null=True, blank=True)
    decision_note = models.CharField(_("about the decision"), max_length=500, blank=True)
    # How the seats of a coach are shared; the assignment keeps to it.
    seats_chinese = models.PositiveSmallIntegerField(_("of the seats, for the Chinese side"), default=0)
    seats_reserved = models.PositiveSmallIntegerField(
        _("of the seats, reserved by the organisers"), default=0
    )

    objects: ClassVar[models.Manager["FieldVisit"]] = models.Manager()

    class Meta:
        verbose_name = _("field visit sheet")
        verbose_name_plural = _("field visit sheets")
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_kept=True)
                | (Q(verdict_french=Verdict.KEPT) & Q(verdict_chinese=Verdict.KEPT)),
                name="program_fieldvisit_kept_by_both_sides",
                violation_error_message=_("A visit takes place once both sides have kept it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}"

    def clean(self) -> None:
        kept, seats = self.seats_chinese + self.seats_reserved, self.session.seats
        if seats is not None and kept > seats:
            raise ValidationError(
                {
                    "seats_chinese": _(
                        "%(kept)d seats are kept for the Chinese side and the organisers, the coach has %(seats)d."
                    )
                    % {"kept": kept, "seats": seats}
                }
            )

import datetime as dt
import secrets
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from assises.enums import OrganisationKind
from assises.exceptions import Refusal
from assises.models import Edition, Organisation
from assises.text import fold, search_key
from program.models import Session
from registration.enums import LIVE, MOVES, SEATED, Access, Honorific, Menu, Source, Status
from registration.models.place import Category, Place
from registration.models.seat import Seat


class Booking(models.Model):
    """One request of one authority: a contact person, and one to six registrations."""

    # Made with the form and sent back with it: the same form sent twice is one booking.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="bookings", verbose_name=_("edition"))
    source = models.CharField(_("source"), max_length=6, choices=Source, default=Source.FORM)
    submitted_at = models.DateTimeField(_("submitted at"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("organisation"),
    )
    organisation_name = models.CharField(_("name of the organisation"), max_length=200)
    organisation_kind = models.CharField(_("kind of organisation"), max_length=12, choices=OrganisationKind)
    # Who counts under one ceiling: the organisation's code, or the folded name of one that is not listed.
    authority_key = models.CharField(max_length=200, editable=False)
    given_name = models.CharField(_("given name of the contact person"), max_length=80)
    family_name = models.CharField(_("family name of the contact person"), max_length=80)
    email = models.EmailField(_("e-mail address of the contact person"))
    language = models.CharField(_("language of letters"), max_length=7, choices=settings.LANGUAGES)
    together = models.BooleanField(
        _("together or not at all"), default=False, help_text=_("Otherwise as many as fit.")
    )
    address_confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "edition"], name="registration_booking_edition_key"),
        ]
        indexes = [models.Index(fields=["edition", "authority_key"], name="registration_by_authority")]

    def __str__(self) -> str:
        return f"{self.organisation_name} ({self.given_name} {self.family_name})"

    @property
    def authority(self) -> str:
        """The name of the authority in the language of whoever reads it, as far as we know one."""
        return str(self.organisation) if self.organisation else self.organisation_name

    @staticmethod
    def authority_key_of(organisation: Organisation | None, name: str) -> str:
        return organisation.code if organisation else fold(name)[:200]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def seated(self) -> Self:
        """Registrations that hold a place."""
        return self.filter(status__in=SEATED)

    def live(self) -> Self:
        """Registrations that count: with a place, or waiting for one."""
        return self.filter(status__in=LIVE)

    def listed(self) -> Self:
        """All that organisers see; a duplicate is a note about another registration, not one more."""
        return self.exclude(status=Status.DUPLICATE)

    def waiting(self) -> Self:
        """The waiting list, in its order: by request, and within a request as the people were named."""
        return self.filter(status=Status.WAITING).order_by("booking_id", "id")

    def matching(self, text: str) -> Self:
        """Registrations in whose names, organisation, function or address every word occurs, in any script."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found

    def held_until_before(self, at: dt.datetime) -> Self:
        """Held or offered places whose time is over at ``at``."""
        return self.filter(status__in=[Status.HELD, Status.OFFERED], deadline__lte=at)


def new_badge_code() -> str:
    """What a badge carries: ten letters that say nothing and that nobody guesses (50 bits)."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _unused in range(10))


class Registration(models.Model):
    """One person at one edition: with a place, or in the queue for one, or no longer.

    ``status`` and ``place`` only change through ``registration.services``; the check constraint ties one to
    the other, and the unique key on ``place`` gives each place to one registration.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="registrations", verbose_name=_("edition")
    )
    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="registrations", verbose_name=_("request")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="registrations", verbose_name=_("category")
    )
    place = models.OneToOneField(
        Place, models.PROTECT, null=True, blank=True, related_name="registration", verbose_name=_("place")
    )
    status = models.CharField(_("state"), max_length=10, choices=Status)
    shown_as = models.CharField(max_length=10, choices=Status, blank=True, editable=False)
    # When a held or an offered place goes to the next person; empty in every other state.
    deadline = models.DateTimeField(_("to be confirmed until"), null=True, blank=True)
    status_since = models.DateTimeField(_("in this state since"))
    refusal_reason = models.CharField(_("reason of the refusal"), max_length=500, blank=True)
    rank_at_entry = models.PositiveIntegerField(
        _("rank when the waiting list was joined"), null=True, blank=True
    )
    is_contact = models.BooleanField(_("contact person of the request"), default=False)
    code = models.CharField(
        _("badge code"), max_length=10, unique=True, default=new_badge_code, editable=False
    )

    honorific = models.CharField(
        pgettext_lazy("before a name", "title"), max_length=2, choices=Honorific, blank=True
    )
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=40, blank=True)
    job_title = models.CharField(_("function or mandate"), max_length=160)
    job_title_zh = models.CharField(_("function in Chinese"), max_length=80, blank=True)
    is_elected = models.BooleanField(_("elected representative"), default=False)
    email = models.EmailField(_("e-mail address"))
    phone = PhoneNumberField(_("mobile telephone"), blank=True)
    language = models.CharField(_("language of letters"), max_length=7, choices=settings.LANGUAGES)
    needs_interpretation = models.BooleanField(_("needs interpretation"), default=False)
    chinese_partner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partner_registrations",
        verbose_name=_("Chinese partner"),
    )
    accepts_news = models.BooleanField(_("accepts news of the next editions"), default=False)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=200, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["sort_key", "id"]
        permissions = [
            ("view_access_needs", _("Can see access needs and menus by name")),
            ("check_in", _("Can check people in")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SEATED, place__isnull=False)
                | (~Q(status__in=SEATED) & Q(place__isnull=True)),
                name="registration_registration_place_iff_seated",
                violation_error_message=_(
                    "A place goes with a held, offered or confirmed registration, and only with one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.HELD, Status.OFFERED], deadline__isnull=False)
                | (~Q(status__in=[Status.HELD, Status.OFFERED]) & Q(deadline__isnull=True)),
                name="registration_registration_deadline_iff_awaited",
                violation_error_message=_("Only a held or an offered place has a time limit."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REFUSED) | ~Q(refusal_reason=""),
                name="registration_registration_refused_with_reason",
                violation_error_message=_("A refusal needs its reason: the person reads it."),
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.DUPLICATE) & ~Q(shown_as=""))
                | (~Q(status=Status.DUPLICATE) & Q(shown_as="")),
                name="registration_registration_shown_as_iff_duplicate",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "edition",
                condition=Q(status__in=LIVE),
                name="registration_registration_one_live_per_person",
                violation_error_message=_("This person is already registered."),
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(is_contact=True),
                name="registration_registration_one_contact_per_booking",
            ),
        ]
        indexes = [
            models.Index(
                fields=["edition", "booking", "id"],
                condition=Q(status=Status.WAITING),
                name="registration_waiting_list",
            ),
            models.Index(
                fields=["deadline"], condition=Q(deadline__isnull=False), name="registration_deadlines"
            ),
            models.Index(fields=["edition", "status"], name="registration_by_status"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def public_status(self) -> Status:
        """The state as the person's own page tells it."""
        return Status(self.shown_as or self.status)

    @property
    def public_deadline(self) -> dt.datetime | None:
        """The time limit as the person's own page tells it."""
        if self.shown_as == Status.HELD:
            return self.status_since + dt.timedelta(hours=self.edition.hold_hours)
        return self.deadline

    def prepare_keys(self) -> None:
        """Refresh what searches and lists use; every path that writes names calls it."""
        self.search_key = search_key(
            self.given_name,
            self.family_name,
            self.name_zh,
            self.email,
            self.job_title,
            self.booking.organisation_name,
            self.code,
        )
        self.sort_key = fold(f"{self.family_name} {self.given_name}")[:200]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare_keys()
        super().save(*args, **kwargs)

    def move_to(self, status: Status, *, at: dt.datetime, **changes: Any) -> None:
        """Go to another state along ``MOVES``, and write it.

        The deadline and, where the new state holds none, the place are let go. Refuses any other move.
        """
        if status not in MOVES[Status(self.status)]:
            raise Refusal(
                _("This registration is “%(state)s”: that is not possible any more.")
                % {"state": self.get_status_display()}
            )
        fields = {"deadline": None, "shown_as": "", **changes}
        if status not in SEATED:
            fields["place"] = None
        fields |= {"status": status, "status_since": at}
        for name, value in fields.items():
            setattr(self, name, value)
        super().save(update_fields=list(fields))


class SessionChoiceQuerySet(models.QuerySet["SessionChoice"]):
    def held(self) -> Self:
        """Sessions that their people attend: with a seat, or where seats are not counted."""
        return self.filter(is_waiting=False)

    def waiting(self) -> Self:
        """The waiting lists of the sessions, each in its order: who chose first comes first."""
        return self.filter(is_waiting=True).order_by("pk")


class SessionChoice(models.Model):
    """A session that somebody attends, or waits for (S-097, D-10).

    Of each choice group a person holds one session at most and waits for one at most. A trigger sees to it that
    a choice of a session with counted seats has a seat or waits, and that only who has a place has a seat.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="choices")
    session = models.ForeignKey(Session, models.CASCADE, related_name="choices")
    # The session's group, kept equal to it by a foreign key on both columns.
    choice_group = models.SlugField(blank=True, editable=False)
    # Of this very session: a foreign key on both columns.
    seat = models.OneToOneField(Seat, models.RESTRICT, null=True, blank=True, related_name="choice")
    is_waiting = models.BooleanField(_("waits for a seat"), default=False)
    rank_at_entry = models.PositiveIntegerField(
        _("rank when the waiting list was joined"), null=True, blank=True
    )
    chosen_at = models.DateTimeField(_("chosen at"))

    objects: ClassVar[SessionChoiceQuerySet] = SessionChoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("session choice")
        verbose_name_plural = _("session choices")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"], name="registration_sessionchoice_once"
            ),
            models.UniqueConstraint(
                fields=["registration", "choice_group", "is_waiting"],
                condition=~Q(choice_group=""),
                name="registration_sessionchoice_one_per_group",
                violation_error_message=_("Choose one session of this group at most."),
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(is_waiting=False),
                name="registration_sessionchoice_seat_or_waiting",
                violation_error_message=_("Who has a seat does not wait for it."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["session", "id"], condition=Q(is_waiting=True), name="registration_seats_awaited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}"


class Needs(models.Model):
    """Menus and access needs, on explicit consent, apart from the rest, erased first (RGPD art. 9.2.a)."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="needs")
    menu = models.CharField(_("menu"), max_length=16, choices=Menu, blank=True)
    allergen = models.CharField(_("allergen"), max_length=200, blank=True)
    access = ArrayField(
        models.CharField(max_length=16, choices=Access),
        verbose_name=_("access needs"),
        default=list,
        blank=True,
    )
    other = models.CharField(_("other need"), max_length=300, blank=True)
    consented_at = models.DateTimeField(_("consent given at"))

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return f"{self.get_menu_display()} {', '.join(str(Access(a).label) for a in self.access)}".strip()


def by_rank_of_status() -> Case:
    """An ordering for lists: who needs an answer first comes first."""
    order = [Status.OFFERED, Status.HELD, Status.WAITING, Status.CONFIRMED, Status.CHECKED_IN]
    return Case(*[When(status=s, then=Value(i)) for i, s in enumerate(order)], default=Value(9))

"""A request comes in: places, or ranks on the waiting list, for one to six people of one authority."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, OperationalError, transaction
from django.db.models.functions import Lower
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises import journal
from assises.constraints import is_deadlock, name_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, Organisation, User
from program.models import Session
from registration import letters
from registration.allocation import Candidate
from registration.enums import Source, Status
from registration.models import Booking, Category, Needs, Registration, SessionChoice, VisitWish
from registration.rules import Rules, rules_of
from registration.services import choosing, places, seats
from registration.services.choosing import Meanwhile, SeatsRanOut, Wanted, choose, counted

MOST_PEOPLE = 6
#: How often a request looks again after somebody else was quicker.
TRIES = 5


@dataclass(frozen=True)
class PersonDetails:
    """One person as the form, an import or the desk gives it; ``needs`` only on consent."""

    given_name: str
    family_name: str
    email: str
    job_title: str
    language: str = "fr"
    honorific: str = ""
    name_zh: str = ""
    job_title_zh: str = ""
    is_elected: bool = False
    phone: str = ""
    needs_interpretation: bool = False
    chinese_partner: Organisation | None = None
    accepts_news: bool = False
    sessions: Sequence[Session] = ()
    meanwhile: Meanwhile = field(default_factory=dict)
    #: Visits wished for, the dearest first; until the visits are assigned.
    wishes: Sequence[Session] = ()
    menu: str = ""
    allergen: str = ""
    access: Sequence[str] = ()
    other_need: str = ""
    is_contact: bool = False

    @property
    def has_needs(self) -> bool:
        return bool(self.menu or self.allergen or self.access or self.other_need)


@dataclass(frozen=True)
class BookingRequest:
    """A request for one to six people of one authority. The same ``key`` is the same request."""

    edition: Edition
    category: Category
    organisation: Organisation | None
    organisation_name: str
    organisation_kind: str
    given_name: str
    family_name: str
    email: str
    language: str
    people: Sequence[PersonDetails]
    together: bool = False
    source: Source = Source.FORM
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    by: User | None = None
    #: Staff vouch for the addresses they type: the places are confirmed at once.
    vouched: bool = False
    #: A hint: there was no place a moment ago, so a quick try is not worth its statements.
    likely_full: bool = False
    #: The same of sessions: their locks are better held alone from the start.
    likely_full_sessions: Collection[int] = ()

    @property
    def authority_key(self) -> str:
        return Booking.authority_key_of(self.organisation, self.organisation_name)

    def with_sessions_read_anew(self) -> "BookingRequest":
        """The same request with the sessions as they are now; whoever made it may have kept them for a while."""
        ids = {s.pk for p in self.people for s in (*p.sessions, *p.wishes, *p.meanwhile.values()) if s}
        now = Session.objects.in_bulk(ids)
        people = [
            replace(
                p,
                sessions=[now[s.pk] for s in p.sessions if s.pk in now],
                wishes=[now[s.pk] for s in p.wishes if s.pk in now],
                meanwhile={group: now.get(s.pk) if s else None for group, s in p.meanwhile.items()},
            )
            for p in self.people
        ]
        return replace(self, people=people)


def register(request: BookingRequest, *, at: dt.datetime) -> Booking:
    """Give everybody of the request a place, or a rank on the waiting list. Asking twice changes nothing.

    ``at`` is the moment of submission. The letters are written along. Somebody who is registered already
    gets no second place and is told so by letter only. Refuses outside the registration period (except staff
    and the desk), Chinese organisations (S-071), and more than six people.
    """
    _check(request, at)
    for tries_left in reversed(range(TRIES)):
        try:
            return _register(request, at)
        except (IntegrityError, OperationalError) as error:
            if not _lost_a_race(error) or (not tries_left and isinstance(error, OperationalError)):
                raise
            known = Booking.objects.filter(key=request.key).first()
            if known:
                return known
            if name_of(error).startswith("registration_sessionchoice"):
                request = request.with_sessions_read_anew()
    # Letters that only PostgreSQL or only Python holds for the same (İ and i): no look makes it known.
    raise Refusal(_("An address of this request is in use for another registration."))


def _lost_a_race(error: IntegrityError | OperationalError) -> bool:
    """Somebody else was quicker with the same form, place or address: look again, it is decided now.

    Two colleagues who register each other at the same instant wait for one another: PostgreSQL lets one go on.
    """
    name = name_of(error)
    return (
        name in ("registration_booking_key_key", "registration_registration_one_live_per_person")
        or "place_id" in name
        # A seat, or what is counted of a session that changed a moment ago.
        or name.startswith("registration_sessionchoice")
        or is_deadlock(error)
    )


def _check(request: BookingRequest, at: dt.datetime) -> None:
    if not 1 <= len(request.people) <= MOST_PEOPLE:
        raise Refusal(
            ngettext(
                "A request is for one to %(count)d person.",
                "A request is for one to %(count)d people. For more, send a second request.",
                MOST_PEOPLE,
            )
            % {"count": MOST_PEOPLE}
        )
    if len({person.email.lower() for person in request.people}) < len(request.people):
        raise Refusal(_("The same address is given twice. Each person needs one of their own."))
    if request.organisation is not None and request.organisation.side == Side.CHINESE:
        raise Refusal(_("Chinese delegations are registered by the APCAE, not here."))
    rules = rules_of(request.edition, at)
    if request.source == Source.FORM and rules.not_yet_open and rules.opens_at:
        raise Refusal(
            _("Registration opens on %(date)s.")
            % {"date": formats.date_format(rules.opens_at, "DATE_FORMAT")}
        )
    if request.source == Source.FORM and rules.closed and rules.closes_at:
        raise Refusal(
            _("Registration closed on %(date)s.")
            % {"date": formats.date_format(rules.closes_at, "DATE_FORMAT")}
        )
    if request.category.is_reserve and request.by is None:
        raise Refusal(_("The organisers' reserve is given by the organisers only."))


class _QueueDecides(Exception):
    """Not enough free places in sight, or somebody waits: take the lock alone and look properly."""


def _register(request: BookingRequest, at: dt.datetime) -> Booking:
    rules = rules_of(request.edition, at)
    alone = set(request.likely_full_sessions)
    while request.source != Source.DESK and not request.likely_full:
        try:
            with transaction.atomic():
                return _take(request, rules, alone)
        except SeatsRanOut as seen:
            alone |= seen.sessions
        except _QueueDecides:
            break
    with transaction.atomic():
        return _queue(request, rules)


def _take(request: BookingRequest, rules: Rules, alone: Collection[int] = ()) -> Booking:
    """The quick way: places for everybody, beside other takers. Raises ``_QueueDecides`` before writing.

    So do seats: ``SeatsRanOut`` tells the sessions that somebody will wait for, unless they are in ``alone``.
    """
    ceiling = rules.ceiling
    seats_wanted = counted(_wanted(person) for person in request.people)
    places.lock_shared(
        request.edition,
        request.authority_key if ceiling is not None else None,
        sessions=seats_wanted,
        alone=[session for session in alone if session in seats_wanted],
    )
    found = places.take_free(
        request.edition, category=request.category, count=len(request.people), rules=rules
    )
    if not found:
        raise _QueueDecides
    pool = seats.take_free(seats_wanted, rules=rules)
    addresses = [person.email.lower() for person in request.people]
    taken, somebody_known = places.seen_after_locking(request.edition, found, addresses)
    known = {r.email.lower(): r for r in _live(request)} if somebody_known else {}
    free = [place for place in found if place not in taken]
    newcomers = [i for i, p in enumerate(request.people) if p.email.lower() not in known]
    if len(free) < len(newcomers):
        raise _QueueDecides
    if ceiling is not None:
        # Also for somebody known: what the screen shows must be what a newcomer would see.
        seated = Registration.objects.seated().filter(
            edition=request.edition, booking__authority_key=request.authority_key
        )
        if seated.count() + max(len(newcomers), 1) > ceiling:
            raise _QueueDecides
    given = dict(zip(newcomers, free, strict=False))
    chosen = choose([_wanted(request.people[i]) for i in newcomers], pool, alone=alone)
    return _write(request, rules, given, known, dict(zip(newcomers, chosen, strict=True)), full=False)


def _queue(request: BookingRequest, rules: Rules) -> Booking:
    """The fair way, alone: those who wait come first, then this request; who gets no place waits."""
    places.lock_alone(request.edition)
    known = {r.email.lower(): r for r in _live(request)}
    candidates = [
        Candidate(
            key=("new", index),
            booking="new",
            category=request.category.pk,
            authority=request.authority_key,
            together=request.together,
            in_reserve=request.category.is_reserve,
        )
        for index, person in enumerate(request.people)
        if person.email.lower() not in known
    ]
    at_the_desk = request.source == Source.DESK
    allocated = places.allocate_free(
        request.edition, newcomers=[] if at_the_desk else candidates, rules=rules
    )
    given = {key[1]: place for key, place in allocated.items() if isinstance(key, tuple)}
    offered = places.offer(
        {key: place for key, place in allocated.items() if isinstance(key, int)},
        edition=request.edition,
        at=rules.at,
    )
    if offered:
        # Who is offered a place may sit from now on, and has chosen before this request.
        seats.settle(request.edition, at=rules.at)
    newcomers = [i for i, p in enumerate(request.people) if p.email.lower() not in known]
    wanted = [_wanted(request.people[i], may_sit=i in given) for i in newcomers]
    chosen = choose(wanted, seats.take_free(counted(wanted), rules=rules))
    full = len(given) < len(candidates) or not candidates
    return _write(request, rules, given, known, dict(zip(newcomers, chosen, strict=True)), full=full)


def _wanted(person: PersonDetails, *, may_sit: bool = True) -> Wanted:
    return Wanted(person.sessions, person.meanwhile, may_sit)


def _live(request: BookingRequest) -> list[Registration]:
    """Live registrations with an address of the request."""
    addresses = [person.email.lower() for person in request.people]
    found = Registration.objects.alias(address=Lower("email")).select_related("booking__organisation").live()
    return list(found.filter(edition=request.edition, address__in=addresses))


def _write(
    request: BookingRequest,
    rules: Rules,
    given: dict[int, int],
    known: dict[str, Registration],
    chosen: dict[int, list[SessionChoice]],
    *,
    full: bool,
) -> Booking:
    """Write the request with everybody in it: ``given`` and ``chosen`` go by position in the request."""
    at = rules.at
    booking = Booking.objects.create(
        key=request.key,
        edition=request.edition,
        source=request.source,
        submitted_at=at,
        organisation=request.organisation,
        organisation_name=request.organisation_name,
        organisation_kind=request.organisation_kind,
        authority_key=request.authority_key,
        given_name=request.given_name,
        family_name=request.family_name,
        email=request.email,
        language=request.language,
        together=request.together,
        address_confirmed_at=at if request.vouched else None,
    )
    ahead = None
    registrations = []
    for index, person in enumerate(request.people):
        registration = _row(booking, request, person, at)
        if person.email.lower() in known:
            # The screen needs the name; everything else is not ours to keep.
            registration.status = Status.DUPLICATE
            registration.phone = registration.name_zh = registration.job_title_zh = ""
            registration.accepts_news = registration.needs_interpretation = False
            registration.chinese_partner = None
            registration.shown_as = Status.WAITING if full else Status.HELD
        elif index in given:
            registration.place_id = given[index]
            registration.status = Status.CONFIRMED if request.vouched else Status.HELD
            if not request.vouched:
                registration.deadline = at + dt.timedelta(hours=request.edition.hold_hours)
        else:
            registration.status = Status.WAITING
        if registration.public_status == Status.WAITING:
            if ahead is None:
                ahead = places.waiting_for(request.edition, request.category, rules).count()
            # A duplicate is shown the rank that anybody would have, and takes none from the others.
            registration.rank_at_entry = ahead + 1
            ahead += registration.status == Status.WAITING
        registrations.append(registration)
    Registration.objects.bulk_create(registrations)
    choosing.write([(registrations[i], choices) for i, choices in chosen.items()], at=at)
    _write_wishes(request, registrations, at)
    journal.write(
        journal.entry(r, "registered", at=at, by=request.by, status=r.status, source=request.source)
        for r in registrations
    )
    outbox.write(_letters(request, booking, registrations, known, at), at=at)
    return booking


def _row(booking: Booking, request: BookingRequest, person: PersonDetails, at: dt.datetime) -> Registration:
    registration = Registration(
        edition=request.edition,
        booking=booking,
        category=request.category,
        status_since=at,
        is_contact=person.is_contact,
        honorific=person.honorific,
        given_name=person.given_name,
        family_name=person.family_name,
        name_zh=person.name_zh,
        job_title=person.job_title,
        job_title_zh=person.job_title_zh,
        is_elected=person.is_elected,
        email=person.email,
        phone=person.phone,
        language=person.language,
        needs_interpretation=person.needs_interpretation,
        chinese_partner=person.chinese_partner,
        accepts_news=person.accepts_news,
    )
    registration.prepare_keys()
    return registration


def _write_wishes(request: BookingRequest, registrations: Sequence[Registration], at: dt.datetime) -> None:
    """Wishes for visits, and needs; of a duplicate nothing is kept."""
    pairs = [
        (r, p) for r, p in zip(registrations, request.people, strict=True) if r.status != Status.DUPLICATE
    ]
    wishes = [wish for r, p in pairs for wish in choosing.wishes(r, p.wishes)]
    if wishes:
        VisitWish.objects.bulk_create(wishes)
    needs = [
        Needs(
            registration=r,
            menu=p.menu,
            allergen=p.allergen,
            access=list(p.access),
            other=p.other_need,
            consented_at=at,
        )
        for r, p in pairs
        if p.has_needs
    ]
    if needs:
        Needs.objects.bulk_create(needs)


def _letters(
    request: BookingRequest,
    booking: Booking,
    registrations: Sequence[Registration],
    known: dict[str, Registration],
    at: dt.datetime,
) -> list[outbox.Letter]:
    """To the contact person about all, to each colleague about him, to who was registered already about that."""
    edition = request.edition
    real = [r for r in registrations if r.status != Status.DUPLICATE]
    out = []
    others_remain = [r for r in registrations if not (r.is_contact and r.status == Status.DUPLICATE)]
    if others_remain:
        if request.vouched and any(r.status == Status.CONFIRMED for r in real):
            event = "request_confirmed"
        elif any(r.public_status == Status.HELD for r in others_remain):
            event = "confirm_address"
        else:
            event = "waiting"
        out.append(letters.to_contact(event, booking, others_remain, edition=edition))
    out += [letters.to_person("received", r, edition=edition) for r in real if not r.is_contact]
    for registration in registrations:
        if registration.status == Status.DUPLICATE:
            live = known[registration.email.lower()]
            # Once a day at most: nobody floods a mailbox by typing its address again and again.
            out.append(letters.to_person("already_registered", live, edition=edition, once=f"{at:%Y-%m-%d}"))
    return out

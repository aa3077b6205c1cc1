"""Seats of sessions and their waiting lists: the rules, one by one."""

import datetime as dt
import subprocess

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assises.enums import MilestoneKey
from assises.exceptions import Refusal
from assises.models import JournalEntry, Milestone, OutgoingEmail
from program.models import FieldVisit, Session
from program.services import abandon_session
from registration import services
from registration.calendars import calendar_file
from registration.documents import confirmation_pdf
from registration.models import Registration, Seat, SessionChoice
from registration.seat_counts import count_seats
from registration.services.session_seats import Kept, kept_back
from registration.tasks import tend_places
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, an_edition
from tests.pdf import needs_pdftotext
from tests.seat_factories import a_session, a_visit, somebody_in, stands, two_workshops

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def edition():
    return an_edition(elected=9)


def choose(registration, *sessions, meanwhile=None, at=NOW):
    return services.change(registration, details={}, sessions=sessions, meanwhile=meanwhile, at=at)


def choices_close(edition, at):
    Milestone.objects.create(
        edition=edition, key=MilestoneKey.SESSION_CHOICES_CLOSE, label_fr="Clôture", starts_at=at
    )
    return type(edition).objects.current().get(pk=edition.pk)


def seat_letters():
    return list(
        OutgoingEmail.objects.filter(event="registration/seat")
        .order_by("pk")
        .values_list("to_email", flat=True)
    )


# --- Taking and waiting -------------------------------------------------------------------


def test_seats_are_given_while_there_are_any_then_people_wait(edition):
    workshop = a_session(edition, 2)

    people = [somebody_in(edition, workshop) for _unused in range(4)]

    assert [stands(p)[workshop.code] for p in people] == ["seat", "seat", "waits", "waits"]
    assert [c.rank_at_entry for c in SessionChoice.objects.waiting()] == [1, 2]
    count = count_seats(edition)[workshop.code]
    assert (count.total, count.left, count.waiting) == (2, 0, 2)


def test_a_session_without_counted_seats_has_room_for_all(edition):
    seminar = a_session(edition)

    people = [somebody_in(edition, seminar) for _unused in range(3)]

    assert [stands(p)[seminar.code] for p in people] == ["chosen"] * 3
    assert seminar.code not in count_seats(edition)


def test_of_one_request_as_many_sit_as_fit(edition):
    workshop = a_session(edition, 1)

    booking = a_booking(edition, *[a_person(sessions=[workshop]) for _unused in range(3)])

    assert [stands(r)[workshop.code] for r in booking.registrations.order_by("pk")] == [
        "seat",
        "waits",
        "waits",
    ]


def test_who_waits_may_sit_elsewhere_meanwhile(edition):
    full, other = two_workshops(edition, 1, 5)
    somebody_in(edition, full)

    waiting = somebody_in(edition, full, meanwhile={"workshops": other})

    assert stands(waiting) == {full.code: "waits", other.code: "seat"}


def test_a_freed_seat_passes_on_and_so_does_the_seat_left_for_it(edition):
    agriculture, city = two_workshops(edition, 1, 1)
    gives_up = somebody_in(edition, agriculture)
    first = somebody_in(edition, agriculture, meanwhile={"workshops": city})
    second = somebody_in(edition, city)

    services.cancel(gives_up, at=NOW)

    assert stands(gives_up) == {}
    assert stands(first) == {agriculture.code: "seat"}
    assert stands(second) == {city.code: "seat"}
    assert seat_letters() == [first.email, second.email]
    left, new = (
        OutgoingEmail.objects.filter(event="registration/seat").order_by("pk").values_list("text", flat=True)
    )
    assert "Ville durable" in left
    assert "Agriculture" not in new
    assert JournalEntry.objects.filter(action="seated").count() == 2


def test_nobody_new_overtakes_the_list_of_a_session(edition):
    workshop = a_session(edition, 1)
    seated, first, second = [somebody_in(edition, workshop) for _unused in range(3)]

    choose(seated)
    newcomer = somebody_in(edition, workshop)

    assert [stands(p).get(workshop.code) for p in (seated, first, second, newcomer)] == [
        None, "seat", "waits", "waits",
    ]  # fmt: skip


def test_without_a_place_there_is_no_seat_and_the_rank_stays(at):
    edition = an_edition(elected=2)
    workshop = a_session(edition, 2)
    seated = somebody_in(edition, workshop)
    other = somebody_in(edition)
    without_place = somebody_in(edition, workshop)

    assert stands(without_place) == {workshop.code: "waits"}
    # The free seat is for whoever may have it; the one without a place keeps the rank.
    assert stands(choose(other, workshop)) == {workshop.code: "seat"}
    services.cancel(seated, at=at)

    without_place.refresh_from_db()
    assert without_place.status == "offered"
    assert stands(without_place) == {workshop.code: "seat"}
    # Told with the place itself, when it is accepted.
    assert seat_letters() == []


@pytest.mark.parametrize("lose", ["cancel", "refuse", "lapse"])
def test_who_loses_the_place_loses_the_seats(edition, lose):
    workshop = a_session(edition, 1)
    loser = somebody_in(edition, workshop)
    waiting = somebody_in(edition, workshop)
    services.confirm([waiting], at=NOW)

    if lose == "cancel":
        services.cancel(loser, at=NOW)
    elif lose == "refuse":
        services.refuse(loser, reason="not an authority", at=NOW, by=None)
    else:
        services.lapse_overdue(edition, at=NOW + 49 * HOUR)

    assert (stands(loser), stands(waiting)) == ({}, {workshop.code: "seat"})


def test_a_colleague_who_takes_over_keeps_seat_and_rank(edition):
    taken, full = a_session(edition, 1), a_session(edition, 0)
    registration = somebody_in(edition, taken, full)
    colleague = {
        "given_name": "Dominique", "family_name": "Modèle", "email": "dominique@example.org", "job_title": "Maire",
        "language": "fr",
    }  # fmt: skip

    services.replace(registration, person=colleague, at=NOW)

    assert stands(registration) == {taken.code: "seat", full.code: "waits"}


# --- Changing one's choice ----------------------------------------------------------------


def test_choosing_a_full_session_keeps_the_seat_one_has_until_then(edition):
    full, other = two_workshops(edition, 1, 5)
    somebody_in(edition, full)
    person = somebody_in(edition, other)

    choose(person, full)

    assert stands(person) == {full.code: "waits", other.code: "seat"}


def test_whoever_does_not_want_the_seat_meanwhile_gives_it_up(edition):
    full, other = two_workshops(edition, 1, 1)
    somebody_in(edition, full)
    person, waits = somebody_in(edition, other), somebody_in(edition, other)

    choose(person, full, meanwhile={"workshops": None})

    assert stands(person) == {full.code: "waits"}
    assert stands(waits) == {other.code: "seat"}


def test_choosing_the_same_again_keeps_rank_and_seat(edition):
    full, other = two_workshops(edition, 1, 5)
    somebody_in(edition, full)
    person = somebody_in(edition, full, meanwhile={"workshops": other})
    before = list(person.choices.order_by("pk").values("pk", "seat", "rank_at_entry"))

    choose(person, full, meanwhile={"workshops": other})

    assert list(person.choices.order_by("pk").values("pk", "seat", "rank_at_entry")) == before
    assert not OutgoingEmail.objects.filter(event="registration/changed").exists()


def test_choosing_the_seat_one_has_ends_the_waiting(edition):
    full, other = two_workshops(edition, 1, 5)
    somebody_in(edition, full)
    person = somebody_in(edition, full, meanwhile={"workshops": other})

    choose(person, other)

    assert stands(person) == {other.code: "seat"}


def test_a_free_session_is_changed_at_once_and_the_old_seat_passes_on(edition):
    one, two = two_workshops(edition, 1, 1)
    person, waits = somebody_in(edition, one), somebody_in(edition, one)

    choose(person, two)

    assert (stands(person), stands(waits)) == ({two.code: "seat"}, {one.code: "seat"})


def test_after_the_choices_have_closed_nobody_is_moved_who_has_a_seat(edition):
    closes = NOW + 24 * HOUR
    edition = choices_close(edition, closes)
    full, other = two_workshops(edition, 1, 1)
    leaves = somebody_in(edition, full)
    has_another = somebody_in(edition, full, meanwhile={"workshops": other})
    has_none = somebody_in(edition, full)

    services.cancel(leaves, at=closes)

    assert stands(has_another) == {full.code: "waits", other.code: "seat"}
    assert stands(has_none) == {full.code: "seat"}


# --- How many seats -----------------------------------------------------------------------


def test_more_seats_go_along_the_waiting_list(edition):
    workshop = a_session(edition, 1)
    people = [somebody_in(edition, workshop) for _unused in range(4)]

    services.set_seats(workshop, 3, at=NOW, by=a_member_of_staff(), reason="a larger room")

    assert [stands(p)[workshop.code] for p in people] == ["seat", "seat", "seat", "waits"]
    assert seat_letters() == [people[1].email, people[2].email]
    assert JournalEntry.objects.get(action="seats").details == {"before": 1, "after": 3}


def test_seats_fall_to_what_is_held_and_not_below(edition):
    workshop = a_session(edition, 5)
    first, *others = [somebody_in(edition, workshop) for _unused in range(3)]
    choose(first)

    services.set_seats(workshop, 2, at=NOW, by=None)
    with pytest.raises(Refusal, match=r"2 .*"):
        services.set_seats(workshop, 1, at=NOW, by=None)

    assert sorted(Seat.objects.filter(session=workshop).values_list("number", "capacity")) == [(1, 2), (2, 2)]
    assert [stands(p)[workshop.code] for p in others] == ["seat", "seat"]


def test_when_seats_begin_to_be_counted_those_who_chose_have_them(edition):
    workshop = a_session(edition)
    people = [somebody_in(edition, workshop) for _unused in range(3)]

    with pytest.raises(Refusal):
        services.set_seats(workshop, 2, at=NOW, by=None)
    services.set_seats(workshop, 4, at=NOW, by=None)

    assert [stands(p)[workshop.code] for p in people] == ["seat"] * 3
    assert seat_letters() == []
    assert count_seats(edition)[workshop.code].left == 1


def test_when_seats_are_no_longer_counted_everybody_who_waits_comes_in(edition):
    full, other = two_workshops(edition, 1, 1)
    seated = somebody_in(edition, full)
    waits = somebody_in(edition, full, meanwhile={"workshops": other})
    next_one = somebody_in(edition, other)

    services.set_seats(full, None, at=NOW, by=None)

    assert stands(seated) == {full.code: "chosen"}
    assert stands(waits) == {full.code: "chosen"}
    assert stands(next_one) == {other.code: "seat"}


def test_seats_kept_for_others_are_not_given(edition):
    visit = a_visit(edition, 10, chinese=4, reserved=3)

    assert count_seats(edition)[visit.code].total == 3
    with pytest.raises(Refusal):
        services.set_seats(visit, 6, at=NOW, by=None)


def test_the_seats_of_a_coach_are_shared_anew(edition):
    visit = a_visit(edition, 5, chinese=4, reserved=0)
    seated, first, second = [somebody_in(edition, visit) for _unused in range(3)]

    services.set_seats(visit, 5, kept=Kept(chinese=2, reserved=1), at=NOW, by=None)

    assert [stands(p)[visit.code] for p in (seated, first, second)] == ["seat", "seat", "waits"]
    assert seat_letters() == [first.email]
    assert kept_back(visit) == Kept(chinese=2, reserved=1)
    assert JournalEntry.objects.get(action="seats").details["chinese"] == 2


def test_what_people_hold_is_not_kept_for_others(edition):
    visit = a_visit(edition, 5)
    people = [somebody_in(edition, visit) for _unused in range(2)]

    services.set_seats(visit, 5, kept=Kept(chinese=3), at=NOW, by=None)
    with pytest.raises(Refusal, match=r"2 .* 4"):
        services.set_seats(visit, 5, kept=Kept(chinese=3, reserved=1), at=NOW, by=None)

    assert kept_back(visit) == Kept(chinese=3)
    assert [stands(p)[visit.code] for p in people] == ["seat", "seat"]
    assert count_seats(edition)[visit.code].total == 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda visit: FieldVisit.objects.filter(session=visit).update(seats_chinese=3),
        lambda visit: FieldVisit.objects.filter(session=visit).update(seats_reserved=3),
        lambda visit: Seat.objects.create(session=visit, number=4, capacity=5),
        lambda visit: Session.objects.filter(pk=visit.pk).update(seats=4),
    ],
)
def test_the_database_refuses_a_coach_with_more_people_than_seats(edition, wrong):
    visit = a_visit(edition, 5, chinese=2)
    wrong(visit)

    with pytest.raises(IntegrityError, match="kept are too many"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)


# --- A session that leaves the programme ----------------------------------------------------------


def dropped(session):
    session.refresh_from_db()
    abandon_session(session, reason_fr="non retenue", version=session.version, at=NOW, by=None)


def test_nobody_gives_up_a_seat_for_a_session_that_has_left_the_programme(edition):
    full, other = two_workshops(edition, 1, 1)
    seated = somebody_in(edition, full)
    waits = somebody_in(edition, full, meanwhile={"workshops": other})
    dropped(full)

    services.cancel(seated, at=NOW)

    assert stands(waits) == {full.code: "waits", other.code: "seat"}
    assert seat_letters() == []


def test_after_the_choices_have_closed_whoever_sat_in_what_was_abandoned_moves_up(edition):
    closes = NOW + 24 * HOUR
    edition = choices_close(edition, closes)
    one, two = two_workshops(edition, 5, 1)
    leaves = somebody_in(edition, two)
    person = somebody_in(edition, two, meanwhile={"workshops": one})

    services.cancel(leaves, at=closes)
    assert stands(person) == {two.code: "waits", one.code: "seat"}
    dropped(one)
    # Nobody who comes now overtakes who waits, and who waits moves up when the time for it has come.
    newcomer = somebody_in(edition, two, at=closes)
    assert stands(newcomer) == {two.code: "waits"}
    services.settle(edition, at=closes)

    assert stands(person) == {two.code: "seat"}
    assert stands(newcomer) == {two.code: "waits"}
    assert seat_letters() == [person.email]
    # What does not take place at all does not take place at the same time.
    assert one.title_fr not in OutgoingEmail.objects.get(event="registration/seat").text


def test_the_passing_of_time_lets_those_move_up_who_sat_in_what_was_abandoned(edition, monkeypatch):
    closes = NOW + 24 * HOUR
    monkeypatch.setattr(settings, "CLOCK_OFFSET", closes - timezone.now())
    edition = choices_close(edition, closes)
    one, two = two_workshops(edition, 5, 1)
    leaves = somebody_in(edition, two)
    person = somebody_in(edition, two, meanwhile={"workshops": one})
    services.cancel(leaves, at=closes)
    dropped(one)

    tend_places()

    assert stands(person) == {two.code: "seat"}


def test_rows_that_lack_are_made_once(edition):
    workshop = Session.objects.create(
        edition=edition, code="w", title_fr="W", kind="parallel", day="2018-12-12", seats=3
    )

    assert [services.ensure_seats(edition, at=NOW) for _unused in range(2)] == [3, 0]
    assert list(Seat.objects.filter(session=workshop).values_list("number", flat=True)) == [1, 2, 3]


def test_more_seats_written_by_an_editor_pass_on_too(edition):
    workshop = a_session(edition, 1)
    _seated, waits = [somebody_in(edition, workshop) for _unused in range(2)]

    Session.objects.filter(pk=workshop.pk).update(seats=2)
    services.ensure_seats(edition, at=NOW)

    assert stands(waits) == {workshop.code: "seat"}


# --- What others know of it ---------------------------------------------------------------


def test_a_session_waited_for_is_not_in_the_calendar(edition):
    seat, waits = a_session(edition, 1), a_session(edition, 0)
    registration = somebody_in(edition, seat, waits)

    told = calendar_file(registration, language="fr").decode()

    assert seat.title_fr in told
    assert waits.title_fr not in told


def test_personal_data_tell_what_is_certain(edition):
    seat, waits = a_session(edition, 1), a_session(edition, 0)
    registration = somebody_in(edition, seat, waits)

    told = services.personal_data(registration)["sessions"]

    assert [(s["session"], s["waiting"]) for s in told] == [(seat.title_fr, False), (waits.title_fr, True)]


def test_the_letter_of_confirmation_tells_seats_and_waiting_apart(edition):
    seat, waits = a_session(edition, 1), a_session(edition, 0)
    services.confirm([somebody_in(edition, seat, waits)], at=NOW)

    text = OutgoingEmail.objects.get(event="registration/confirmed").text

    before, after = text.split(waits.title_fr)[0], text.split(seat.title_fr)[1]
    assert seat.title_fr in before
    assert waits.title_fr in after


def test_a_session_that_changed_since_the_form_was_drawn_is_looked_at_anew(edition):
    kept_in_mind = a_session(edition)
    services.set_seats(Session.objects.get(pk=kept_in_mind.pk), 1, at=NOW, by=None)

    people = [somebody_in(edition, kept_in_mind) for _unused in range(2)]

    assert [stands(p)[kept_in_mind.code] for p in people] == ["seat", "waits"]


def test_seats_begin_to_count_only_with_everybody_seated_or_waiting(edition):
    workshop = a_session(edition)
    somebody_in(edition, workshop)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=workshop.pk).update(seats=10)

    assert Registration.objects.seated().count() == 1


@needs_pdftotext
def test_the_confirmation_tells_a_seat_and_waiting_apart(edition):
    seat, waits = a_session(edition, 1, title_fr="Certaine"), a_session(edition, 0, title_fr="Attente")
    registration = somebody_in(edition, seat, waits)
    services.confirm([registration], at=NOW)
    registration = Registration.objects.get(pk=registration.pk)

    pdf = confirmation_pdf(registration, language="fr")

    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    text = told.stdout.decode()
    [line] = [line for line in text.split("\n") if "Certaine" in line]
    assert "14 h" in line
    assert text.index("Certaine") < text.index("Attente")

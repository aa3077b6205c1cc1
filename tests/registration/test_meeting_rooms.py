"""The rooms for informal meetings: half-hours that are taken, given back, freed; and the board of them."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from assises.exceptions import Refusal
from assises.models import JournalEntry, OutgoingEmail
from program.services import abandon_session, move_session
from registration import links, services
from registration.meeting_rooms import board, hours_of
from registration.models import MeetingSlot, Registration
from registration.tasks import tend_places
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, an_edition, an_organisation
from tests.registration.test_query_counts import statements
from tests.seat_factories import a_meeting_room, somebody_in

pytestmark = pytest.mark.django_db
BOARD = "/fr/programme/salons/"
AT_TWO, HALF_PAST, AT_THREE = dt.time(14), dt.time(14, 30), dt.time(15)


@pytest.fixture(autouse=True)
def in_october(monkeypatch):
    monkeypatch.setattr(settings, "CLOCK_OFFSET", NOW - timezone.now())


@pytest.fixture
def edition():
    return an_edition(elected=3)


LATER = NOW + dt.timedelta(minutes=11)


def take(registration, room, hour=AT_TWO, at=NOW):
    return services.take_half_hour(registration, room, hour, at=at)


def path(registration):
    return f"{links.own_page(links.person_token(registration))}salons/"


# --- Taking -------------------------------------------------------------------------------


def test_the_half_hours_of_a_room_are_those_that_fit():
    room = a_meeting_room(an_edition(elected=1), ends_at=dt.time(15, 45))

    assert hours_of(room) == [AT_TWO, HALF_PAST, AT_THREE]


def test_a_half_hour_is_taken_once_and_given_back(edition):
    room = a_meeting_room(edition)
    one, other = somebody_in(edition), somebody_in(edition)

    assert take(one, room) == take(one, room)
    with pytest.raises(Refusal):
        take(other, room)
    services.give_half_hour_back(other, room, AT_TWO, at=NOW)
    assert MeetingSlot.objects.get().registration == one
    services.give_half_hour_back(one, room, AT_TWO, at=NOW)
    services.give_half_hour_back(one, room, AT_TWO, at=NOW)

    assert take(other, room).registration == other
    actions = JournalEntry.objects.filter(action__startswith="half-hour").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "half-hour taken", "half-hour given back", "half-hour taken",
    ]  # fmt: skip


def test_two_a_day_are_the_most(edition):
    room, next_day = a_meeting_room(edition), a_meeting_room(edition, "Salon Gers", day=dt.date(2018, 12, 13))
    person = somebody_in(edition)
    take(person, room), take(person, room, HALF_PAST)

    with pytest.raises(Refusal):
        take(person, room, AT_THREE)

    assert take(person, next_day)


@pytest.mark.parametrize("hour", [dt.time(13, 30), dt.time(16), dt.time(14, 10)])
def test_outside_the_hours_of_the_room_nothing_is_taken(edition, hour):
    with pytest.raises(Refusal):
        take(somebody_in(edition), a_meeting_room(edition), hour)


def test_what_is_over_is_not_taken(edition):
    room = a_meeting_room(edition)
    ended = dt.datetime(2018, 12, 12, 13, 30, tzinfo=dt.UTC)  # 14:30 in Toulouse

    with pytest.raises(Refusal):
        take(somebody_in(edition), room, at=ended)

    assert take(somebody_in(edition), room, at=ended - dt.timedelta(minutes=1))


def test_a_room_that_was_abandoned_or_is_no_meeting_room_is_not_taken(edition):
    person = somebody_in(edition)
    for room in (
        a_meeting_room(edition, kind="plenary"),
        a_meeting_room(edition, status="abandoned", status_reason_fr="fermé"),
        a_meeting_room(an_edition(elected=1)),
    ):
        with pytest.raises(Refusal):
            take(person, room)


def test_only_who_has_a_place_takes_a_room_and_loses_it_with_the_place():
    edition = an_edition(elected=1)
    room = a_meeting_room(edition)
    with_place, waiting = somebody_in(edition), somebody_in(edition)

    with pytest.raises(Refusal):
        take(waiting, room)
    take(with_place, room)
    services.cancel(with_place, at=NOW)

    assert not MeetingSlot.objects.exists()


def test_the_database_itself_gives_a_half_hour_once(edition):
    room = a_meeting_room(edition)
    slot = take(somebody_in(edition), room)

    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingSlot.objects.create(
            session=room, starts_at=slot.starts_at, registration=somebody_in(edition), taken_at=NOW
        )


def test_organisers_free_a_half_hour_and_a_letter_says_so(edition):
    slot = take(somebody_in(edition), a_meeting_room(edition))
    staff = a_member_of_staff()

    services.free_half_hour(slot, at=NOW, by=staff, reason="Salle fermée")

    assert not MeetingSlot.objects.exists()
    assert "Salle fermée" in OutgoingEmail.objects.get(event="registration/half_hour_freed").text
    assert JournalEntry.objects.get(action="half-hour freed").actor == staff


# --- A room that moves, or is abandoned -----------------------------------------------------


def freed():
    letters = OutgoingEmail.objects.filter(event="registration/half_hour_freed")
    return sorted(letters.values_list("to_email", flat=True))


def move(room, /, **hours):
    room.refresh_from_db()
    values = {"day": room.day, "starts_at": room.starts_at, "room": room.room, **hours}
    return move_session(room, version=room.version, at=NOW, by=None, **values)


def abandon(room, at=NOW):
    room.refresh_from_db()
    abandon_session(room, reason_fr="fermé", version=room.version, at=at, by=None)


def test_half_hours_outside_the_new_hours_of_a_room_are_freed_with_a_letter(edition):
    room = a_meeting_room(edition)
    early, late = somebody_in(edition), somebody_in(edition, language="zh-hans")
    take(early, room), take(early, room, HALF_PAST), take(late, room, AT_THREE)
    move(room, starts_at=AT_THREE)

    # At once it may have been a slip of the hand.
    assert services.free_those_outside(edition, at=NOW) == 0
    assert [services.free_those_outside(edition, at=LATER) for _unused in range(2)] == [2, 0]

    assert freed() == [early.email] * 2
    assert [s.registration for s in MeetingSlot.objects.all()] == [late]
    assert sum(day.taken for day in board(edition, at=NOW)) == 1
    assert JournalEntry.objects.filter(action="half-hour freed").count() == 2


def test_beat_frees_the_half_hours_of_a_room_that_was_abandoned(edition):
    room = a_meeting_room(edition)
    person = somebody_in(edition)
    take(person, room)
    abandon(room, at=NOW - dt.timedelta(minutes=11))

    assert tend_places()["freed"] == 1

    assert freed() == [person.email]
    assert not MeetingSlot.objects.exists()


def test_a_room_that_lost_its_place_is_named_in_the_letter_all_the_same(edition):
    room = a_meeting_room(edition, "Salon Ariège")
    take(somebody_in(edition), room)
    move(room, room=None)

    services.free_those_outside(edition, at=LATER)

    assert "Salon Ariège" in OutgoingEmail.objects.get(event="registration/half_hour_freed").text


def test_a_half_hour_that_moves_along_with_the_day_of_its_room_is_kept(edition):
    room = a_meeting_room(edition)
    take(somebody_in(edition), room)
    move(room, day=dt.date(2018, 12, 13))

    assert services.free_those_outside(edition, at=LATER) == 0
    assert MeetingSlot.objects.exists()


def test_of_what_is_over_nobody_is_told(edition):
    room = a_meeting_room(edition)
    take(somebody_in(edition), room)
    abandon(room)
    ended = dt.datetime(2018, 12, 12, 13, 30, tzinfo=dt.UTC)  # 14:30 in Toulouse

    assert services.free_those_outside(edition, at=ended) == 0
    assert services.free_those_outside(edition, at=ended - dt.timedelta(minutes=1)) == 1


def test_the_rooms_of_another_edition_are_left_alone(edition):
    other = an_edition(elected=1)
    room = a_meeting_room(other)
    take(somebody_in(other), room)
    abandon(room)

    assert services.free_those_outside(edition, at=LATER) == 0


def test_half_hours_that_are_on_no_board_do_not_count_for_the_day(edition):
    room = a_meeting_room(edition)
    person = somebody_in(edition)
    take(person, room), take(person, room, HALF_PAST)
    move(room, starts_at=AT_THREE)

    assert take(person, room, dt.time(16))


# --- The board ----------------------------------------------------------------------------


def test_the_board_names_organisations_and_no_persons(client, edition):
    room = a_meeting_room(edition)
    town = an_organisation("Rodez", name_zh_hans="罗德兹")
    person = a_booking(
        edition, a_person(given_name="Zoë", family_name="Secrète", is_contact=True), organisation=town
    ).registrations.get()
    take(person, room)

    french, chinese = client.get(BOARD).text, client.get("/zh-hans/programme/salons/").text

    assert "Rodez" in french
    assert "罗德兹" in chinese
    assert "Secrète" not in french + chinese


def test_an_empty_board_says_what_would_be_there(client, edition):
    assert client.get(BOARD).status_code == 200


def test_without_an_edition_the_board_is_a_page_too(client, db):
    assert client.get(BOARD).status_code == 200


def test_the_board_takes_as_many_statements_for_one_room_as_for_three(client):
    counts = []
    for rooms in (1, 3):
        edition = an_edition(elected=9)
        type(edition).objects.update(is_current=False)
        type(edition).objects.filter(pk=edition.pk).update(is_current=True)
        from assises import memory

        memory.forget()
        for n in range(rooms):
            take(somebody_in(edition), a_meeting_room(edition, f"Salon {n}"))
        client.get("/fr/")
        counts.append(len(statements(lambda: client.get(BOARD))))

    assert counts[0] == counts[1]


def test_rooms_open_at_different_hours_stand_side_by_side(edition):
    a_meeting_room(edition), a_meeting_room(edition, "Salon Gers", starts_at=AT_THREE)

    [day] = board(edition, at=NOW)

    assert [line.starts_at for line in day.lines] == [AT_TWO, HALF_PAST, AT_THREE, dt.time(15, 30)]
    assert [[cell is not None for cell in line.cells] for line in day.lines] == [
        [True, False], [True, False], [True, True], [True, True],
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_on_the_own_page_one_takes_and_gives_back(client, edition, language):
    a_meeting_room(edition)
    registration = somebody_in(edition)
    own = path(registration).replace("/fr/", f"/{language}/")

    page = client.get(own).text
    code = re.search(r'name="take" value="([^"]+)"', page)[1]
    client.post(own, {"take": code})
    assert MeetingSlot.objects.get().registration == registration
    assert f'name="give_back" value="{code}"' in client.get(own).text
    client.post(own, {"give_back": code})

    assert not MeetingSlot.objects.exists()


@pytest.mark.parametrize(
    "sent", ["", "x", "1-9999", "999999999-1400", "1-14:00", "\x00", "9" * 40 + "-1400", "-1-1400"]
)
@pytest.mark.parametrize("button", ["take", "give_back"])
def test_what_is_no_half_hour_is_answered_in_words(client, edition, button, sent):
    a_meeting_room(edition)

    answer = client.post(path(somebody_in(edition)), {button: sent}, follow=True)

    assert answer.status_code == 200
    assert not MeetingSlot.objects.exists()


def test_the_link_of_the_screen_takes_nothing(client, edition):
    room = a_meeting_room(edition)
    booking = somebody_in(edition).booking
    own = f"{links.own_page(links.screen_token(booking))}salons/"

    client.post(own, {"take": f"{room.pk}-1400"})

    assert not MeetingSlot.objects.exists()
    assert Registration.objects.count() == 1

"""Sessions, visits and meeting rooms in the back office."""

import io

import openpyxl
import pytest
from django.urls import reverse

from assises import accounts
from assises.models import JournalEntry
from program.services import abandon_session
from registration import services
from registration.models import MeetingSlot, Registration, VisitAssignment
from registration.seat_counts import count_seats
from tests.factories import NOW, a_booking, a_person, an_edition
from tests.registration.test_query_counts import statements
from tests.seat_factories import a_meeting_room, a_session, a_visit, somebody_in, stands

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/registration/registration/"


@pytest.fixture
def edition():
    return an_edition(elected=9)


def names(response):
    return sorted(r.email for r in response.context["cl"].result_list)


# --- Who goes where -----------------------------------------------------------------------


def test_each_number_leads_to_its_people(organiser, edition):
    workshop, visit = a_session(edition, 1), a_visit(edition, 5)
    seated, waits = somebody_in(edition, workshop), somebody_in(edition, workshop)
    wishes = a_booking(edition, a_person(is_contact=True, wishes=[visit])).registrations.get()

    page = organiser.get(reverse("admin:attendance"))

    rows = {row.session: (row.total, row.held, row.waiting, row.wishes) for row in page.context["rows"]}
    assert rows == {workshop: (1, 1, 1, 0), visit: (5, 0, 0, 1)}
    for query, person in (
        (f"{workshop.pk}", seated),
        (f"{workshop.pk}-waiting", waits),
        (f"{visit.pk}-wish", wishes),
    ):
        assert f"?session={query}" in page.text
        assert names(organiser.get(PEOPLE, {"session": query})) == [person.email]


@pytest.mark.parametrize("nasty", ["x", "-waiting", "99999999999", "0", "1-nothing", "\x00"])
def test_a_session_that_is_none_narrows_nothing_and_breaks_nothing(organiser, edition, nasty):
    somebody_in(edition)

    assert organiser.get(PEOPLE, {"session": nasty}).status_code in (200, 302)
    assert organiser.get(reverse("admin:session_seats"), {"session": nasty}, follow=True).status_code == 200


def test_the_page_of_sessions_takes_as_many_statements_for_one_as_for_three(organiser, edition):
    counts = []
    for _round in range(2):
        for _unused in range(1 if not counts else 2):
            somebody_in(edition, a_session(edition, 3))
        organiser.get(reverse("admin:attendance"))
        counts.append(len(statements(lambda: organiser.get(reverse("admin:attendance")))))

    assert counts[0] == counts[1]


def test_the_people_of_a_session_leave_as_a_file_menus_only_for_who_may(as_role, edition):
    workshop = a_session(edition, 1, title_fr="Ville durable")
    somebody_in(edition, workshop, menu="vegetarian"), somebody_in(edition, workshop)
    address = f"{reverse('admin:export_registrations')}?session={workshop.pk}"
    sent = {
        "columns": ["email", "sessions", "sessions_waiting", "menu"],
        "form": "xlsx",
        "reason": "liste de salle",
    }

    without = as_role(accounts.ORGANISERS).post(address, {**sent, "columns": sent["columns"][:3]})
    refused = as_role(accounts.ORGANISERS).post(address, sent)
    allowed = as_role(accounts.ORGANISERS, accounts.ACCESS_NEEDS).post(address, sent)

    sheet = openpyxl.load_workbook(io.BytesIO(without.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1:] for row in rows[1:]] == [("Ville durable", None)]
    assert refused.status_code == 200
    assert "spreadsheet" in allowed["Content-Type"]
    assert JournalEntry.objects.filter(action="exported").count() == 2


def test_the_page_of_a_person_tells_seats_waiting_and_wishes(organiser, edition):
    full, visit = a_session(edition, 0, title_fr="Comble"), a_visit(edition, 1, title_fr="Airbus")
    registration = a_booking(
        edition, a_person(is_contact=True, sessions=[full], wishes=[visit])
    ).registrations.get()

    page = organiser.get(f"{PEOPLE}{registration.pk}/change/").text

    assert "Comble" in page
    assert "1. Airbus" in page


# --- How many seats -----------------------------------------------------------------------


def test_seats_are_raised_with_a_reason_and_pass_on(organiser, edition):
    workshop = a_session(edition, 1)
    _seated, waits = somebody_in(edition, workshop), somebody_in(edition, workshop)
    address = f"{reverse('admin:session_seats')}?session={workshop.pk}"

    assert "reason" in organiser.post(address, {"seats": "2"}).context["form"].errors
    answer = organiser.post(address, {"seats": "2", "reason": "salle plus grande"})

    assert answer.status_code == 302
    assert stands(waits) == {workshop.code: "seat"}
    assert "salle plus grande" in organiser.get(address).text


def test_seats_below_what_is_held_are_refused_in_words_beside_the_field(organiser, edition):
    workshop = a_session(edition, 2)
    somebody_in(edition, workshop), somebody_in(edition, workshop)

    answer = organiser.post(
        f"{reverse('admin:session_seats')}?session={workshop.pk}", {"seats": "1", "reason": "x"}
    )

    assert "seats" in answer.context["form"].errors
    workshop.refresh_from_db()
    assert workshop.seats == 2


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_an_organiser_shares_the_seats_of_a_coach(as_role, edition, language):
    client = as_role(accounts.ORGANISERS, language=language)
    visit, workshop = a_visit(edition, 5, chinese=3), a_session(edition, 5)
    somebody_in(edition, visit), somebody_in(edition, visit)
    address = f"{reverse('admin:session_seats')}?session={visit.pk}"
    sent = {"seats": "5", "reason": "x", "reserved": "0"}

    too_many = client.post(address, {**sent, "chinese": "4"})
    assert "seats" in too_many.context["form"].errors
    assert 'value="4"' in too_many.text
    assert client.post(address, {**sent, "chinese": "2"}).status_code == 302

    assert count_seats(edition)[visit.code].total == 3
    assert 'name="chinese"' in client.get(address).text
    assert 'name="chinese"' not in client.get(f"{reverse('admin:session_seats')}?session={workshop.pk}").text


def test_a_session_that_has_left_the_programme_is_marked_with_those_it_leaves_without_one(organiser, edition):
    workshop = a_session(edition, 5)
    somebody_in(edition, workshop)
    abandon_session(workshop, reason_fr="non retenue", version=workshop.version, at=NOW, by=None)

    page = organiser.get(reverse("admin:attendance"))

    assert [(row.is_dropped, row.held) for row in page.context["rows"]] == [(True, 1)]
    assert "ne figure plus au programme" in page.text


# --- Visits -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_an_organiser_proposes_looks_and_applies(as_role, edition, language):
    client = as_role(accounts.ORGANISERS, language=language)
    airbus = a_visit(edition, 3, chinese=1, reserved=1, title_fr="Airbus", title_zh_hans="空中客车")
    people = [
        a_booking(edition, a_person(is_contact=True, wishes=[airbus])).registrations.get()
        for _unused in range(2)
    ]
    address = reverse("admin:visits_assignment")

    client.post(address, {"propose": "1"})
    page = client.get(address)
    [numbers] = page.context["visits"]
    assert (numbers.ours, numbers.first, numbers.given, numbers.left) == (1, 2, 1, 0)
    assert [count for _words, count in page.context["ranks"]] == [1, 0, 0, 1]
    assert [line["row"].registration for line in page.context["people"]] == people
    client.post(address, {"apply": str(VisitAssignment.objects.get().pk)})

    assert [stands(p) for p in people] == [{airbus.code: "seat"}, {}]
    assert client.get(address).context["is_applied"]


def test_an_outdated_proposal_offers_no_button(organiser, edition):
    visit = a_visit(edition, 3)
    a_booking(edition, a_person(is_contact=True, wishes=[visit]))
    address = reverse("admin:visits_assignment")
    organiser.post(address, {"propose": "1"})
    a_booking(edition, a_person(is_contact=True, wishes=[visit]))

    page = organiser.get(address)

    assert page.context["is_outdated"]
    assert 'name="apply"' not in page.text


@pytest.mark.parametrize(
    "sent", [{"apply": "x"}, {"apply": "99999999999"}, {"apply": "1"}, {}, {"propose": "1"}]
)
def test_what_cannot_be_done_is_said(organiser, edition, sent):
    answer = organiser.post(reverse("admin:visits_assignment"), sent, follow=True)

    assert answer.status_code == 200
    assert 'class="error"' in answer.text


def test_the_page_of_visits_takes_as_many_statements_for_one_person_as_for_three(organiser, edition):
    visit = a_visit(edition, 9)
    address = reverse("admin:visits_assignment")
    counts = []
    for people in (1, 2):
        for _unused in range(people):
            a_booking(edition, a_person(is_contact=True, wishes=[visit]))
        organiser.post(address, {"propose": "1"})
        organiser.get(address)
        counts.append(len(statements(lambda: organiser.get(address))))

    assert counts[0] == counts[1]


def test_only_organisers_assign_visits_change_seats_and_free_rooms(as_role, edition):
    for role in (accounts.DESK, accounts.APCAE):
        client = as_role(role)
        for name in ("attendance", "session_seats", "visits_assignment", "meeting_rooms"):
            assert client.get(reverse(f"admin:{name}")).status_code == 403, (role, name)


# --- Rooms --------------------------------------------------------------------------------


def test_an_organiser_frees_a_half_hour(organiser, edition):
    room = a_meeting_room(edition)
    slot = services.take_half_hour(somebody_in(edition), room, room.starts_at, at=NOW)
    address = reverse("admin:meeting_rooms")
    assert Registration.objects.get().family_name in organiser.get(address).text

    organiser.post(address, {"free": str(slot.pk), "reason": "fermée"})
    again = organiser.post(address, {"free": str(slot.pk)}, follow=True)

    assert not MeetingSlot.objects.exists()
    assert again.status_code == 200

"""Seats, waiting lists and wishes as people see them: the form, the own page, the pages of the programme."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import Context, Template
from django.utils import timezone, translation

from assises import memory
from assises.models import OutgoingEmail
from program.services import abandon_session
from registration import links, services
from registration.models import Registration, VisitWish
from registration.seat_counts import SeatCount, in_words
from tests.factories import NOW, a_booking, a_person, a_request, an_edition
from tests.load.crowd import FORM, answers
from tests.registration.test_query_counts import send, statements
from tests.seat_factories import a_session, a_visit, somebody_in, stands, two_workshops

pytestmark = pytest.mark.django_db
LANGUAGES = ["fr", "zh-hans"]


@pytest.fixture(autouse=True)
def in_october(monkeypatch):
    monkeypatch.setattr(settings, "CLOCK_OFFSET", NOW - timezone.now())


@pytest.fixture
def edition():
    return an_edition(elected=12)


def own(registration, language="fr"):
    with translation.override(language):
        return links.own_page(links.person_token(registration))


def change_form(client, registration, **more):
    """What a browser sends from the page of changes, with these answers instead."""
    path = f"{own(registration)}modifier/"
    page = client.get(path)
    form = page.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value not in (None, False, "", []):
            sent[bound.html_name] = value
    return client.post(path, {**sent, **more})


# --- The form -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_says_what_is_left_and_what_choosing_a_full_session_means(client, edition, language):
    full, roomy = two_workshops(edition, 1, 12)
    somebody_in(edition, full), somebody_in(edition, full)

    page = client.get(FORM.replace("fr", language)).text

    with translation.override(language):
        assert in_words(SeatCount(roomy.pk, 12, 0, 0)) in page
        assert in_words(SeatCount(full.pk, 1, 1, 1)) in page
    assert 'name="meanwhile_workshops"' in page


def test_of_where_to_sit_meanwhile_is_asked_only_when_something_is_full(client, edition):
    two_workshops(edition, 1, 12)

    assert "meanwhile_workshops" not in client.get(FORM).text


def test_who_chooses_a_full_session_waits_and_sits_elsewhere_meanwhile(client, edition):
    full, roomy = two_workshops(edition, 1, 12)
    somebody_in(edition, full)

    send(client, 1, session_workshops=full.code, meanwhile_workshops=roomy.code)

    assert stands(Registration.objects.order_by("pk").last()) == {full.code: "waits", roomy.code: "seat"}


def test_wishes_for_visits_are_asked_for_and_kept(client, edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)

    send(client, 1, wish_1=inra.code, wish_2=airbus.code)

    assert list(VisitWish.objects.values_list("session", "rank")) == [(inra.pk, 1), (airbus.pk, 2)]


def test_a_gap_between_wishes_is_no_fault(client, edition):
    airbus, _inra = a_visit(edition, 1), a_visit(edition, 1)

    send(client, 1, wish_2=airbus.code)

    assert list(VisitWish.objects.values_list("session", "rank")) == [(airbus.pk, 1)]


def test_a_visit_named_twice_is_told_beside_the_field_and_nothing_is_lost(client, edition):
    airbus, _inra = a_visit(edition, 1), a_visit(edition, 1)
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(FORM).text)[1]

    answer = client.post(FORM, {**answers(1), "form_key": key, "wish_1": airbus.code, "wish_2": airbus.code})

    assert answer.status_code == 200
    assert "wish_2" in answer.context["form"].errors
    assert f'value="{airbus.code}" selected' in answer.text


@pytest.mark.parametrize("nasty", ["\x00", "no-such-session", "9" * 400, "<b>"])
@pytest.mark.parametrize("field", ["session_workshops", "meanwhile_workshops", "wish_1"])
def test_forged_choices_are_answered_in_words(client, edition, field, nasty):
    full, _roomy = two_workshops(edition, 1, 12)
    somebody_in(edition, full)
    a_visit(edition, 1)
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(FORM).text)[1]

    answer = client.post(FORM, {**answers(1), "form_key": key, field: nasty})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_once_the_visits_are_assigned_the_form_offers_them_as_sessions(client, edition):
    visit = a_visit(edition, 5)
    a_booking(edition, a_person(is_contact=True, wishes=[visit]))
    services.apply_visits(services.propose_visits(edition, at=NOW, by=None), at=NOW, by=None)
    memory.forget()

    page = client.get(FORM).text

    assert 'name="wish_1"' not in page
    assert 'name="session_visits"' in page


# --- The own page -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_own_page_tells_rank_and_movement(client, edition, language):
    workshop = a_session(edition, 1)
    people = [somebody_in(edition, workshop) for _unused in range(4)]
    services.change(people[1], details={}, sessions=[], at=NOW)

    page = client.get(own(people[3], language))

    [standing] = page.context["own"].standings
    assert (standing.rank, standing.rank_at_entry, standing.moved_up) == (2, 3, 1)
    assert f'data-assises-session="{workshop.code}"' in page.text
    assert 'class="state state-waiting"' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_own_page_tells_wishes_and_then_why(client, edition, language):
    visit = a_visit(edition, 0, title_fr="Airbus", title_zh_hans="空中客车")
    registration = a_booking(edition, a_person(is_contact=True, wishes=[visit])).registrations.get()

    before = client.get(own(registration, language)).context["own"]
    services.apply_visits(services.propose_visits(edition, at=NOW, by=None), at=NOW, by=None)
    after = client.get(own(registration, language))

    assert [w.session for w in before.wishes] == [visit]
    assert (before.visit, after.context["own"].wishes) == ("", [])
    assert {"fr": "Airbus", "zh-hans": "空中客车"}[language] in after.context["own"].visit
    assert after.context["own"].visit.split(" ")[0] in after.text


def test_the_page_of_changes_keeps_seat_and_rank_when_something_else_changes(client, edition):
    full, roomy = two_workshops(edition, 1, 12)
    somebody_in(edition, full)
    registration = somebody_in(edition, full, meanwhile={"workshops": roomy})

    change_form(client, registration, job_title="Maire")

    registration.refresh_from_db()
    assert registration.job_title == "Maire"
    assert stands(registration) == {full.code: "waits", roomy.code: "seat"}


def test_on_the_page_of_changes_one_joins_the_list_of_a_full_session_and_leaves_it(client, edition):
    full, roomy = two_workshops(edition, 1, 12)
    somebody_in(edition, full)
    registration = somebody_in(edition, roomy)

    change_form(client, registration, session_workshops=full.code)
    assert stands(registration) == {full.code: "waits", roomy.code: "seat"}
    change_form(client, registration, session_workshops=roomy.code)

    assert stands(registration) == {roomy.code: "seat"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_own_page_tells_of_a_session_that_has_left_the_programme(client, edition, language):
    dropped, other = two_workshops(edition, 2, 2)
    registration = somebody_in(edition, dropped)
    abandon_session(dropped, reason_fr="non retenue", version=dropped.version, at=NOW, by=None)

    page = client.get(own(registration, language))

    told = {"fr": "ne figure plus au programme", "zh-hans": "已不在日程中"}[language]
    assert told in page.text
    assert change_form(client, registration, session_workshops=other.code).status_code == 302
    assert stands(registration) == {other.code: "seat"}


def test_wishes_are_changed_on_the_page_of_changes(client, edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)
    registration = a_booking(edition, a_person(is_contact=True, wishes=[airbus])).registrations.get()

    change_form(client, registration, wish_1=inra.code, wish_2=airbus.code)

    assert [w.session for w in registration.wishes.order_by("rank")] == [inra, airbus]


def test_the_screen_after_the_form_tells_nobody_of_sessions(client, edition):
    """It shows to whoever typed an address what it shows to anybody, known or not."""
    workshop = a_session(edition, 1)
    registration = somebody_in(edition, workshop)

    page = client.get(links.own_page(links.screen_token(registration.booking)))

    assert page.context["own"] is None


def test_the_letter_says_which_seat_is_given_up(edition):
    full, other = two_workshops(edition, 1, 1)
    leaves = somebody_in(edition, full)
    waits = somebody_in(edition, full, meanwhile={"workshops": other}, language="zh-hans")

    services.cancel(leaves, at=NOW)

    letter = OutgoingEmail.objects.get(event="registration/seat")
    assert (letter.to_email, letter.language) == (waits.email, "zh-hans")
    assert full.title_zh_hans in letter.subject
    assert other.title_zh_hans in letter.text


# --- Statements ---------------------------------------------------------------------------


def test_with_seats_and_wishes_a_registration_takes_at_most_twelve_statements(client, edition):
    one, _two = two_workshops(edition, 9, 9)
    seminar, visit = a_session(edition, 9), a_visit(edition, 9)
    client.get(FORM)
    path = []

    asked = statements(
        lambda: path.append(
            send(client, 1, sessions=seminar.code, session_workshops=one.code, wish_1=visit.code)
        )
    )
    page = statements(lambda: client.get(path[0]))

    assert len(asked) + len(page) <= 12, asked


def test_joining_the_list_of_a_full_session_takes_one_statement_more(client, edition):
    full, other = two_workshops(edition, 1, 9)
    client.get(FORM)
    with_seat = statements(lambda: send(client, 1, session_workshops=full.code))
    memory.forget(), cache.clear()
    client.get(FORM)
    waiting = statements(lambda: send(client, 2, session_workshops=full.code, meanwhile_workshops=other.code))

    assert stands(Registration.objects.order_by("pk").last()) == {full.code: "waits", other.code: "seat"}
    assert len(waiting) == len(with_seat) + 1, waiting


def test_seats_of_many_people_take_as_many_statements_as_of_one(edition):
    one, two = two_workshops(edition, 12, 12)
    edition = type(edition).objects.current().get()  # with its milestones and credits, as pages have it
    requests = [
        a_request(edition, *[a_person(is_contact=i == 0, sessions=[(one, two)[i % 2]]) for i in range(n)])
        for n in (2, 5)
    ]

    counts = [len(statements(lambda r=r: services.register(r, at=NOW))) for r in requests]

    assert counts[0] == counts[1]


def test_the_own_page_takes_as_many_statements_for_one_session_as_for_three(client, edition):
    sessions = [a_session(edition, 0) for _unused in range(3)]
    one, three = somebody_in(edition, sessions[0]), somebody_in(edition, *sessions)
    client.get(FORM)

    counts = [len(statements(lambda r=r: client.get(own(r)))) for r in (one, three)]

    assert counts[0] == counts[1]


# --- The pages of the programme -----------------------------------------------------------

TAG = Template(
    "{% load seats %}{% for code in codes %}{% seats_left code as seats %}"
    "{% if seats %}{{ seats.left }}/{{ seats.total }}/{{ seats.waiting }}{% else %}-{% endif %} {% endfor %}"
)


def test_the_tag_tells_left_total_and_waiting_and_reads_all_sessions_at_once(edition):
    full, free = a_session(edition, 1), a_session(edition, 5)
    uncounted = a_session(edition)
    somebody_in(edition, full), somebody_in(edition, full, uncounted)
    codes = [full.code, free.code, uncounted.code, "no-such-session"]
    shown = []

    asked = statements(lambda: shown.append(TAG.render(Context({"codes": codes}))))
    again = statements(lambda: TAG.render(Context({"codes": codes})))

    assert shown == ["0/1/1 5/5/0 - - "]
    assert len([q for q in asked if "registration_seat" in q]) == 1
    assert again == []


def test_without_an_edition_the_tag_tells_nothing(db):
    assert TAG.render(Context({"codes": ["x"]})) == "- "

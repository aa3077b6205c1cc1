"""Seats of sessions, visits and meeting rooms, in a browser: choose when it is full, wait, have the seat."""

import re

import pytest
from playwright.sync_api import expect

from assises.models import OutgoingEmail
from registration import links, services
from registration.models import MeetingSlot, Registration
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, an_edition
from tests.journeys.conftest import link_in, log_in, state
from tests.journeys.test_registration import WORDS, fill, submit
from tests.seat_factories import a_meeting_room, a_visit, somebody_in, stands, two_workshops


@pytest.fixture
def edition(transactional_db):
    return an_edition(elected=20)


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("zh-hans", 320)])
def test_choose_a_workshop_when_it_is_full_wait_and_have_the_seat(
    open_page, axe, picture, edition, language, width
):
    agriculture, city = two_workshops(edition, 5, 1)
    a_visit(edition, 5, title_fr="Airbus", title_zh_hans="空中客车")
    gives_up = somebody_in(edition, city)

    # The form says that it is full; whoever chooses it says where to sit meanwhile.
    page = open_page(WORDS[language]["path"], width=width)
    fill(page, organisation="Une ville d’essai")
    page.locator(f"[name=session_workshops][value={city.code}]").check()
    page.locator(f"[name=meanwhile_workshops][value={agriculture.code}]").check()
    page.locator("[name=wish_1]").select_option(index=1)
    axe(page)
    picture(page, f"full-workshop-{language}")
    submit(page)
    page.wait_for_url(re.compile(r"/inscription/s\d"))

    # Behind the link of the letter: a seat, and a rank.
    page.goto(
        link_in(OutgoingEmail.objects.filter(event="registration/confirm_address").order_by("pk").last().text)
    )
    page.locator("form[action$='/confirmer/'] button").click()
    assert state(page) == "confirmed"
    expect(page.locator(f"[data-assises-session={agriculture.code}] .state-confirmed")).to_be_visible()
    expect(page.locator(f"[data-assises-session={city.code}] .state-waiting")).to_be_visible()
    axe(page)
    picture(page, f"waiting-for-a-seat-{language}")

    # The page of changes knows where one stands.
    own = page.url
    page.locator("a[href$='/modifier/#choices']").click()
    expect(page.locator(f"[name=session_workshops][value={city.code}]")).to_be_checked()
    expect(page.locator(f"[name=meanwhile_workshops][value={agriculture.code}]")).to_be_checked()
    axe(page)

    # Somebody cancels: the seat comes, with a letter that says which one is given on.
    services.cancel(gives_up, at=NOW)
    letter = OutgoingEmail.objects.get(event="registration/seat")
    assert letter.language == language
    page.goto(link_in(letter.text))
    expect(page.locator(f"[data-assises-session={city.code}] .state-confirmed")).to_be_visible()
    expect(page.locator(f"[data-assises-session={agriculture.code}]")).to_have_count(0)
    axe(page)
    page.goto(own)
    assert stands(Registration.objects.order_by("pk").last()) == {city.code: "seat"}


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("zh-hans", 320)])
@pytest.mark.parametrize("javascript", [True, False])
def test_take_a_half_hour_and_give_it_back(open_page, axe, picture, edition, language, width, javascript):
    for name in ("Salon Ariège", "Salon Gers"):
        a_meeting_room(edition, name)
    registration = a_booking(edition, a_person(is_contact=True)).registrations.get()
    path = links.own_page(links.person_token(registration)).replace("/fr/", f"/{language}/")

    page = open_page(path, width=width, javascript=javascript)
    page.locator("a[href$='/salons/']").click()
    if javascript:
        axe(page)
    page.locator("button[name=take]").first.click()
    expect(page.locator("button[name=give_back]")).to_have_count(1)
    picture(page, f"rooms-{language}")
    assert MeetingSlot.objects.get().registration == registration

    # The public board shows the organisation.
    page.goto(f"/{language}/programme/salons/")
    expect(page.locator(".slot-taken")).to_have_count(1)
    assert registration.family_name not in page.content()
    if javascript:
        axe(page)
    page.goto(f"{path}salons/")
    page.locator("button[name=give_back]").click()

    expect(page.locator("button[name=give_back]")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_an_organiser_assigns_the_visits(open_page, axe, picture, edition, language):
    airbus = a_visit(edition, 1, title_fr="Airbus", title_zh_hans="空中客车")
    inra = a_visit(edition, 1, title_fr="INRA", title_zh_hans="法国国家农业科学研究院")
    people = [
        a_booking(edition, a_person(is_contact=True, wishes=[airbus, inra])).registrations.get()
        for _unused in range(3)
    ]
    staff = a_member_of_staff(language=language)

    page = open_page("/admin/visites/attribution/")
    log_in(page, staff.email)
    axe(page)
    page.locator("button[name=propose]").click()
    expect(page.locator("button[name=apply]")).to_be_visible()
    axe(page)
    picture(page, f"visits-{language}")
    page.locator("button[name=apply]").click()

    expect(page.locator(".notice-success")).to_be_visible()
    axe(page)
    assert [stands(p) for p in people] == [{airbus.code: "seat"}, {inra.code: "seat"}, {}]
    for name, width in (("seances", 1280), ("salons", 1280), ("seances", 320), ("salons", 320)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/admin/{name}/")
        axe(page)
    page.goto(link_in(OutgoingEmail.objects.filter(event="registration/visit").first().text))
    axe(page)

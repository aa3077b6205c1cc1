"""The desk: what phones are told, what they send, who may, and the page without JavaScript."""

import datetime as dt
import json
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from assises import clock, journal
from assises.models import Edition, User
from registration import guests, queue, services
from registration.badges import badge_payload, read_badge
from registration.models import Booking, Registration
from registration.services.arrivals import Arrival, Outcome, record_arrivals
from tests.factories import CLOSES, a_member_of_staff, a_registration, an_edition, an_organisation

pytestmark = pytest.mark.django_db

NINE = dt.datetime(2018, 12, 11, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nine o'clock in Toulouse, on the first day."""
    monkeypatch.setattr(clock, "now", lambda: NINE)


@pytest.fixture
def host() -> User:
    """Somebody who may check people in, and nothing else."""
    user = a_member_of_staff(is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="check_in"))
    return user


@pytest.fixture
def phone(client: Client, host: User) -> Client:
    client.force_login(host)
    return client


def confirmed(edition: Edition, **fields) -> Registration:
    registration = a_registration(edition, **fields)
    services.confirm([registration], at=registration.status_since)
    registration.refresh_from_db()
    return registration


def send(client: Client, *entries: dict, device: str = "A", **more):
    body = {"device": device, "sent_at": 1_000_000_000, "entries": list(entries), **more}
    return client.post(reverse("desk:arrivals"), json.dumps(body), content_type="application/json")


def an_entry(registration: Registration | None = None, *, minutes_ago: float = 0, **fields) -> dict:
    code = registration.code if registration else "ABCDEFGHJK"
    at = 1_000_000_000 - minutes_ago * 60_000
    return {"id": str(uuid.uuid4()), "code": code, "at": at, "undo": False, **fields}


def actions(registration: Registration) -> list[str]:
    return [
        e.action
        for e in journal.of(registration).order_by("pk")
        if e.action not in ("registered", "confirmed")
    ]


# --- Badges ----------------------------------------------------------------------------------


def test_a_badge_says_its_code_and_nothing_else(edition):
    registration = a_registration(edition)

    assert badge_payload(registration) == f"ASSISES:{registration.code}"
    assert read_badge(badge_payload(registration)) == registration.code


@pytest.mark.parametrize("typed", ["abcde fghjk", "ABCDE-FGHJK", " assises:abcdefghjk\n", "ABCDE\u00a0FGHJK"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_badge(typed) == "ABCDEFGHJK"


@pytest.mark.parametrize(
    "typed", ["", "ABCDEFGHJ", "ABCDEFGHJKL", "ABCDEFGHI2", "https://example.org/ABCDEFGHJK"]
)
def test_what_is_no_code_is_not_taken_for_one(typed):
    assert read_badge(typed) is None


# --- Arrivals in one batch ---------------------------------------------------------------------


def test_an_arrival_is_noted_at_its_own_time(edition, phone, host):
    registration = confirmed(edition)

    answer = send(phone, entry := an_entry(registration, minutes_ago=12)).json()

    assert answer["outcomes"] == {entry["id"]: "checked_in"}
    [guest] = answer["guests"]
    assert (guest["status"], guest["arrived"]["desk"]) == ("checked_in", "A")
    registration.refresh_from_db()
    assert (registration.status, registration.status_since) == ("checked_in", NINE - 12 * MINUTE)
    written = journal.of(registration)[0]
    assert (written.action, written.at, written.actor) == ("checked in", NINE - 12 * MINUTE, host)
    assert written.details == {"device": "A", "arrival": entry["id"], "late": "720"}


def test_sent_twice_an_arrival_counts_once(edition, phone):
    registration = confirmed(edition)
    entry = an_entry(registration)

    first, second = send(phone, entry).json(), send(phone, entry, entry).json()

    assert first["outcomes"] == second["outcomes"] == {entry["id"]: "checked_in"}
    assert actions(registration) == ["checked in"]


def test_the_same_badge_from_two_phones_is_told_and_kept(edition, phone):
    registration = confirmed(edition)

    send(phone, an_entry(registration, minutes_ago=3), device="A")
    answer = send(phone, an_entry(registration, minutes_ago=10), device="B").json()

    assert list(answer["outcomes"].values()) == ["again"]
    [guest] = answer["guests"]
    assert guest["arrived"]["desk"] == "A"
    assert [again["desk"] for again in guest["again"]] == ["B"]
    assert actions(registration) == ["checked in", "checked in again"]


def test_held_and_offered_places_are_confirmed_on_the_way(edition, phone):
    held = a_registration(edition)

    answer = send(phone, an_entry(held)).json()

    held.refresh_from_db()
    assert (held.status, held.deadline) == ("checked_in", None)
    assert list(answer["outcomes"].values()) == ["checked_in"]


def test_who_came_in_without_a_place_is_not_lost(edition, phone):
    for _unused in range(5):
        confirmed(edition)
    waiting = a_registration(edition)

    answer = send(phone, an_entry(waiting)).json()

    waiting.refresh_from_db()
    assert (waiting.status, list(answer["outcomes"].values())) == ("waiting", ["no_place"])
    assert actions(waiting) == ["arrived without a place"]


def test_a_mistake_is_undone_and_the_person_may_arrive_again(edition, phone):
    registration = confirmed(edition)
    entries = [an_entry(registration), an_entry(registration, undo=True), an_entry(registration)]

    answer = send(phone, *entries).json()

    assert [answer["outcomes"][e["id"]] for e in entries] == ["checked_in", "undone", "checked_in"]
    assert actions(registration) == ["checked in", "check-in undone", "checked in"]
    [guest] = answer["guests"]
    assert guest["again"] == []
    again = send(phone, an_entry(registration, undo=True), an_entry(registration, undo=True)).json()
    assert list(again["outcomes"].values()) == ["undone", "not_here"]


def test_what_cannot_be_read_does_not_hold_up_the_rest(edition, phone):
    registration = confirmed(edition)
    good, unknown = an_entry(registration), an_entry()
    broken = [
        {"id": "x"},
        {"id": "not-a-uuid", "code": registration.code, "at": 1},
        {**an_entry(), "code": "?"},
    ]

    answer = send(phone, *broken, unknown, good).json()

    assert answer["outcomes"][good["id"]] == "checked_in"
    assert answer["outcomes"][unknown["id"]] == "unknown"
    assert set(answer["outcomes"].values()) == {"checked_in", "unknown"}


@pytest.mark.parametrize("minutes_ago", [-30, 60 * 24 * 5, float("inf"), float("nan")])
def test_a_clock_that_cannot_be_right_is_not_believed(edition, phone, minutes_ago):
    registration = confirmed(edition)

    send(phone, an_entry(registration, minutes_ago=minutes_ago))

    registration.refresh_from_db()
    assert registration.status_since == NINE


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"entries": 3, "sent_at": 1}', '{"entries": [1], "sent_at": 1}']
)
def test_what_has_not_the_right_shape_is_refused(edition, phone, body):
    response = phone.post(reverse("desk:arrivals"), body, content_type="application/json")

    assert response.status_code == 400


def test_badges_of_another_edition_are_unknown(edition, phone):
    other = an_edition(elected=1)
    stranger = confirmed(other)

    answer = send(phone, an_entry(stranger)).json()

    assert (list(answer["outcomes"].values()), answer["guests"]) == (["unknown"], [])


@pytest.mark.parametrize("count", [1, 40])
def test_a_batch_takes_few_statements_whatever_its_size(host, count, django_assert_max_num_queries):
    edition = an_edition(elected=50)
    people = [confirmed(edition) for _unused in range(count)]
    sent = [Arrival(key=uuid.uuid4(), code=r.code, at=NINE) for r in people]

    with django_assert_max_num_queries(6):
        outcomes = record_arrivals(edition, sent, received_at=NINE, by=host)

    assert list(outcomes.values()) == [Outcome.CHECKED_IN] * count
    assert edition.registrations.filter(status="checked_in").count() == count


# --- The guest list ----------------------------------------------------------------------------


def test_the_list_has_what_the_desk_needs_and_no_more(edition, phone):
    town = an_organisation("Sète", name_zh_hans="塞特")
    guest = confirmed(edition, organisation=town)
    services.change(guest, details={"name_zh": "李明", "given_name": "Zoé"}, at=NINE)

    answer = phone.get(reverse("desk:guests")).json()

    [listed] = answer["guests"]
    assert set(listed) == {
        "id", "code", "name", "name_zh", "organisation", "organisation_zh", "category", "status", "key", "rank",
        "arrived", "again",
    }  # fmt: skip
    for word in ("zoe", "li", "liming", "sete", "saite", "塞特"):
        assert word in listed["key"]
    assert guest.email not in json.dumps(answer)
    assert "adjointe" not in listed["key"]
    assert answer["over_at"] == "2018-12-14T00:00:00+01:00"


def test_nothing_new_is_not_sent_again(edition, phone):
    confirmed(edition)
    first = phone.get(reverse("desk:guests"))

    again = phone.get(reverse("desk:guests"), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    for response in (first, again):
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert again["X-Assises-Now"]


def test_a_delta_has_only_who_changed(edition, phone, monkeypatch):
    monkeypatch.setattr(guests, "OVERLAP", 0)
    someone, other = confirmed(edition), confirmed(edition)
    cursor = phone.get(reverse("desk:guests")).json()["cursor"]

    services.check_in(other, at=NINE)
    answer = phone.get(reverse("desk:guests"), {"since": cursor}).json()

    assert (answer["full"], [g["id"] for g in answer["guests"]]) == (False, [other.pk])
    assert phone.get(reverse("desk:guests"), {"since": answer["cursor"]}).json()["guests"] == []
    assert someone.status == "confirmed"


def test_ranks_are_those_of_the_service():
    edition = an_edition(elected=1, tourism=1, reserve=1)
    for category in ("elected", "tourism", "elected", "tourism", "elected"):
        a_registration(edition, category=category)
    for at in (NINE, NINE - dt.timedelta(days=90)):
        waiting = list(edition.registrations.waiting())

        assert queue.rank_of(edition, at=at) == {r.pk: services.rank(r, at=at) for r in waiting}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_few_statements_whatever_its_length(count, django_assert_num_queries):
    edition = an_edition(elected=9)
    for _unused in range(count):
        services.check_in(confirmed(edition), at=NINE)
    edition = Edition.objects.current().get()

    with django_assert_num_queries(3):
        assert len(guests.guests(edition, at=NINE)) == count


def test_after_the_last_day_no_list_leaves_the_server(edition, phone, monkeypatch):
    registration = confirmed(edition)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2018, 12, 13, 23, 0, tzinfo=dt.UTC))

    answer = phone.get(reverse("desk:guests")).json()

    assert answer["guests"] == []
    # What a phone in a drawer still has to tell is taken.
    assert list(send(phone, an_entry(registration)).json()["outcomes"].values()) == ["checked_in"]


# --- Who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["guests", "arrivals"])
def test_a_stranger_is_told_to_sign_in(edition, client, name):
    response = client.generic("POST" if name == "arrivals" else "GET", reverse(f"desk:{name}"))

    assert (response.status_code, response.json()["refused"]) == (401, "login")


@pytest.mark.parametrize("name", ["guests", "arrivals"])
def test_staff_without_the_right_are_told_so(edition, client, name):
    client.force_login(a_member_of_staff(is_superuser=False))

    response = client.generic("POST" if name == "arrivals" else "GET", reverse(f"desk:{name}"))

    assert (response.status_code, response.json()["refused"]) == (403, "permission")


@pytest.mark.parametrize("name", ["desk", "walk_in"])
def test_pages_ask_to_sign_in_and_then_for_the_right(edition, client, name):
    address = reverse(f"desk:{name}")

    assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"
    client.force_login(a_member_of_staff(is_superuser=False))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("name", ["arrive", "undo", "admit"])
def test_nobody_acts_without_the_right(edition, client, name):
    registration = confirmed(edition)

    client.post(reverse(f"desk:{name}", args=[registration.pk]))

    registration.refresh_from_db()
    assert registration.status == "confirmed"


def test_arrivals_need_the_token_of_the_site(edition, host):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(host)

    assert send(strict, an_entry(confirmed(edition))).status_code == 403


# --- Without JavaScript --------------------------------------------------------------------------


def test_people_are_found_in_both_scripts_and_by_code(edition, phone):
    guest = confirmed(edition)
    services.change(guest, details={"name_zh": "李明", "family_name": "Évrard"}, at=NINE)
    confirmed(edition)

    for typed in ("evrard", "李明", "li ming", guest.code, guest.code.lower()):
        page = phone.get(reverse("desk:desk"), {"q": typed})
        assert [g.id for g in page.context["found"]] == [guest.pk], typed


def test_somebody_is_checked_in_and_out_by_plain_forms(edition, phone):
    guest = confirmed(edition)

    page = phone.post(reverse("desk:arrive", args=[guest.pk]), follow=True)
    assert guest.full_name in next(str(m) for m in page.context["messages"])
    assert page.context["found"][0].status == "checked_in"
    assert (page.context["arrived"], page.context["expected"]) == (1, 1)

    page = phone.post(reverse("desk:arrive", args=[guest.pk]), follow=True)
    assert [m.level_tag for m in page.context["messages"]] == ["warning"]

    phone.post(reverse("desk:undo", args=[guest.pk]))
    guest.refresh_from_db()
    assert guest.status == "confirmed"
    assert actions(guest) == ["checked in", "checked in again", "check-in undone"]


def test_counters_are_by_category(edition, phone):
    services.check_in(confirmed(edition), at=NINE)
    a_registration(edition, category="tourism")

    counts = phone.get(reverse("desk:desk")).context["counts"]

    assert [(c.category.code, c.expected, c.arrived) for c in counts] == [
        ("elected", 1, 1),
        ("tourism", 1, 0),
    ]


def test_a_place_is_given_to_the_next_only(phone):
    edition = an_edition(elected=1)
    holder = confirmed(edition)
    # After registration has closed, a place that comes back is not offered to anybody: the desk gives it.
    first, second = a_registration(edition), a_registration(edition)
    services.cancel(holder, at=CLOSES + MINUTE)

    refused = phone.post(reverse("desk:admit", args=[second.pk]), headers={"Accept": "application/json"})
    given = phone.post(reverse("desk:admit", args=[first.pk]), headers={"Accept": "application/json"})

    assert (refused.status_code, first.full_name in refused.json()["error"]) == (409, True)
    assert (given.status_code, given.json()["guest"]["status"]) == (200, "confirmed")


# --- Somebody without a registration ---------------------------------------------------------------


def walk_in(**fields) -> dict:
    person = {
        "given_name": "Dominique", "family_name": "Imprévu", "organisation": "Ville de Nulle-Part",
        "organisation_kind": "commune", "job_title": "Maire", "email": "dominique@example.org", "language": "fr",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    return {**person, **fields}


def test_somebody_without_a_registration_joins_the_end_of_the_waiting_list(edition, phone, host):
    form = walk_in()

    page = phone.post(reverse("desk:walk_in"), form, follow=True)
    phone.post(reverse("desk:walk_in"), form)

    registration = Registration.objects.get()
    assert (registration.status, registration.booking.source) == ("waiting", "desk")
    assert page.context["found"][0].rank == 1
    assert journal.of(registration).get(action="registered").actor == host


def test_a_key_kept_by_a_phone_never_swallows_the_next_person(edition, phone):
    form = walk_in()

    phone.post(reverse("desk:walk_in"), form)
    phone.post(reverse("desk:walk_in"), {**form, "email": "sasha@example.org", "given_name": "Sasha"})

    assert Booking.objects.count() == Registration.objects.live().count() == 2


def test_who_is_registered_already_is_shown_instead(edition, phone):
    known = confirmed(edition)

    page = phone.post(reverse("desk:walk_in"), walk_in(email=known.email.upper()), follow=True)

    assert [g.id for g in page.context["found"]] == [known.pk]
    assert Registration.objects.count() == 1


def test_errors_keep_what_was_typed(edition, phone):
    page = phone.post(reverse("desk:walk_in"), walk_in(email="nobody"))

    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["email"]
    assert "Imprévu" in page.content.decode()


def test_chinese_delegations_are_not_registered_here(edition, phone):
    an_organisation("成都市", side="CN", name_zh_hans="成都市")

    page = phone.post(reverse("desk:walk_in"), walk_in(organisation="成都市"))

    assert "APCAE" in str(page.context["form"].errors["organisation"])


# --- The service worker ------------------------------------------------------------------------------


def test_the_service_worker_stays_in_its_language_and_changes_with_the_files(edition, client):
    response = client.get(reverse("desk:service_worker"))

    assert response["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response["Cache-Control"]
    facts = json.loads(response.content.decode().split("const facts = ")[1].split(";\n")[0])
    assert facts["pages"] == [reverse("desk:desk"), reverse("desk:walk_in")]
    assert reverse("desk:service_worker").startswith(reverse("desk:desk"))
    assert any("desk-sync" in url for url in facts["assets"])

"""The planning in the back office: who sees it, what it shows, how a milestone is moved and its calendars are read."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import icalendar
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assises import accounts
from assises.models import (
    CalendarFeed,
    Contact,
    Dependency,
    Edition,
    Milestone,
    MilestoneMove,
    RegisterItem,
    Task,
    User,
)
from assises.planning.feeds import address_of, make_feed
from tests.factories import NOW, an_edition
from tests.pdf import Pdf, needs_pdftotext
from tests.planning_factories import a_task, on, planned, then
from tests.register_factories import TODAY, a_candidate, an_item
from tests.reminder_factories import a_milestone

AsRole = Callable[..., Client]
Somebody = Callable[..., User]
pytestmark = pytest.mark.usefixtures("monday")
PAGES = ["planning", "planning_month", "planning_gantt", "planning_path", "planning_sides", "calendars"]


def url_of(milestone: Milestone, page: str = "milestone") -> str:
    return reverse(f"admin:{page}", args=[milestone.key])


def fresh(milestone: Milestone) -> Milestone:
    return Milestone.objects.select_related("edition").get(pk=milestone.pk)


@pytest.mark.parametrize(("language", "said"), [("fr", "Novembre 2018"), ("zh-hans", "2018年11月")])
@pytest.mark.parametrize(("page", "query"), [("planning", {}), ("planning_month", {"mois": "2018-11"})])
def test_a_month_is_written_as_its_reader_writes_it(
    edition: Edition, as_role: AsRole, language: str, said: str, page: str, query: dict[str, str]
) -> None:
    a_milestone(edition, dt.datetime(2018, 11, 20, 8, tzinfo=dt.UTC))
    client = as_role(accounts.ORGANISERS, language=language)

    assert f"<h2>{said}</h2>" in client.get(reverse(f"admin:{page}"), query).text


@pytest.mark.parametrize(
    ("roles", "reads", "writes"),
    [
        ([], 403, 403),
        ([accounts.DESK], 403, 403),
        ([accounts.APCAE], 200, 403),
        ([accounts.FRENCH_APPROVAL], 200, 403),
        ([accounts.ORGANISERS], 200, 200),
    ],
    ids=["no role", "desk", "APCAE", "French side", "organisers"],
)
def test_who_reads_and_who_writes(
    edition: Edition, as_role: AsRole, roles: list[str], reads: int, writes: int
) -> None:
    milestone, client = planned(edition, "10-20"), as_role(*roles)

    for page in PAGES:
        assert client.get(reverse(f"admin:{page}")).status_code == reads, page
    assert client.get(url_of(milestone)).status_code == reads
    for page in ("milestone_edit", "milestone_move", "task_add"):
        assert client.get(url_of(milestone, page)).status_code == writes, page
    assert client.post(url_of(milestone), {"state": "1"}).status_code == writes


@pytest.mark.parametrize("page", [*PAGES, "planning_pdf"])
def test_every_page_opens_empty_and_full(edition: Edition, as_role: AsRole, page: str) -> None:
    client = as_role(accounts.ORGANISERS)
    Milestone.objects.all().delete()
    assert client.get(reverse(f"admin:{page}")).status_code == 200

    first, second = planned(edition, "10-01", "10-20"), a_milestone(edition, on("10-25", 18))
    then(first, second, 3)
    planned(edition, "10-24", "10-26", kind="external")
    planned(edition, "09-01", state="dropped")
    a_candidate(an_item(edition, subject=second), starts_on=dt.date(2018, 10, 20))

    assert client.get(reverse(f"admin:{page}")).status_code == 200


@pytest.mark.parametrize(
    "page", ["planning", "planning_month", "planning_gantt", "planning_path", "planning_sides"]
)
def test_a_page_costs_the_same_with_three_and_with_three_hundred(
    edition: Edition, as_role: AsRole, django_assert_max_num_queries: Any, page: str
) -> None:
    client = as_role(accounts.ORGANISERS)

    def fill(count: int) -> None:
        rows = [planned(edition, "10-20", organisation=edition.host) for _n in range(count)]
        for before, after in itertools.pairwise(rows):
            then(before, after)
        for row in rows:
            a_task(row)

    fill(3)
    client.get(reverse(f"admin:{page}"))
    with django_assert_max_num_queries(15) as few:
        client.get(reverse(f"admin:{page}"))
    fill(300)
    with django_assert_max_num_queries(15) as many:
        client.get(reverse(f"admin:{page}"))

    assert len(few.captured_queries) == len(many.captured_queries)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=late", {"late"}),
        ("state=external", {"event"}),
        ("state=gone", {"gone"}),
        ("state=arbitrate", {"late"}),
        ("side=CN", {"chinese"}),
        ("state=%00&side=x", {"late", "event", "chinese"}),
    ],
)
def test_the_list_shows_what_is_asked_for(
    edition: Edition, as_role: AsRole, query: str, shown: set[str]
) -> None:
    Milestone.objects.all().delete()
    late = planned(edition, "10-01", key="late")
    planned(edition, "10-20", key="event", kind="external")
    planned(edition, "10-20", key="chinese", owner_side="CN")
    planned(edition, "10-20", key="gone", state="dropped")
    a_candidate(an_item(edition, subject=late), starts_on=dt.date(2018, 10, 20))

    months = as_role(accounts.ORGANISERS).get(f"{reverse('admin:planning')}?{query}").context["months"]

    assert {row["milestone"].key for _month, rows in months for row in rows} == shown


def test_both_clocks_stand_beside_one_another(edition: Edition, as_role: AsRole) -> None:
    evening = a_milestone(edition, on("10-25", 20))

    response = as_role(accounts.ORGANISERS).get(url_of(evening))

    (paris, in_paris), (beijing, in_beijing) = response.context["row"]["dates"]
    assert (paris, "25" in in_paris, "20" in in_paris) == ("Paris", True, True)
    assert ("26" in in_beijing, "2" in in_beijing) == (True, True)
    assert beijing != paris


def test_a_milestone_is_planned_with_hours_on_the_clocks_of_the_place(
    edition: Edition, as_role: AsRole
) -> None:
    data = {
        "kind": "preparation", "label_fr": "Envoi des visas", "label_zh_hans": "寄送签证材料", "first_day": "2018-11-11",
        "first_hour": "18:00", "follows": "on", "owner_side": "CN",
    }  # fmt: skip

    response = as_role(accounts.ORGANISERS).post(reverse("admin:milestone_add"), data)

    milestone = Milestone.objects.select_related("edition").get(key="envoi_des_visas")
    assert response.url == url_of(milestone)  # type: ignore[attr-defined]
    assert (milestone.starts_at, milestone.offset_days) == (on("11-11", 18), -30)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"label_fr": "x"},
        {"label_fr": "x", "first_day": "2018-13-01"},
        {"label_fr": "x", "first_day": "0001-01-01"},
        {"label_fr": "x", "first_day": "9999-12-31", "last_day": "9999-12-31"},
        {"label_fr": "x", "first_day": "2018-10-20", "last_day": "2018-10-10"},
        {"label_fr": "x\x00", "first_day": "2018-10-20"},
        {"label_fr": "x", "first_day": "2018-10-20", "organisation": "9" * 30},
        {"label_fr": "x", "first_day": "2018-10-20", "owner_side": "DE"},
    ],
)
def test_nonsense_is_answered_in_words(edition: Edition, as_role: AsRole, data: dict) -> None:
    count = Milestone.objects.count()

    response = as_role(accounts.ORGANISERS).post(
        reverse("admin:milestone_add"), {"kind": "preparation", **data}
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert Milestone.objects.count() == count


def test_what_follows_is_seen_before_it_is_confirmed(edition: Edition, as_role: AsRole) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22")
    then(first, second)
    client, url = as_role(accounts.ORGANISERS), url_of(first, "milestone_move")
    typed = {"first_day": "2018-10-25", "reason_fr": "Grèves"}

    shown = client.post(url, typed)
    assert fresh(first).first_day == dt.date(2018, 10, 20)
    assert [line["shift"].milestone for line in shown.context["proposal"]["pushed"]] == [second]

    client.post(url, {**typed, "confirm": "1", "digest": shown.context["proposal"]["digest"]})
    assert fresh(second).first_day == dt.date(2018, 10, 25)
    assert "Grèves" in client.get(url_of(first)).content.decode()


def test_what_changed_since_it_was_shown_is_shown_again(edition: Edition, as_role: AsRole) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22")
    client, url = as_role(accounts.ORGANISERS), url_of(first, "milestone_move")
    typed = {"first_day": "2018-10-25", "reason_fr": "Grèves"}
    digest = client.post(url, typed).context["proposal"]["digest"]
    then(first, second)

    response = client.post(url, {**typed, "confirm": "1", "digest": digest})

    assert [line["shift"].milestone for line in response.context["proposal"]["pushed"]] == [second]
    assert not MilestoneMove.objects.exists()
    assert "Grèves" in response.content.decode()


def test_a_date_chosen_in_the_register_leads_to_the_move(edition: Edition, as_role: AsRole) -> None:
    """D-01: the decision closes the point, and the milestone is moved once what follows was seen."""
    milestone = planned(edition, "10-20")
    item = an_item(edition, subject=milestone)
    candidate = a_candidate(item, starts_on=dt.date(2018, 10, 27), ends_on=dt.date(2018, 10, 31))
    client = as_role(accounts.ORGANISERS)

    response = client.post(
        reverse("admin:register_item", args=[item.number]),
        {"choose": str(candidate.pk), "settle-version": "1", "settle-settled_on": str(TODAY)},
    )

    assert response.url == f"{url_of(milestone, 'milestone_move')}?candidat={candidate.pk}"  # type: ignore[attr-defined]
    form = client.get(response.url).context["form"]  # type: ignore[attr-defined]
    assert (form["first_day"].value(), form["last_day"].value()) == (candidate.starts_on, candidate.ends_on)
    assert client.get(url_of(milestone)).context["decided"] == [candidate]
    assert RegisterItem.objects.get().status == "decided"


@pytest.mark.parametrize("asked", ["", "x", "9" * 30, "0"])
def test_a_candidate_that_is_not_there_is_none(edition: Edition, as_role: AsRole, asked: str) -> None:
    milestone = planned(edition, "10-20")

    response = as_role(accounts.ORGANISERS).get(f"{url_of(milestone, 'milestone_move')}?candidat={asked}")

    assert response.context["candidate"] is None


def test_two_who_change_a_milestone_see_both_versions(edition: Edition, as_role: AsRole) -> None:
    milestone = planned(edition, "10-20")
    client, url = as_role(accounts.ORGANISERS), url_of(milestone, "milestone_edit")
    form = client.get(url).context["form"]
    typed = {b.html_name: b.value() or "" for b in form}
    typed |= {f"initial-{name}": value for name, value in typed.items() if name != "version"}
    typed.pop("follows")
    client.post(url, {**typed, "note": "Le leur"})

    response = client.post(url, {**typed, "source": "Le mien"})

    assert response.status_code == 409
    assert "Le leur" in response.content.decode()
    assert fresh(milestone).source == ""


def test_dependencies_are_tied_and_untied_on_the_page(edition: Edition, as_role: AsRole) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22")
    client = as_role(accounts.ORGANISERS)
    tie = {
        "tie": "1",
        "dependency-direction": "waits",
        "dependency-other": str(first.pk),
        "dependency-lag_days": "2",
    }

    client.post(url_of(second), tie)
    dependency = Dependency.objects.get()
    refused = client.post(url_of(first), {**tie, "dependency-other": str(second.pk)})
    assert (dependency.before, dependency.after, dependency.lag_days) == (first, second, 2)
    assert refused.context["messages"]
    for wrong in ("x", "9" * 30, ""):
        client.post(url_of(second), {"untie": wrong})
    assert Dependency.objects.count() == 1

    client.post(url_of(second), {"untie": str(dependency.pk)})
    assert not Dependency.objects.exists()


def test_work_is_noted_and_a_task_is_done_on_the_page(edition: Edition, as_role: AsRole) -> None:
    milestone = planned(edition, "10-20")
    client = as_role(accounts.ORGANISERS)

    client.post(url_of(milestone), {"state": "1", "state-state": "done", "state-version": "1"})
    client.post(
        url_of(milestone, "task_add"), {"title_fr": "Réserver", "owner_side": "FR", "due_on": "2018-10-19"}
    )
    task = Task.objects.get()
    url = reverse("admin:task_edit", args=[milestone.key, task.pk])
    client.post(url, {"title_fr": "Réserver", "initial-title_fr": "Réserver", "owner_side": "FR", "initial-owner_side": "FR", "initial-due_on": "2018-10-19", "due_on": "2018-10-19", "state": "done", "initial-state": "to_do", "version": "1"})  # fmt: skip

    task.refresh_from_db()
    assert (fresh(milestone).state, fresh(milestone).done_on) == ("done", TODAY)
    assert (task.state, task.done_on) == ("done", TODAY)


def test_an_edition_is_planned_from_another_by_a_button(edition: Edition, as_role: AsRole) -> None:
    old = an_edition(elected=1)
    planned(old, "09-12", key="visas")

    response = as_role(accounts.ORGANISERS).post(
        reverse("admin:planning_again"), {"from": old.code}, follow=True
    )

    assert Milestone.objects.filter(edition=edition, key="visas").exists()
    assert response.status_code == 200
    assert as_role(accounts.ORGANISERS).get(reverse("admin:planning_again")).status_code == 405
    for wrong in ("", "x\x00", edition.code):
        again = as_role(accounts.ORGANISERS).post(reverse("admin:planning_again"), {"from": wrong})
        assert again.status_code == 302


@pytest.mark.parametrize("asked", ["2018-12", "x", "2018-13", "0001-01", "9999-12", "%00"])
def test_any_month_or_this_one(edition: Edition, as_role: AsRole, asked: str) -> None:
    month = (
        as_role(accounts.ORGANISERS).get(f"{reverse('admin:planning_month')}?mois={asked}").context["month"]
    )

    assert month == (dt.date(2018, 12, 1) if asked == "2018-12" else dt.date(2018, 10, 1))


def test_the_month_names_the_holidays_of_both_countries(edition: Edition, as_role: AsRole) -> None:
    weeks = (
        as_role(accounts.ORGANISERS).get(f"{reverse('admin:planning_month')}?mois=2018-05").context["weeks"]
    )

    first_of_may = next(day for week in weeks for day in week if day.date == dt.date(2018, 5, 1))
    assert [side for side, _name in first_of_may.holidays] == ["FR", "CN"]


def test_the_first_page_counts_the_days(edition: Edition, as_role: AsRole) -> None:
    """S-001."""
    late = planned(edition, "10-01")
    soon = planned(edition, "10-20")

    panels = as_role(accounts.ORGANISERS).get("/admin/").context["panels"]

    data = next(p["data"] for p in panels if "planning" in p["template"])
    assert data["countdown"]["days"] == 57
    assert late in data["late"]
    assert soon in data["soon"]


@needs_pdftotext
def test_the_pdf_has_the_table_and_the_drawing_in_the_language_of_its_reader(
    edition: Edition, as_role: AsRole
) -> None:
    planned(edition, "10-20", label_fr="Envoi des visas", label_zh_hans="寄送签证材料")

    french = as_role(accounts.ORGANISERS).get(reverse("admin:planning_pdf"))
    chinese = as_role(accounts.APCAE, language="zh-hans").get(reverse("admin:planning_pdf"))

    assert Pdf(french.content).text().count("Envoi des visas") == 2
    assert Pdf(chinese.content).text().count("寄送签证材料") == 2


def test_the_drawing_on_paper_has_its_own_colours(edition: Edition, as_role: AsRole) -> None:
    """A document knows no style sheet inside a drawing but its own: without it all is black."""
    planned(edition, "10-20", owner_side="FR")

    response = as_role(accounts.ORGANISERS).get(reverse("admin:planning_pdf"))

    drawn = b"".join(content for _head, content in Pdf(response.content).streams.values())
    assert b"0.121569 0.305882 0.54902 rg" in drawn


# --- Calendars -------------------------------------------------------------------------------


def path_of(feed: CalendarFeed) -> str:
    return "/agenda/" + address_of(feed).rpartition("/agenda/")[2]


def read(client: Client, feed: CalendarFeed) -> dict[str, Any]:
    response = client.get(path_of(feed))
    assert response.status_code == 200
    return {str(e["summary"]): e for e in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


def test_the_calendar_of_a_side_has_what_it_owes_as_days_and_hours(
    edition: Edition, somebody: Somebody, client: Client
) -> None:
    Milestone.objects.all().delete()
    planned(edition, "10-20", "10-22", label_fr="Fenêtre", owner_side="FR")
    a_milestone(edition, on("10-25", 18), label_fr="Heure", owner_side="both")
    planned(edition, "10-26", label_fr="Chinoise", owner_side="CN")
    a_task(planned(edition, "10-27", label_fr="Faite", owner_side="FR", state="done", done_on=TODAY), title_fr="Tâche", due_on=dt.date(2018, 10, 24))  # fmt: skip
    an_item(edition, text_fr="Le lieu", due_on=dt.date(2018, 10, 31))
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="FR", language="fr", at=NOW)

    found = read(client, feed)

    assert found["Fenêtre"]["dtstart"].dt == dt.date(2018, 10, 20)
    assert found["Fenêtre"]["dtend"].dt == dt.date(2018, 10, 23)
    assert found["Heure"]["dtstart"].dt == on("10-25", 18)
    assert "Chinoise" not in found
    assert "Faite" not in found
    assert any("Tâche" in name for name in found)
    assert any("Le lieu" in name for name in found)


def test_a_person_sees_what_they_and_their_organisation_owe(
    edition: Edition, somebody: Somebody, client: Client
) -> None:
    Milestone.objects.all().delete()
    user = somebody(accounts.ORGANISERS)
    person = Contact.objects.create(
        organisation=edition.host, role_fr="Chargée de mission", given_name="Solène", family_name="Référent",
        email=user.email.upper(), workstream="assises",
    )  # fmt: skip
    planned(edition, "10-20", label_fr="La mienne", organisation=edition.host)
    other = planned(edition, "10-21", label_fr="Une autre")
    a_task(other, title_fr="Ma tâche", person=person, due_on=dt.date(2018, 10, 21))
    an_item(edition, text_fr="Mon point", person=person)
    an_item(edition, text_fr="Un autre point")

    found = read(client, make_feed(user, edition, side="", language="fr", at=NOW))

    assert len(found) == 3
    assert "La mienne" in found
    assert "Un autre point" not in str(found)


def test_a_calendar_speaks_its_own_language(edition: Edition, somebody: Somebody, client: Client) -> None:
    planned(edition, "10-20", label_fr="Visas", label_zh_hans="签证", owner_side="CN")

    found = read(client, make_feed(somebody(accounts.APCAE), edition, side="CN", language="zh-hans", at=NOW))

    assert "签证" in found
    assert "Visas" not in found


def test_a_revoked_address_is_dead_and_the_others_live(
    edition: Edition, as_role: AsRole, client: Client
) -> None:
    browser, url = as_role(accounts.ORGANISERS), reverse("admin:calendars")
    for side in ("FR", "CN"):
        browser.post(url, {"make": "1", "side": side, "language": "fr"})
    dead, alive = CalendarFeed.objects.order_by("pk")
    assert path_of(alive) in browser.get(url).content.decode()

    browser.post(url, {"revoke": str(dead.pk)})

    assert client.get(path_of(dead)).status_code == 404
    assert client.get(path_of(alive)).status_code == 200
    assert path_of(dead) not in browser.get(url).content.decode()


def test_nobody_revokes_the_calendar_of_another(
    edition: Edition, as_role: AsRole, somebody: Somebody
) -> None:
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="FR", language="fr", at=NOW)
    stranger = as_role(accounts.APCAE)
    for asked in (str(feed.pk), "x", "", "9" * 30):
        assert stranger.post(reverse("admin:calendars"), {"revoke": asked}).status_code == 200

    assert CalendarFeed.objects.alive().exists()


def test_a_calendar_is_made_once(edition: Edition, as_role: AsRole) -> None:
    browser = as_role(accounts.ORGANISERS)
    for _n in range(2):
        response = browser.post(reverse("admin:calendars"), {"make": "1", "side": "FR", "language": "fr"})

    assert CalendarFeed.objects.count() == 1
    assert response.context["messages"]


@pytest.mark.parametrize("token", ["x", "c1-.x", "c1-", "%00", "é"])
def test_an_address_that_was_not_signed_is_nothing(edition: Edition, client: Client, token: str) -> None:
    assert client.get(f"/agenda/{token}.ics").status_code == 404


def test_an_account_that_may_no_longer_read_takes_its_calendars_along(
    edition: Edition, somebody: Somebody, client: Client
) -> None:
    user = somebody(accounts.ORGANISERS)
    feed = make_feed(user, edition, side="FR", language="fr", at=NOW)
    user.groups.clear()

    assert client.get(path_of(feed)).status_code == 404


def test_a_calendar_that_has_not_changed_is_not_sent_again(
    edition: Edition, somebody: Somebody, client: Client
) -> None:
    milestone = planned(edition, "10-20", owner_side="FR")
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="FR", language="fr", at=NOW)
    tag = client.get(path_of(feed)).headers["ETag"]

    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        assert client.get(path_of(feed), HTTP_IF_NONE_MATCH=tag).status_code == 304
        Milestone.objects.filter(pk=milestone.pk).update(version=2)
        changed = client.get(path_of(feed), HTTP_IF_NONE_MATCH=tag)
    assert changed.status_code == 200
    assert b"SEQUENCE:2" in changed.content


def test_a_calendar_costs_the_same_however_much_it_holds(
    edition: Edition, somebody: Somebody, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="both", language="fr", at=NOW)

    def fill(count: int) -> None:
        for _n in range(count):
            milestone = planned(edition, "10-20", organisation=edition.host)
            a_task(milestone, due_on=dt.date(2018, 10, 20), organisation=edition.host)
            an_item(edition, organisation=edition.host)

    fill(1)
    read(client, feed)
    with django_assert_num_queries(8) as few:
        read(client, feed)
    fill(20)
    with django_assert_num_queries(len(few.captured_queries)):
        read(client, feed)

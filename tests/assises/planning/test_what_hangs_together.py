"""What stands in the place of a milestone, what follows the edition, what opens and closes on a milestone, feeds."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import transaction
from django.urls import reverse

from assises import accounts
from assises.enums import MilestoneKey, WorkState
from assises.exceptions import Conflict, Refusal
from assises.models import Contact, Edition, Milestone, User
from assises.planning import moving
from assises.planning.again import plan_from
from assises.planning.feeds import address_of, calendar_of, feed_of, make_feed
from assises.planning.moving import follow_edition, move, propose
from assises.planning.writing import delete_milestone, replace, set_state
from program.call import call_of
from registration.rules import rules_of
from tests.factories import NOW, an_edition, an_organisation
from tests.planning_factories import a_task, on, planned, then
from tests.registration.test_concurrency import Someone
from tests.reminder_factories import a_milestone

PARIS = ZoneInfo("Europe/Paris")
DAY = dt.timedelta(days=1)


# --- What the software opens and closes on ---------------------------------------------------------------


@pytest.mark.django_db
def test_registration_closes_on_the_milestone_that_stands_in_the_place_of_the_old_one(edition):
    closes = Milestone.objects.get(edition=edition, key="registration_closes")
    new = planned(edition, "11-20")

    replace(closes, new, version=closes.version, at=NOW, by=None)

    assert rules_of(Edition.objects.get(pk=edition.pk), NOW).closes_at == new.starts_at


@pytest.mark.django_db
def test_a_milestone_on_which_something_closes_is_neither_taken_back_nor_given_up(edition):
    closes = Milestone.objects.get(edition=edition, key="registration_closes")

    with pytest.raises(Refusal):
        delete_milestone(closes, version=closes.version, at=NOW, by=None)
    with pytest.raises(Refusal):
        set_state(closes, WorkState.DROPPED, version=closes.version, at=NOW, by=None)

    assert rules_of(Edition.objects.get(pk=edition.pk), NOW).closes_at == closes.starts_at


@pytest.mark.django_db
def test_without_the_milestone_nothing_is_open(edition):
    assert not edition.milestones.filter(key=MilestoneKey.CONTRIBUTIONS_OPEN).exists()
    assert call_of(edition, NOW).state == "unannounced"


@pytest.mark.django_db
def test_what_waited_for_the_old_one_waits_for_the_one_in_its_place(edition):
    before, old, after = planned(edition, "10-20"), planned(edition, "10-22"), planned(edition, "10-25")
    then(before, old)
    then(old, after, lag=1)
    new = planned(edition, "10-23")

    replace(old, new, version=1, at=NOW, by=None)

    pushed = propose(Milestone.objects.get(pk=before.pk), on("11-20"), None).pushed
    assert [(s.milestone.pk, s.starts_at) for s in pushed] == [(new.pk, on("11-20")), (after.pk, on("11-21"))]


# --- When the Assises move -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_follows_the_edition_stands_where_its_days_say_however_often_it_is_asked(edition):
    milestone = planned(edition, "10-20", offset_days=(dt.date(2018, 10, 20) - edition.starts_on).days)
    task = a_task(milestone, due_on=dt.date(2018, 10, 18))
    Edition.objects.filter(pk=edition.pk).update(starts_on=edition.starts_on + 2 * DAY)

    assert [follow_edition(edition, at=NOW, by=None) for _unused in range(2)] == [1, 0]

    milestone.refresh_from_db()
    task.refresh_from_db()
    assert (milestone.first_day, task.due_on) == (dt.date(2018, 10, 22), dt.date(2018, 10, 20))
    assert (milestone.version, task.version) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_an_edition_saved_twice_at_once_moves_its_milestones_once():
    edition = an_edition(elected=1)
    first_day = edition.starts_on
    milestone = planned(edition, "10-20", offset_days=(dt.date(2018, 10, 20) - first_day).days)

    def save():
        row = Edition.objects.get(pk=edition.pk)
        row.starts_on = first_day + DAY
        with transaction.atomic():
            row.save()
            follow_edition(row, at=NOW, by=None)

    with transaction.atomic():
        save()
        other = Someone(save)
        other.until_blocked()
    other.result()

    milestone.refresh_from_db()
    assert milestone.first_day == dt.date(2018, 10, 21)


# --- A new edition ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_would_close_a_circle_in_the_new_edition_stays_behind(edition, as_role, monday):
    old = an_edition(elected=1)
    then(planned(old, "10-01", key="a"), planned(old, "10-05", key="b"))
    then(planned(edition, "10-05", key="b"), planned(edition, "10-06", key="a"))

    answer = as_role(accounts.ORGANISERS).post(reverse("admin:planning_again"), {"from": old.code})

    assert answer.status_code == 302


@pytest.mark.django_db
def test_what_stood_years_before_the_old_edition_follows_the_new_one_in_no_number_of_days(edition):
    old = an_edition(elected=1)
    a_milestone(old, dt.datetime(2016, 1, 10, tzinfo=PARIS), key="early")
    planned(old, "10-01", key="usual")

    plan_from(old, edition, at=NOW, by=None)

    offsets = dict(edition.milestones.filter(key__in=["early", "usual"]).values_list("key", "offset_days"))
    assert offsets == {"early": None, "usual": -71}


# --- Reasons in one language -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize("reasons", [("", "原因"), ("raison", "")])
def test_a_reason_in_one_language_is_enough_whoever_confirms(edition, as_role, monday, language, reasons):
    milestone = planned(edition, "10-20")
    proposal = propose(milestone, on("10-25").astimezone(dt.UTC), None)
    typed = {"first_day": "2018-10-25", "reason_fr": reasons[0], "reason_zh_hans": reasons[1]}

    answer = as_role(accounts.ORGANISERS, language=language).post(
        reverse("admin:milestone_move", args=[milestone.key]),
        {**typed, "confirm": "1", "digest": proposal.digest},
    )

    milestone.refresh_from_db()
    assert (answer.status_code, milestone.first_day) == (302, dt.date(2018, 10, 25))


@pytest.mark.django_db
def test_a_task_of_another_age_is_refused_at_its_field(edition, as_role, monday):
    milestone = planned(edition, "10-20")

    answer = as_role(accounts.ORGANISERS).post(
        reverse("admin:task_add", args=[milestone.key]),
        {"title_fr": "x", "title_zh_hans": "x", "owner_side": "FR", "due_on": "9999-12-31"},
    )

    assert answer.status_code == 200
    assert not milestone.tasks.exists()


# --- Feeds -----------------------------------------------------------------------------------------------


def events(feed):
    return {
        str(e["summary"]): e for e in icalendar.Calendar.from_ical(calendar_of(feed, at=NOW)).walk("VEVENT")
    }


@pytest.mark.django_db
def test_the_address_dies_with_the_access_to_the_back_office(edition, somebody):
    user = somebody(accounts.ORGANISERS)
    feed = make_feed(user, edition, side="both", language="fr", at=NOW)
    token = address_of(feed).rsplit("/", 1)[1].removesuffix(".ics")
    assert feed_of(token) == feed

    User.objects.filter(pk=user.pk).update(is_staff=False)

    assert feed_of(token) is None


@pytest.mark.django_db
def test_who_is_no_longer_in_charge_no_longer_reads_what_the_organisation_owes(edition, somebody):
    user = somebody(accounts.APCAE, email="wei@example.org")
    organisation = an_organisation("Ville")
    Contact.objects.create(
        organisation=organisation, email="wei@example.org", given_name="W", family_name="W",
        valid_to=dt.date(2018, 1, 1),
    )  # fmt: skip
    planned(edition, "10-20", organisation=organisation, label_fr="Jalon d’autrui")
    feed = make_feed(user, edition, side="", language="fr", at=NOW)

    assert "Jalon d’autrui" not in events(feed)


@pytest.mark.django_db
def test_a_calendar_knows_the_changes_of_hour_up_to_its_last_event(edition, somebody):
    late = a_milestone(edition, dt.datetime(2019, 7, 1, 14, tzinfo=PARIS), label_fr="Bilan")
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="both", language="fr", at=NOW)

    calendar = icalendar.Calendar.from_ical(calendar_of(feed, at=NOW))

    zone = calendar.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    assert dt.datetime(2019, 7, 1, 14, tzinfo=zone).astimezone(dt.UTC) == late.starts_at


@pytest.mark.django_db
def test_an_hour_has_no_end_and_the_task_of_what_was_given_up_is_not_shown(edition, somebody):
    a_milestone(edition, on("10-20", 14), label_fr="Une heure")
    a_task(planned(edition, "10-20", state="dropped"), due_on=dt.date(2018, 10, 16), title_fr="Plus rien")
    feed = make_feed(somebody(accounts.ORGANISERS), edition, side="both", language="fr", at=NOW)

    found = events(feed)

    assert "dtend" not in found["Une heure"]
    assert not [name for name in found if "Plus rien" in name]


@pytest.mark.django_db(transaction=True)
def test_the_same_calendar_asked_for_twice_at_once_is_refused_in_words(somebody):
    edition = an_edition(elected=1)
    user = somebody(accounts.ORGANISERS)
    with transaction.atomic():
        make_feed(user, edition, side="FR", language="fr", at=NOW)
        other = Someone(lambda: make_feed(user, edition, side="FR", language="fr", at=NOW))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()


@pytest.mark.django_db
def test_replaced_by_one_that_is_replaced_itself_the_last_one_takes_over(edition):
    before, old, middle, last = (planned(edition, day) for day in ("10-10", "10-15", "10-16", "10-17"))
    then(before, old)
    replace(middle, last, version=1, at=NOW, by=None)

    replace(old, Milestone.objects.get(pk=middle.pk), version=1, at=NOW, by=None)

    assert list(last.waits_for.values_list("before", flat=True)) == [before.pk]


@pytest.mark.django_db(transaction=True)
def test_whoever_moves_and_whoever_replaces_do_not_wait_for_one_another(monkeypatch):
    edition = an_edition(elected=1)
    first, second, third = (planned(edition, day) for day in ("10-20", "10-22", "10-24"))
    then(first, third)
    digest = propose(first, on("10-21"), None).digest
    holding, real = threading.Event(), moving.propose

    def slow(*args, **kwargs):
        # Whoever moves holds the planning; the other one comes now.
        holding.set()
        other.until_blocked()
        return real(*args, **kwargs)

    monkeypatch.setattr(moving, "propose", slow)
    other = Someone(lambda: holding.wait(10) and replace(first, second, version=1, at=NOW, by=None))
    move(first, on("10-21"), None, reason_fr="x", digest=digest, at=NOW, by=None)

    with pytest.raises(Conflict):
        other.result()

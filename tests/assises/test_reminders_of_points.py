"""Reminders about points and tasks, repeated until they are settled, and those who prepare the Assises."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from assises import accounts, journal
from assises.enums import Side
from assises.minutes import Answer, give_verdicts
from assises.models import (
    Contact,
    OrganiserCredit,
    OutgoingEmail,
    RegisterItem,
    Reminded,
    Reminder,
    Task,
)
from assises.register import item_url
from assises.reminding.audiences import recipients
from assises.reminding.hours import due_at, next_at_work
from assises.reminding.sending import send_due
from assises.sides import speakers
from tests.factories import NOW, NUMBERS, a_registration, an_organisation
from tests.minutes_factories import sent_minutes
from tests.planning_factories import a_task, planned
from tests.register_factories import an_item
from tests.reminder_factories import a_milestone, a_reminder

# --- About points and tasks, and again until they are settled ---------------------------------------


def days(n: int) -> dt.timedelta:
    return dt.timedelta(days=n)


def about(row, **fields):
    """An approved reminder to the organisers about a point or a task."""
    name = "item" if isinstance(row, RegisterItem) else "task"
    edition = row.edition if name == "item" else row.milestone.edition
    defaults = {
        "audience": "registration.seated", "subject_fr": "Où en est-on ?", "subject_zh_hans": "进展如何？",
        "text_fr": "Une réponse est attendue.", "text_zh_hans": "请予答复。", "approved_at": NOW,
    }  # fmt: skip
    return Reminder.objects.create(edition=edition, **{name: row}, **{**defaults, **fields})


def test_a_point_is_recalled_from_the_day_on_which_it_is_due(edition):
    a_registration(edition)
    reminder = about(an_item(edition, due_on=dt.date(2018, 10, 17)), offset_days=-2)

    assert due_at(reminder) == dt.datetime(2018, 10, 14, 22, tzinfo=dt.UTC)
    assert send_due(at=NOW)["fired"] == 1


def test_what_has_no_date_waits_for_one_and_leaves_then(edition):
    a_registration(edition)
    item = an_item(edition, due_on=None)
    reminder = about(item)
    assert due_at(reminder) is None
    assert send_due(at=NOW)["fired"] == 0

    RegisterItem.objects.filter(pk=item.pk).update(due_on=NOW.date())

    assert send_due(at=NOW)["fired"] == 1


def test_when_the_day_of_a_task_moves_so_does_what_has_not_left(edition):
    a_registration(edition)
    task = a_task(planned(edition, "10-20"), due_on=NOW.date())
    about(task)
    Task.objects.filter(pk=task.pk).update(due_on=NOW.date() + days(3))

    assert send_due(at=NOW)["fired"] == 0
    assert send_due(at=NOW + days(3))["fired"] == 1


def test_nobody_is_reminded_of_what_is_settled(edition):
    a_registration(edition)
    item = an_item(edition, due_on=NOW.date())
    task = a_task(planned(edition, "10-20"), due_on=NOW.date(), state="done", done_on=NOW.date())
    gone = a_reminder(planned(edition, "10-15", state="dropped"))
    rows = [about(item), about(task), gone]
    RegisterItem.objects.filter(pk=item.pk).update(status="decided", settled_on=NOW.date(), outcome_fr="Oui")

    assert send_due(at=NOW) == {"fired": 0, "skipped": 3, "written": 0}
    for row in rows:
        row.refresh_from_db()
        assert row.skipped_at == NOW
        assert journal.of(row)[0].action == "reminder_settled"


def test_what_follows_a_milestone_leaves_though_it_is_done(edition):
    a_registration(edition)
    a_reminder(planned(edition, "10-14", state="done", done_on=dt.date(2018, 10, 14)), offset_days=1)

    assert send_due(at=NOW)["fired"] == 1


def test_what_was_settled_during_the_night_is_not_written_about(edition):
    a_registration(edition)
    item = an_item(edition, due_on=NOW.date())
    about(item)
    evening = dt.datetime(2018, 10, 15, 20, tzinfo=dt.UTC)
    assert send_due(at=evening)["written"] == 0
    RegisterItem.objects.filter(pk=item.pk).update(status="decided", settled_on=NOW.date(), outcome_fr="Oui")

    send_due(at=evening + days(1))

    assert not OutgoingEmail.objects.filter(event="assises/reminder").exists()


def test_what_is_overdue_is_recalled_every_few_days_until_it_is_settled(edition):
    a_registration(edition)
    item = an_item(edition, due_on=NOW.date())
    reminder = about(item, offset_days=1, repeat_days=7, repeat_times=4)

    fired = [send_due(at=NOW + days(n))["fired"] for n in range(16)]
    assert [n for n, one in enumerate(fired) if one] == [1, 8, 15]
    RegisterItem.objects.filter(pk=item.pk).update(status="decided", settled_on=NOW.date(), outcome_fr="Oui")
    later = [send_due(at=NOW + days(n))["fired"] for n in range(16, 40)]

    reminder.refresh_from_db()
    assert sum(later) == 0
    assert (reminder.is_over, reminder.skipped_at) == (True, None)
    assert list(Reminded.objects.values_list("occurrence", flat=True)) == [1, 2, 3]
    assert OutgoingEmail.objects.filter(event="assises/reminder").count() == 3


def test_it_is_recalled_no_more_often_than_was_said(edition):
    a_registration(edition)
    about(an_item(edition, due_on=NOW.date()), repeat_days=2, repeat_times=3)

    assert sum(send_due(at=NOW + days(n))["fired"] for n in range(30)) == 3


def test_of_the_times_that_were_missed_only_the_latest_leaves(edition):
    a_registration(edition)
    reminder = about(an_item(edition, due_on=NOW.date()), repeat_days=7, repeat_times=10)
    send_due(at=NOW)

    assert send_due(at=NOW + days(22))["fired"] == 1

    reminder.refresh_from_db()
    assert reminder.occurrence == 4
    missed = journal.of(reminder).get(action="reminder_missed")
    assert missed.details["times"] == 2
    assert send_due(at=NOW + days(23))["fired"] == 0
    assert send_due(at=NOW + days(28))["fired"] == 1


@pytest.mark.parametrize("wrong", [{"repeat_days": 7}, {"repeat_times": 3}, {"repeat_days": 0, "repeat_times": 3},
    {"repeat_days": 61, "repeat_times": 3}, {"repeat_days": 7, "repeat_times": 21}, {"occurrence": 1},
    {"milestone": None}])  # fmt: skip
def test_the_database_refuses_what_could_be_sent_without_measure(edition, wrong):
    reminder = a_reminder(a_milestone(edition, NOW))

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.filter(pk=reminder.pk).update(**wrong)


@pytest.mark.parametrize(
    ("day", "utc"),
    [("2018-03-24", "2018-03-23T23:00"), ("2018-03-26", "2018-03-25T22:00"),
     ("2018-10-27", "2018-10-26T22:00"), ("2018-10-29", "2018-10-28T23:00")],
)  # fmt: skip
def test_a_day_begins_at_midnight_on_the_wall_before_and_after_a_change_of_hour(edition, day, utc):
    reminder = about(an_item(edition, due_on=dt.date.fromisoformat(day)))

    assert due_at(reminder) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "side", "then"),
    [
        # Sunday 25 March and Sunday 28 October 2018: nine on Monday on the wall, in summer and in winter.
        ("2018-03-25T06:00", "FR", "2018-03-26T07:00"),
        ("2018-10-28T06:00", "FR", "2018-10-29T08:00"),
        ("2018-03-25T06:00", "CN", "2018-03-26T01:00"),
        ("2018-10-28T06:00", "CN", "2018-10-29T01:00"),
        # The week of the Chinese National Day, and the Sunday before it, which is worked.
        ("2018-10-01T02:00", "CN", "2018-10-08T01:00"),
        ("2018-09-30T02:00", "CN", "2018-09-30T02:00"),
        ("2018-09-30T02:00", "FR", "2018-10-01T07:00"),
    ],
)
def test_readers_of_both_sides_are_written_to_at_nine_on_their_own_wall(edition, at, side, then):
    found = next_at_work(dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC), side, edition)

    assert found == dt.datetime.fromisoformat(then).replace(tzinfo=dt.UTC)


# --- Those who prepare --------------------------------------------------------------------------------


def a_contact(organisation, **fields):
    n = next(NUMBERS)
    defaults = {
        "role_fr": "Chargée de mission", "given_name": "Maud", "family_name": f"Relais {n}",
        "email": f"relais{n}@example.org", "workstream": "assises",
    }  # fmt: skip
    return Contact.objects.create(organisation=organisation, **{**defaults, **fields})


def who(name, edition, what=None):
    return recipients(f"assises.{name}", edition, NOW, what)


def test_whoever_owes_a_point_is_the_person_then_the_organisation_then_the_side(edition):
    host = edition.host
    OrganiserCredit.objects.create(edition=edition, organisation=host, role="co_organiser", order=1)
    person, colleague = a_contact(host), a_contact(host, workstream="showcase")
    gone = a_contact(host, valid_to=dt.date(2018, 6, 30))

    assert [p.email for p in who("owner", edition, an_item(edition, person=person))] == [person.email]
    by_organisation = an_item(edition, organisation=host, person=gone, workstream="showcase")
    assert [p.email for p in who("owner", edition, by_organisation)] == [colleague.email]
    assert {p.email for p in who("owner", edition, an_item(edition))} == {person.email, colleague.email}
    assert who("owner", edition, an_item(edition, owner_side="CN")) == []
    assert who("owner", edition, an_item(edition, owner_side="")) == []


def test_a_chinese_contact_is_written_to_in_chinese_and_at_chinese_hours(edition):
    apcae = an_organisation("APCAE", side="CN", kind="association")
    a_contact(apcae)

    (found,) = who("owner", edition, an_item(edition, owner_side="CN", organisation=apcae))

    assert (found.language, found.side, found.link) == ("zh-hans", "CN", "")


def test_a_link_leads_to_the_back_office_for_those_who_have_an_account(edition, somebody):
    person = a_contact(edition.host, email=somebody().email)
    item = an_item(edition, person=person)

    assert [p.link for p in who("owner", edition, item)] == [item_url(item)]


def test_whoever_owes_several_overdue_things_is_written_to_once(edition):
    person = a_contact(edition.host)
    yesterday = NOW.date() - days(1)
    an_item(edition, person=person, due_on=yesterday)
    an_item(edition, person=person, due_on=yesterday - days(5))
    a_task(planned(edition, "10-20"), person=person, due_on=yesterday)
    a_task(planned(edition, "10-20"), person=a_contact(edition.host), due_on=yesterday, state="done", done_on=yesterday)  # fmt: skip
    an_item(edition, person=a_contact(edition.host))

    assert [p.email for p in who("overdue", edition)] == [person.email]


def test_organisers_hear_of_points_without_owner_or_date_while_there_are_some(edition, somebody):
    organiser = somebody(accounts.ORGANISERS)
    somebody(accounts.DESK)
    assert who("red", edition) == []

    an_item(edition, due_on=None)

    assert [p.email for p in who("red", edition)] == [organiser.email]


def test_whoever_speaks_for_a_side_hears_of_minutes_that_it_has_not_answered(edition, somebody):
    french = somebody(accounts.FRENCH_APPROVAL, side="FR")
    chinese = somebody(accounts.CHINESE_APPROVAL, side="CN", language="zh-hans")
    minutes = sent_minutes(edition)
    assert {p.email for p in who("minutes_unanswered", edition)} == {
        u.email for side in Side for u in speakers(side)
    }

    line_answers = {line.pk: Answer("accepted", line.revision) for line in minutes.lines.all()}
    give_verdicts(minutes, Side.FRENCH, line_answers, at=NOW, by=french)

    told = {p.email for p in who("minutes_unanswered", edition)}
    assert french.email not in told
    assert chinese.email in told


def test_the_letter_says_what_it_is_about_and_how_late_it_is(edition):
    person = a_contact(an_organisation("APCAE", side="CN", kind="association"))
    item = an_item(edition, person=person, owner_side="CN", due_on=NOW.date() - days(4))
    about(item, audience="assises.owner", offset_days=1, repeat_days=3, repeat_times=5)

    send_due(at=NOW)

    letter = OutgoingEmail.objects.get(event="assises/reminder")
    assert letter.language == "zh-hans"
    assert "晚宴地点" in letter.text
    assert "4" in letter.text
    assert "2018年10月11日" in letter.html

"""When a reminder leaves and when not: nights, weekends, milestones that move, what comes too late, one letter a day."""

import datetime as dt

import pytest
from django.db import IntegrityError

from assises import accounts
from assises.enums import WorkState
from assises.models import (
    Contact,
    JournalEntry,
    Milestone,
    OutgoingEmail,
    RegisterItem,
    Reminded,
    Reminder,
    Task,
)
from assises.planning.moving import propose
from assises.planning.writing import set_state
from assises.reminding import claiming, sending
from assises.reminding.sending import send_due
from tests.factories import NOW, a_registration, an_organisation
from tests.planning_factories import a_task, on, planned
from tests.register_factories import an_item
from tests.reminder_factories import a_milestone, a_reminder

pytestmark = pytest.mark.django_db


def letters():
    return OutgoingEmail.objects.filter(event="assises/reminder")


def told(reminder):
    return list(
        JournalEntry.objects.filter(subject_type="assises.reminder", subject_id=reminder.pk).values_list(
            "action", flat=True
        )
    )


def about(row, **fields):
    """An approved reminder about an item of the register, or a task."""
    is_item = isinstance(row, RegisterItem)
    edition = row.edition if is_item else row.milestone.edition
    defaults = {
        "audience": "registration.seated",
        "subject_fr": "Où en est-on ?",
        "subject_zh_hans": "进展如何？",
        "text_fr": "Une réponse est attendue.",
        "text_zh_hans": "请予答复。",
        "approved_at": NOW,
    }
    return Reminder.objects.create(
        edition=edition, **{"item" if is_item else "task": row}, **{**defaults, **fields}
    )


# --- Hours and days --------------------------------------------------------------------------------------


def test_what_announces_a_sunday_leaves_on_the_friday_before(edition):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-21", 10)), offset_days=-1)

    send_due(at=on("10-18", 10))
    assert letters().count() == 0
    send_due(at=on("10-19", 10))

    assert letters().count() == 1


def test_found_on_the_saturday_it_leaves_at_once_for_on_monday_it_is_pointless(edition):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-21", 10)), offset_days=-1)

    send_due(at=on("10-20", 10))

    assert letters().get().created_at == on("10-20", 10)


def test_what_could_not_leave_before_its_milestone_never_leaves_and_the_page_says_so(edition):
    a_registration(edition)
    reminder = a_reminder(a_milestone(edition, on("10-19", 10)), offset_days=-1)
    send_due(at=on("10-18", 22))  # in the evening: it waits for the morning
    assert Reminded.objects.get().not_before == on("10-19", 9)

    send_due(at=on("10-19", 11))  # nobody ran the software at nine

    assert letters().count() == 0
    assert "reminder_too_late" in told(reminder)
    assert not Reminded.objects.filter(written_at=None).exists()


def test_an_hour_that_was_missed_is_not_made_up_for_at_night(edition):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-18", 20)))
    send_due(at=on("10-18", 20))
    assert Reminded.objects.get().not_before == on("10-19", 9)

    send_due(at=on("10-20", 23))  # the software was down on Friday; it is Saturday night
    assert letters().count() == 0
    send_due(at=on("10-22", 9))

    assert letters().count() == 1


def test_the_chinese_national_day_week_delays_what_follows_and_loses_nothing(edition, somebody):
    organisation = an_organisation("Chengdu", side="CN", kind="city")
    Contact.objects.create(
        organisation=organisation, email="wei@example.org", given_name="W", family_name="W"
    )
    item = an_item(edition, due_on=dt.date(2018, 10, 1), owner_side="CN", organisation=organisation)
    about(item, audience="assises.owner")

    for day in range(1, 8):
        send_due(at=on(f"10-{day:02}", 10))
    assert letters().count() == 0
    send_due(at=on("10-08", 10))

    assert letters().count() == 1


def test_a_reader_has_one_letter_a_day_and_the_rest_in_the_morning(edition):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-16", 10)))
    a_reminder(a_milestone(edition, on("10-16", 14)))

    send_due(at=on("10-16", 10))
    send_due(at=on("10-16", 14))
    assert letters().count() == 1
    send_due(at=on("10-17", 9))

    assert letters().count() == 2


def test_one_address_in_capitals_and_small_letters_is_one_reader(edition, somebody):
    organisation = an_organisation()
    Contact.objects.create(
        organisation=organisation, email="Wei@example.org", given_name="W", family_name="W"
    )
    somebody(accounts.ORGANISERS, email="wei@example.org")
    an_item(edition, due_on=None)
    item = an_item(edition, due_on=dt.date(2018, 10, 16), organisation=organisation)
    about(item, audience="assises.owner")
    about(item, audience="assises.red")

    send_due(at=on("10-16", 10))

    assert letters().count() == 1


def test_what_is_repeated_over_a_weekend_stands_in_one_letter_once(edition):
    a_registration(edition)
    about(an_item(edition, due_on=dt.date(2018, 10, 19)), repeat_days=1, repeat_times=10)
    for day in ("10-19", "10-20", "10-21"):
        send_due(at=on(day, 20))

    send_due(at=on("10-22", 9))

    assert letters().get().text.count("Une réponse est attendue.") == 1
    assert not Reminded.objects.filter(written_at=None, not_before__lte=on("10-22", 9)).exists()


# --- What moves, what is settled, who is not there yet ---------------------------------------------------


def test_what_moves_after_its_readers_were_found_leaves_when_it_is_due_anew(edition):
    a_registration(edition)
    milestone = a_milestone(edition, on("10-18", 20))
    reminder = a_reminder(milestone)
    send_due(at=on("10-18", 20))
    Milestone.objects.filter(pk=milestone.pk).update(starts_at=on("11-14", 10))

    send_due(at=on("10-19", 9))
    assert letters().count() == 0
    assert "reminder_taken_back" in told(reminder)
    a_registration(edition)
    send_due(at=on("11-14", 10))

    assert letters().count() == 2  # whoever has come meanwhile too


def test_those_who_were_not_written_to_before_it_moved_are_written_to_then(edition):
    a_registration(edition)
    a_registration(edition)
    milestone = a_milestone(edition, on("10-18", 10))
    reminder = a_reminder(milestone)
    send_due(at=on("10-18", 10))
    letters().first().delete()
    late = Reminded.objects.filter(letter=None).get()
    Reminded.objects.filter(pk=late.pk).update(written_at=None, not_before=on("10-18", 11))
    Milestone.objects.filter(pk=milestone.pk).update(starts_at=on("11-14", 10))

    send_due(at=on("10-18", 11))
    assert letters().count() == 1
    send_due(at=on("11-14", 10))

    assert letters().count() == 2
    reminder.refresh_from_db()
    assert reminder.occurrence == 1


def test_a_move_shows_every_reminder_of_which_something_is_left(edition):
    a_registration(edition)
    milestone = a_milestone(edition, on("10-12", 10))
    repeated = a_reminder(milestone, repeat_days=7, repeat_times=5)
    gone = a_reminder(milestone)
    send_due(at=on("10-12", 10))
    gone.refresh_from_db()
    assert gone.is_over

    assert list(propose(milestone, on("10-30", 10), None).reminders) == [repeated]


def test_done_by_mistake_and_undone_it_is_still_announced(edition):
    a_registration(edition)
    milestone = a_milestone(edition, on("11-20", 10))
    a_reminder(milestone, offset_days=-2)
    milestone = set_state(milestone, WorkState.DONE, version=1, at=NOW, by=None)
    send_due(at=NOW + dt.timedelta(minutes=1))
    set_state(milestone, WorkState.TO_DO, version=milestone.version, at=NOW, by=None)

    send_due(at=on("11-19", 10))

    assert letters().count() == 1


def test_whoever_is_concerned_an_hour_later_is_reminded_too(edition):
    reminder = a_reminder(a_milestone(edition, on("10-16", 10)))
    send_due(at=on("10-16", 10))
    reminder.refresh_from_db()
    assert reminder.occurrence == 0
    a_registration(edition)

    send_due(at=on("10-16", 11))

    assert letters().count() == 1


def test_where_nobody_ever_was_the_page_says_so(edition):
    reminder = a_reminder(a_milestone(edition, on("10-16", 10)))

    for day in ("10-16", "10-19", "10-23"):
        send_due(at=on(day, 12))

    assert told(reminder) == ["reminder_nobody"]


def test_the_task_of_a_milestone_that_was_given_up_is_nobodys_to_do(edition):
    a_registration(edition)
    about(a_task(planned(edition, "10-20", state="dropped"), due_on=dt.date(2018, 10, 16)))

    send_due(at=on("10-16", 10))

    assert letters().count() == 0


# --- One that cannot be sent -----------------------------------------------------------------------------


def test_a_reminder_that_fails_is_told_of_and_keeps_no_other_from_leaving(edition, monkeypatch):
    a_registration(edition)
    broken = a_reminder(a_milestone(edition, on("10-16", 9)), audience="registration.waiting")
    a_reminder(a_milestone(edition, on("10-16", 10)))
    found = claiming.recipients

    def recipients(name, *rest):
        if name == broken.audience:
            raise OverflowError("a day of another age")
        return found(name, *rest)

    monkeypatch.setattr(claiming, "recipients", recipients)

    with pytest.raises(OverflowError):
        send_due(at=on("10-16", 10))

    assert letters().count() == 1


def test_a_name_longer_than_a_line_is_cut_in_the_letter(edition, somebody):
    somebody(accounts.ORGANISERS, first_name="x" * 150, last_name="y" * 150)
    an_item(edition, due_on=None)
    a_reminder(a_milestone(edition, on("10-16", 9)), audience="assises.red")

    send_due(at=on("10-16", 10))

    assert letters().count() == 1


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_the_database_knows_no_days_of_another_age(edition, day):
    task = a_task(planned(edition, "10-20"))
    with pytest.raises(IntegrityError, match="assises_task_due_on_a_plausible_day"):
        Task.objects.filter(pk=task.pk).update(due_on=day)


def test_what_announces_nine_oclock_on_a_monday_is_not_kept_until_nine_oclock_on_that_monday(edition):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-22", 9)), offset_days=-1)

    send_due(at=on("10-20", 10))  # found on the Saturday

    assert letters().count() == 1


def test_one_that_fails_in_the_morning_keeps_nobody_elses_letter_from_leaving(edition, monkeypatch):
    a_registration(edition)
    a_reminder(a_milestone(edition, on("10-15", 20)))
    send_due(at=on("10-15", 20))
    organisation = an_organisation()
    Contact.objects.create(organisation=organisation, email="w@example.org", given_name="W", family_name="W")
    about(an_item(edition, due_on=dt.date(2018, 10, 16), organisation=organisation), audience="assises.owner")
    found = sending.recipients

    def recipients(name, *rest):
        if name == "registration.seated":
            raise OverflowError("a day of another age")
        return found(name, *rest)

    monkeypatch.setattr(sending, "recipients", recipients)
    with pytest.raises(OverflowError):
        send_due(at=on("10-16", 9))
    assert letters().get().to_email == "w@example.org"
    monkeypatch.undo()
    send_due(at=on("10-16", 10))

    assert letters().count() == 2


def test_all_times_that_waited_over_a_weekend_are_taken_back_when_their_day_moves(edition):
    a_registration(edition)
    item = an_item(edition, due_on=dt.date(2018, 10, 19))
    reminder = about(item, repeat_days=1, repeat_times=3)
    for day in ("10-19", "10-20", "10-21"):
        send_due(at=on(day, 20))
    RegisterItem.objects.filter(pk=item.pk).update(due_on=dt.date(2018, 11, 13))
    send_due(at=on("10-22", 9))
    reminder.refresh_from_db()
    assert (reminder.occurrence, reminder.fired_at) == (0, None)
    a_registration(edition)

    for day in ("11-13", "11-14", "11-15"):
        send_due(at=on(day, 10))

    assert letters().count() == 6


def test_times_that_were_missed_and_not_sent_are_not_counted_when_it_moves(edition):
    a_registration(edition)
    milestone = a_milestone(edition, on("10-01", 20))
    reminder = a_reminder(milestone, repeat_days=7, repeat_times=3)
    send_due(at=on("10-15", 20))
    Milestone.objects.filter(pk=milestone.pk).update(starts_at=on("11-01", 10))

    send_due(at=on("10-16", 9))

    reminder.refresh_from_db()
    assert (reminder.occurrence, reminder.fired_at) == (0, None)
    send_due(at=on("11-02", 10))
    assert letters().count() == 1

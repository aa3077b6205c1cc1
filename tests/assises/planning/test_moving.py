"""Milestones are moved with all that they push; nothing happens that was not shown, and the reason stays."""

import datetime as dt
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assises import journal
from assises.enums import MilestoneKey, WorkState
from assises.exceptions import Conflict, Refusal
from assises.models import Dependency, Edition, Milestone, MilestoneMove, Task
from assises.planning.again import plan_from
from assises.planning.moving import Proposal, follow_edition, move, propose
from assises.planning.reading import plan_of
from assises.planning.writing import (
    add_dependency,
    add_task,
    change_milestone,
    change_task,
    create_milestone,
    delete_milestone,
    replace,
    set_state,
)
from tests.factories import NOW, an_edition
from tests.planning_factories import a_task, on, planned, then
from tests.register_factories import a_candidate, an_item
from tests.reminder_factories import a_reminder

BY_NOBODY: dict[str, Any] = {"at": NOW, "by": None}
WHY: dict[str, Any] = {"reason_fr": "Grèves", "reason_zh": "罢工", **BY_NOBODY}


def moved(milestone: Milestone, starts_at: dt.datetime, ends_at: dt.datetime | None = None) -> Proposal:
    """Look, then confirm."""
    shown = propose(milestone, starts_at, ends_at)
    return move(milestone, starts_at, ends_at, digest=shown.digest, **WHY)


def fresh(milestone: Milestone) -> Milestone:
    return Milestone.objects.select_related("edition").get(pk=milestone.pk)


def test_what_follows_is_shown_before_anything_moves(edition: Edition) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22", "10-24")
    then(first, second)
    reminder = a_reminder(second)
    task = a_task(second, due_on=dt.date(2018, 10, 24))

    shown = propose(first, on("10-25"), None)

    assert [(s.milestone, s.days) for s in shown.pushed] == [(second, 3)]
    assert (shown.reminders, shown.tasks) == ((reminder,), (task,))
    assert fresh(second).first_day == dt.date(2018, 10, 22)
    assert not MilestoneMove.objects.exists()


def test_a_move_pushes_and_remembers_why(edition: Edition) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22", "10-24")
    then(first, second)

    moved(first, on("10-25"))

    assert fresh(first).starts_at == on("10-25")
    assert (fresh(second).starts_at, fresh(second).ends_at) == (on("10-25"), on("10-27"))
    mine, pushed = MilestoneMove.objects.all()
    assert (mine.reason_fr, mine.reason_zh_hans, mine.from_starts_at) == ("Grèves", "罢工", on("10-20"))
    assert pushed.pushed_by == mine
    assert str(first.label_fr) in (pushed.reason_fr or "")
    assert [e.action for e in journal.of(second)] == ["milestone_moved"]


def test_what_was_shown_is_what_happens_or_nothing(edition: Edition) -> None:
    first, second = planned(edition, "10-20"), planned(edition, "10-22")
    shown = propose(first, on("10-25"), None)
    then(first, second)

    with pytest.raises(Refusal):
        move(first, on("10-25"), None, digest=shown.digest, **WHY)

    assert fresh(first).starts_at == on("10-20")


def test_nothing_moves_without_a_reason(edition: Edition) -> None:
    milestone = planned(edition, "10-20")
    shown = propose(milestone, on("10-25"), None)

    with pytest.raises(Refusal):
        move(milestone, on("10-25"), None, digest=shown.digest, reason_fr="  ", **BY_NOBODY)


@pytest.mark.parametrize("state", [WorkState.DONE, WorkState.DROPPED])
def test_what_is_done_or_given_up_is_not_moved(edition: Edition, state: WorkState) -> None:
    milestone = planned(
        edition, "10-20", state=state, done_on=NOW.date() if state == WorkState.DONE else None
    )

    with pytest.raises(Refusal):
        propose(milestone, on("10-25"), None)


def test_what_others_organise_is_not_pushed_but_told(edition: Edition) -> None:
    first, event = planned(edition, "10-20"), planned(edition, "10-22", kind="external")
    then(first, event)

    shown = propose(first, on("10-25"), None)

    assert shown.pushed == ()
    assert [(s.milestone, s.days) for s in shown.clashes] == [(event, 3)]


def test_what_the_software_opens_on_it_is_said(edition: Edition) -> None:
    opens = Milestone.objects.get(edition=edition, key=MilestoneKey.REGISTRATION_CLOSES)

    shown = propose(opens, opens.starts_at + dt.timedelta(days=1), None)

    assert shown.switches == (opens,)


@pytest.mark.parametrize(
    ("before", "day", "lag"),
    [("03-20", "03-27", 0), ("10-24", "10-30", 0)],
    ids=["25 March 2018", "28 October 2018"],
)
def test_the_hour_on_the_wall_stays_through_a_change_of_hour(
    edition: Edition, before: str, day: str, lag: int
) -> None:
    first = planned(edition, before)
    second = planned(edition, before)
    Milestone.objects.filter(pk=second.pk).update(starts_at=on(before, 14, 30))
    then(first, second, lag)

    moved(first, on(day))

    assert fresh(second).starts_at == on(day, 14, 30)


def test_what_follows_the_edition_follows_from_its_new_place(edition: Edition) -> None:
    milestone = create_milestone(
        edition, label_fr="Visas", label_zh_hans="签证", starts_at=on("11-11"), follows=True, **BY_NOBODY
    )
    assert milestone.offset_days == -30

    moved(milestone, on("11-16"))

    assert fresh(milestone).offset_days == -25


def test_when_the_assises_move_what_follows_them_moves_and_what_is_done_stays(edition: Edition) -> None:
    follows = planned(edition, "11-11", offset_days=-30)
    a_task(follows, due_on=dt.date(2018, 11, 10))
    fixed = planned(edition, "11-11")
    done = planned(edition, "09-01", offset_days=-101, state="done", done_on=dt.date(2018, 9, 1))
    edition.starts_on, edition.ends_on = dt.date(2018, 12, 18), dt.date(2018, 12, 20)
    edition.save()

    count = follow_edition(edition, **BY_NOBODY)

    assert count == 1
    assert fresh(follows).first_day == dt.date(2018, 11, 18)
    assert (fresh(follows).offset_days, Task.objects.get().due_on) == (-30, dt.date(2018, 11, 17))
    assert (fresh(fixed).first_day, fresh(done).first_day) == (dt.date(2018, 11, 11), dt.date(2018, 9, 1))
    assert MilestoneMove.objects.get().milestone == follows


def test_a_new_edition_is_planned_from_the_days_of_the_old_one(edition: Edition) -> None:
    first, second = planned(edition, "09-12"), planned(edition, "11-11", "11-16", owner_side="FR")
    then(first, second, 5)
    a_task(second, due_on=dt.date(2018, 11, 16))
    planned(edition, "10-01", kind="external")
    planned(edition, "10-02", state="dropped")
    new = an_edition(elected=1)
    new.time_zone, new.starts_on, new.ends_on = "Asia/Shanghai", dt.date(2021, 6, 8), dt.date(2021, 6, 10)
    new.save()
    mine = Milestone.objects.filter(edition=new).count()

    made = plan_from(edition, new, **BY_NOBODY)

    copy = Milestone.objects.select_related("edition").get(edition=new, key=second.key)
    assert made == 2
    assert Milestone.objects.filter(edition=new).count() == mine + 2
    assert (copy.first_day, copy.last_day) == (dt.date(2021, 5, 9), dt.date(2021, 5, 14))
    assert (copy.offset_days, copy.owner_side, copy.state) == (-30, "FR", "to_do")
    assert copy.tasks.get().due_on == dt.date(2021, 5, 14)
    assert Dependency.objects.get(after=copy).lag_days == 5
    assert plan_from(edition, new, **BY_NOBODY) == 0


def test_the_command_plans_an_edition(edition: Edition) -> None:
    planned(edition, "09-12")
    new, said = an_edition(elected=1), StringIO()

    call_command("plan_edition", new.code, "--from", edition.code, stdout=said)

    assert "1 milestones planned" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("plan_edition", "nowhere", "--from", edition.code)
    with pytest.raises(CommandError):
        call_command("plan_edition", edition.code, "--from", edition.code)


# --- What waits for what ---------------------------------------------------------------------


def test_no_circle_is_closed(edition: Edition) -> None:
    first, second, third = (planned(edition, "10-20") for _n in range(3))
    add_dependency(first, second, **BY_NOBODY)
    add_dependency(second, third, **BY_NOBODY)

    for before, after in ((third, first), (first, first), (first, second)):
        with pytest.raises(Refusal):
            add_dependency(before, after, **BY_NOBODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependency.objects.create(before=third, after=first)


@pytest.mark.django_db(transaction=True)
def test_two_who_close_a_circle_together_do_not() -> None:
    edition = an_edition(elected=1)
    first, second = planned(edition, "10-20"), planned(edition, "10-20")
    together, refused = threading.Barrier(2), []

    def tie(before: Milestone, after: Milestone) -> None:
        together.wait()
        try:
            add_dependency(before, after, **BY_NOBODY)
        except Refusal as no:
            refused.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=tie, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Dependency.objects.count(), len(refused)) == (1, 1)


def test_milestones_of_two_editions_do_not_wait_for_one_another(edition: Edition) -> None:
    foreign = planned(an_edition(elected=1), "10-20")

    with pytest.raises(Refusal):
        add_dependency(planned(edition, "10-20"), foreign, **BY_NOBODY)


# --- Writing ---------------------------------------------------------------------------------


def test_two_who_change_a_milestone_at_once_do_not_overwrite_each_other(edition: Edition) -> None:
    milestone = planned(edition, "10-20")
    change_milestone(milestone, {"note": "a"}, version=1, **BY_NOBODY)

    with pytest.raises(Conflict):
        change_milestone(milestone, {"source": "b"}, version=1, **BY_NOBODY)

    assert fresh(milestone).source == ""


def test_a_date_does_not_change_by_the_way(edition: Edition) -> None:
    milestone = planned(edition, "10-20")

    change_milestone(milestone, {"starts_at": on("10-25"), "note": "a"}, version=1, **BY_NOBODY)

    assert fresh(milestone).starts_at == on("10-20")


def test_done_is_done_on_a_day(edition: Edition) -> None:
    milestone = planned(edition, "10-20")

    done = set_state(milestone, WorkState.DONE, version=1, **BY_NOBODY)
    again = set_state(done, WorkState.IN_PROGRESS, version=done.version, **BY_NOBODY)

    assert (done.done_on, again.done_on) == (NOW.date(), None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(state="done", done_on=None)


def test_what_another_one_replaces_no_longer_counts(edition: Edition) -> None:
    """D-02."""
    old, new = planned(edition, "10-20"), planned(edition, "10-25")

    replace(old, new, version=1, **BY_NOBODY)

    assert old.pk not in {m.pk for m in plan_of(edition).standing}
    with pytest.raises(Refusal):
        replace(new, fresh(old), version=1, **BY_NOBODY)


def test_what_something_hangs_from_is_given_up_not_taken_back(edition: Edition) -> None:
    with_task, alone = planned(edition, "10-20"), planned(edition, "10-21")
    add_task(with_task, title_fr="Réserver", **BY_NOBODY)

    delete_milestone(alone, version=1, **BY_NOBODY)
    with pytest.raises(Refusal):
        delete_milestone(with_task, version=1, **BY_NOBODY)

    assert not Milestone.objects.filter(pk=alone.pk).exists()


def test_a_task_is_done_today_unless_a_day_is_said(edition: Edition) -> None:
    task = a_task(planned(edition, "10-20"))

    done = change_task(task, {"state": "done"}, version=1, **BY_NOBODY)
    again = change_task(done, {"state": "to_do"}, version=2, **BY_NOBODY)

    assert (done.done_on, again.done_on) == (NOW.date(), None)
    with pytest.raises(Conflict):
        change_task(task, {"state": "done"}, version=1, **BY_NOBODY)


def test_each_milestone_gets_a_key_of_its_own(edition: Edition) -> None:
    keys = [
        create_milestone(edition, label_fr="Envoi des visas !", starts_at=on("11-11"), **BY_NOBODY).key
        for _n in range(3)
    ]

    assert keys == ["envoi_des_visas", "envoi_des_visas_2", "envoi_des_visas_3"]


def test_dated_candidates_of_an_open_point_make_it_a_matter_of_arbitration(edition: Edition) -> None:
    """D-01."""
    milestone, other = planned(edition, "10-20"), planned(edition, "10-25")
    a_candidate(an_item(edition, subject=milestone), starts_on=dt.date(2018, 10, 20))
    a_candidate(an_item(edition, subject=other))

    assert plan_of(edition).to_arbitrate == {milestone.pk}


def test_a_plan_is_read_in_the_same_number_of_queries(
    edition: Edition, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for _n in range(count):
            milestone = planned(edition, "10-20", organisation=edition.host)
            a_task(milestone)
            a_candidate(an_item(edition, subject=milestone), starts_on=dt.date(2018, 10, 20))

    fill(1)
    plan_of(edition)
    for count in (1, 30):
        fill(count)
        with django_assert_num_queries(5):
            plan = plan_of(edition)
            assert [str(m.organisation) for m in plan.standing]
            assert [plan.remarks_of(m) for m in plan.standing]
            assert plan.critical == []

"""What runs by itself, and that it is seen when it stops."""

import datetime as dt

import pytest
from django.urls import reverse

from assises import accounts, jobs
from assises.celery import app
from assises.models import JobRun
from assises.tasks import remind
from tests.factories import NOW
from tests.registration.test_query_counts import statements

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def late(at):
    return [job.name for job in jobs.jobs(at) if job.is_late]


def test_each_task_of_the_schedule_says_what_it_is_for_and_exists(settings):
    app.loader.import_default_modules()

    assert set(jobs.LABELS) == set(settings.CELERY_BEAT_SCHEDULE)
    assert {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_before_anything_ran_nothing_has_stopped():
    assert late(NOW) == []


def test_a_task_that_stops_is_late_after_three_of_its_intervals_and_five_minutes():
    for name in (
        "assises.mail.tasks.deliver_pending",
        "assises.tasks.remind",
        "registration.tasks.tend_places",
    ):
        jobs.note(name, at=NOW)

    assert late(NOW + 6 * MINUTE) == []
    assert late(NOW + 7 * MINUTE) == ["letters", "places"]
    assert late(NOW + 9 * MINUTE) == [
        "letters",
        "places",
        "reminders",
        "award",
        "completions",
        "jury_minutes",
    ]
    assert "retention" in late(NOW + dt.timedelta(days=4))


def test_failures_are_kept_with_their_reason_until_it_succeeds_again():
    jobs.note("assises.tasks.remind", at=NOW)
    jobs.note("assises.tasks.remind", at=NOW + MINUTE, error="OperationalError: no more room")

    failing = [job for job in jobs.jobs(NOW + MINUTE) if job.is_failing]
    assert [(job.name, job.run.error, job.run.successes, job.run.failures) for job in failing] == [
        ("reminders", "OperationalError: no more room", 1, 1)
    ]
    jobs.note("assises.tasks.remind", at=NOW + 2 * MINUTE)

    assert not any(job.is_failing for job in jobs.jobs(NOW + 2 * MINUTE))


def test_a_worker_keeps_what_it_did(settings):
    remind.apply()

    assert JobRun.objects.get().name == "assises.tasks.remind"


def test_other_tasks_are_not_of_the_schedule():
    jobs.note("somebody.else", at=NOW)

    assert not JobRun.objects.exists()


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_an_alarm_stands_on_the_first_page_and_the_page_says_which(as_role, monday, edition, language):
    client = as_role(accounts.ORGANISERS, language=language)
    title = {"fr": "Un traitement s’est arrêté", "zh-hans": "有任务已停止运行"}[language]
    jobs.note("assises.tasks.remind", at=NOW + dt.timedelta(hours=1))
    assert title not in client.get("/admin/").text
    JobRun.objects.update(succeeded_at=NOW - dt.timedelta(hours=2))

    assert title in client.get("/admin/").text
    assert len(statements(lambda: client.get(reverse("admin:jobs")))) <= 9
    assert client.get(reverse("admin:jobs")).status_code == 200


def test_the_probe_says_which_tasks_are_late(client, monday):
    assert client.get("/readyz").json()["tasks"] == "ok"
    jobs.note("assises.tasks.remind", at=NOW - dt.timedelta(hours=2))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["tasks"]) == (
        200,
        "late: letters, places, reminders, award, completions, jury_minutes",
    )

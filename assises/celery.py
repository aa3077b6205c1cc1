"""The Celery application: ``celery -A assises worker`` and ``celery -A assises beat``."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_failure, task_success

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assises.settings")

app = Celery("assises")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["assises.mail"])


@task_success.connect
def _succeeded(sender: Any = None, **kwargs: Any) -> None:
    from assises import clock, jobs

    jobs.note(sender.name, at=clock.now())


@task_failure.connect
def _failed(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    from assises import clock, jobs

    jobs.note(sender.name, at=clock.now(), error=f"{type(exception).__name__}: {exception}")

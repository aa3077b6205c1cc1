"""The Celery application: ``celery -A assises worker`` and ``celery -A assises beat``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assises.settings")

app = Celery("assises")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["assises.mail"])

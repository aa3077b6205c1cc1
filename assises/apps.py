import django.contrib.admin.apps
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = _("The Assises")

    def ready(self) -> None:
        # Tasks find their broker through the current Celery application: it must exist in every process.
        from assises import celery  # noqa: F401


class BackOfficeConfig(django.contrib.admin.apps.AdminConfig):
    default = False
    default_site = "assises.back_office.BackOffice"

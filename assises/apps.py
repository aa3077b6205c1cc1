import django.contrib.admin.apps
from django.apps import AppConfig, apps
from django.db.models import CharField, TextField
from django.utils.translation import gettext_lazy as _


class AssisesConfig(AppConfig):
    name = "assises"
    verbose_name = _("The Assises")

    def ready(self) -> None:
        # Tasks find their broker through the current Celery application: it must exist in every process.
        from assises import celery  # noqa: F401
        from assises.characters import writable

        # Here and not at each field, so that none is forgotten; translated fields share the list of their original.
        for field in (field for model in apps.get_models() for field in model._meta.fields):
            if isinstance(field, CharField | TextField) and writable not in field.validators:
                field.validators.append(writable)


class BackOfficeConfig(django.contrib.admin.apps.AdminConfig):
    default = False
    default_site = "assises.back_office.BackOffice"

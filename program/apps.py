from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class ProgramConfig(AppConfig):
    name = "program"
    verbose_name = _("Programme")

    def ready(self) -> None:
        from program.texts import SOURCES

        for source in SOURCES.values():
            post_save.connect(_note_texts, sender=source.model, dispatch_uid=f"texts of {source.model_name}")


def _note_texts(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Whoever saves: a service, the plain page of a room, a file that is loaded."""
    from assises import clock
    from program.services.translations import note_written
    from program.texts import SOURCES

    source = SOURCES[sender._meta.model_name]
    touched = update_fields is None or any(name.startswith(tuple(source.fields)) for name in update_fields)
    if touched and not raw and source.concerns(instance):
        note_written(instance, at=clock.now())

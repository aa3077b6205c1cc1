"""The large files that the award receives: films of applications, each from somebody of their pair."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import Upload
from assises.text import whole_number
from assises.uploads import purpose
from awards.models import Editor
from awards.services import attaching


def _editor(target: str) -> Editor:
    """Whoever sends the film. Refuses somebody who was taken out meanwhile: their page of before still knows the address."""
    editors = Editor.objects.select_related("application__call__edition__host")
    editor = editors.filter(pk=whole_number(target)).first()
    if editor is None:
        raise Refusal(_("You no longer write in this application."))
    return editor


def _most_bytes(target: str) -> int:
    return _editor(target).application.call.film_megabytes * attaching.MEGABYTE


def _may_receive(target: str, at: dt.datetime) -> None:
    attaching.may_receive_film(_editor(target).application, at)


def _check(path: Path, upload: Upload) -> dict[str, Any]:
    most = _editor(upload.target).application.call.film_seconds
    return attaching.look_into_film(path, most_seconds=most)


def _complete(upload: Upload, *, facts: dict[str, Any], at: dt.datetime) -> None:
    editor = _editor(upload.target)
    attaching.take_film(
        editor.application, key=upload.key, name=upload.original_name, facts=facts, at=at, by=editor
    )


purpose(attaching.FILM, most_bytes=_most_bytes, may_receive=_may_receive, check=_check, complete=_complete)

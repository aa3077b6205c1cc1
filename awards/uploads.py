"""The large files that the award receives: films of applications."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import Upload
from assises.text import whole_number
from assises.uploads import purpose
from awards.models import Application
from awards.services import attaching


def _row(target: str) -> Application:
    rows = Application.objects.select_related("call__edition__host")
    row = rows.filter(pk=whole_number(target)).first()
    if row is None:
        raise Refusal(_("This application is no longer there."))
    return row


def _most_bytes(target: str) -> int:
    return _row(target).call.film_megabytes * attaching.MEGABYTE


def _may_receive(target: str, at: dt.datetime) -> None:
    attaching.may_receive_film(_row(target), at)


def _check(path: Path, upload: Upload) -> dict[str, Any]:
    return attaching.look_into_film(path, most_seconds=_row(upload.target).call.film_seconds)


def _complete(upload: Upload, *, facts: dict[str, Any], at: dt.datetime) -> None:
    attaching.take_film(_row(upload.target), key=upload.key, name=upload.original_name, facts=facts, at=at)


purpose(attaching.FILM, most_bytes=_most_bytes, may_receive=_may_receive, check=_check, complete=_complete)

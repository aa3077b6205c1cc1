"""A file that a plain form brought, and what a form says that scripts have sent before it."""

import datetime as dt
import uuid

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import Upload
from assises.uploads.grants import Grant
from assises.uploads.keeping import append, create, find, forget
from assises.uploads.purposes import purpose_of


def receive(purpose: str, target: str | int, sent: UploadedFile | uuid.UUID, *, at: dt.datetime) -> Upload:
    """What ``UploadField`` gives, as a complete upload: of a file, or of the key of one that has arrived already.

    Raises what ``receive_whole`` raises, and ``Refusal`` where nothing complete has this key.
    """
    if isinstance(sent, UploadedFile):
        return receive_whole(purpose, target, sent, at=at)
    upload = find(_grant(purpose, target), sent, at=at)
    if upload is None or upload.completed_at is None:
        raise Refusal(_("This file has not arrived in full. Choose it again: what is here already is kept."))
    return upload


def receive_whole(purpose: str, target: str | int, file: UploadedFile, *, at: dt.datetime) -> Upload:
    """Keep a file that came in one request, as a complete upload: checked and taken as one that came in parts.

    Raises ``Closed``, ``TooLarge``, ``NotAccepted``, ``files.DiskFull`` or ``Refusal``; then nothing of it is kept.
    """
    grant = _grant(purpose, target)
    size = file.size or 0
    upload = create(grant, size=size, name=file.name or "", media_type=file.content_type or "", at=at)
    try:
        return append(grant, upload, offset=0, length=size, pieces=file.chunks(), at=at)
    except BaseException:
        # Nobody knows its key, so nobody could go on.
        forget(upload)
        raise


def _grant(purpose: str, target: str | int) -> Grant:
    found = purpose_of(purpose)
    if found is None:
        raise LookupError(f"No app declares the purpose {purpose}.")
    return Grant(found, str(target))

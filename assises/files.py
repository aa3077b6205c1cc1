"""Private files: what people sent us, and what was made of it. Nothing here is served as a static or media file.

A file is known by its key alone, which says nothing: no name that somebody typed ever reaches the disk. What a file is,
and whose, stands in the row that holds its key in a ``FileKeyField``. So a file is put first and its row written after
it: what a transaction that failed leaves behind is a file without a row, which ``uploads.purge`` deletes.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assises.exceptions import Refusal

#: What is read and written at once, bytes: a film takes no more memory than that.
PIECE = 64 * 1024
#: What the system says where there is no room: on the disk, in a quota, in a limit of the process.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FileKeyField(models.UUIDField):
    """The key of a private file. A file whose key stands in no such column, of whatever model, belongs to nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class DiskFull(Refusal):
    """There is no room for a file."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server has no room for this file at the moment. What has arrived is kept: try again in an hour, and write to the organisers if it lasts."
            )
        )


class Busy(Exception):
    """Somebody else is writing this file."""


def path_of(key: uuid.UUID) -> Path:
    """Where a file lies, whether it exists or not."""
    return Path(settings.FILES_ROOT) / key.hex[:2] / key.hex


def put(pieces: Iterable[bytes]) -> uuid.UUID:
    """Keep a new file, on disk when this returns; its key. Raises ``DiskFull``, and then keeps nothing."""
    key = uuid.uuid4()
    try:
        with told_when_full(), locked(key) as file:
            for piece in pieces:
                write(file, piece)
            os.fsync(file)
    except BaseException:
        delete(key)
        raise
    return key


def opened(key: uuid.UUID) -> BinaryIO:
    """The file, to be read. Raises ``FileNotFoundError``."""
    return path_of(key).open("rb")


def digest_of(key: uuid.UUID) -> str:
    """SHA-256 of a file, 64 hexadecimal digits; empty where there is none."""
    try:
        with path_of(key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def delete(*keys: uuid.UUID) -> None:
    """Delete these files; those that are gone already are passed over."""
    for key in keys:
        path_of(key).unlink(missing_ok=True)


def delete_after_commit(*keys: uuid.UUID) -> None:
    """Delete these files once the rows that held them are gone for good; what cannot be deleted is told in the log."""
    transaction.on_commit(partial(delete, *keys), robust=True)


def room_for(size: int) -> bool:
    """Whether the disk has ``size`` bytes, and ``FILES_RESERVE`` for everything else."""
    folder = Path(settings.FILES_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free >= size + settings.FILES_RESERVE


@contextlib.contextmanager
def told_when_full() -> Iterator[None]:
    """Say ``DiskFull`` for whatever way the system has of saying it."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from error
        raise


@contextlib.contextmanager
def locked(key: uuid.UUID) -> Iterator[int]:
    """The descriptor of a file, made if need be, that nobody else writes meanwhile. Raises ``Busy`` at once.

    The lock is one of the kernel's (``flock``): two threads and two processes exclude each other alike, and a process
    that is killed has let go. A lease in a row would need an hour at which it ends: too early for a slow line, or too
    late for whoever wants to go on after a crash.
    """
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield file
    finally:
        os.close(file)


def write(file: int, piece: bytes) -> None:
    """Write all of it: the system may take less at once."""
    view = memoryview(piece)
    while view:
        view = view[os.write(file, view) :]


def size_in_words(size: int) -> str:
    """``80 MB``, in the reader's language and in thousands, as the systems of most readers show it."""
    if size < 1_000_000:
        return _("%(size)s kB") % {"size": number_format(size / 1000, 0)}
    return _("%(size)s MB") % {"size": number_format(size / 1_000_000, 0 if size >= 10_000_000 else 1)}


def held(keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the keys that stand in a row of some model; one query for each column that holds keys."""
    asked, found = list(keys), set[uuid.UUID]()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileKeyField):
                rows = model._default_manager.filter(**{f"{field.name}__in": asked})
                found.update(rows.values_list(field.name, flat=True))
    return found


def key_of(path: Path) -> uuid.UUID | None:
    """The key that a path under ``FILES_ROOT`` stands for; None for anything else that lies there."""
    try:
        key = uuid.UUID(hex=path.name)
    except ValueError:
        return None
    return key if path_of(key) == path else None

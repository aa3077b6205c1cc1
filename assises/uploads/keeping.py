"""An upload begins, goes on, and is complete, or is given up.

Nobody holds a transaction while a slow line delivers. Who writes holds the lock of the file (``files.locked``); the
offset in the row follows what the disk has confirmed, by updates that also say from which offset they go on. After a
crash the file may be longer than the offset: what lies beyond it was never acknowledged, and is cut off.
"""

import datetime as dt
import logging
import os
import uuid
from collections.abc import Iterable
from functools import partial

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assises import files
from assises.characters import without
from assises.exceptions import Refusal
from assises.locks import Lock
from assises.models import Upload
from assises.uploads.grants import Grant
from assises.uploads.purposes import Purpose
from assises.uploads.refusals import Closed, Gone, NotAccepted, TooLarge, WrongOffset

logger = logging.getLogger(__name__)

#: Bytes after which what has arrived is made safe: a crash costs no more than that.
CHECKPOINT = 4 * 1024 * 1024
#: How long an upload waits for its next part, and how long a complete one is remembered.
PATIENCE = dt.timedelta(days=7)
#: Open uploads of one target: a second device, another try. Those with the oldest progress make room.
MOST_OPEN = 3


@transaction.atomic
def create(grant: Grant, *, size: int, name: str = "", media_type: str = "", at: dt.datetime) -> Upload:
    """Begin an upload of ``size`` bytes.

    Raises ``Closed``, ``TooLarge``, ``files.DiskFull``, or ``Refusal`` for a file without content.
    """
    if size < 1:
        raise Refusal(_("This file is empty. Choose another one."))
    most = grant.purpose.most_bytes(grant.target)
    if size > most:
        raise TooLarge(size, most)
    ask(grant, at=at)
    if not files.room_for(size):
        raise files.DiskFull
    _make_room(grant)
    return Upload.objects.create(
        purpose=grant.purpose.name,
        target=grant.target,
        size=size,
        original_name=without(name)[:255],
        media_type=without(media_type)[:100],
        created_at=at,
        progressed_at=at,
        expires_at=at + PATIENCE,
    )


def find(grant: Grant, key: uuid.UUID, *, at: dt.datetime) -> Upload | None:
    """The upload of this grant with this key; None if there is none. Raises ``Gone`` for one that has expired."""
    upload = Upload.objects.filter(key=key, purpose=grant.purpose.name, target=grant.target).first()
    if upload is not None and upload.expires_at <= at:
        raise Gone
    return upload


def append(
    grant: Grant, upload: Upload, *, offset: int, length: int, pieces: Iterable[bytes], at: dt.datetime
) -> Upload:
    """Keep what ``pieces`` deliver of the ``length`` bytes announced from ``offset`` on; complete the upload with the last.

    Pieces may end early: what came is kept. Raises ``files.Busy``, ``WrongOffset``, ``TooLarge``, ``Closed``, ``Gone``
    and ``files.DiskFull``, of which none loses what had arrived before; and ``NotAccepted``, which keeps nothing.
    """
    if upload.completed_at is not None:
        if offset != upload.size or length:
            raise WrongOffset
        return upload
    with files.told_when_full(), files.locked(upload.key) as file:
        _reread(upload)
        # Who was killed after the last checkpoint left more than the row says; a disk that lost something left less.
        there = os.fstat(file).st_size
        if there < upload.offset:
            _advance(upload, there, at=at)
        if offset != upload.offset:
            raise WrongOffset
        if length > upload.size - offset:
            raise TooLarge(offset + length, upload.size)
        ask(grant, at=at)
        if not files.room_for(length):
            raise files.DiskFull
        os.ftruncate(file, offset)
        os.lseek(file, offset, os.SEEK_SET)
        _take(upload, file, pieces, at=at)
        if os.fstat(file).st_size == upload.size:
            _complete(grant, upload, at=at)
    return upload


def terminate(upload: Upload) -> None:
    """Give an upload up: nothing of it stays. Raises ``files.Busy``, and ``Refusal`` for one that is complete."""
    if upload.completed_at is not None:
        raise Refusal(_("This file has been received: it is removed on the page where it belongs."))
    with files.locked(upload.key):
        _reread(upload)
        forget(upload)


def ask(grant: Grant, *, at: dt.datetime) -> None:
    """Raise ``Closed``, in the words of the app, where the target receives nothing now."""
    try:
        grant.purpose.may_receive(grant.target, at)
    except Refusal as refusal:
        raise Closed(str(refusal)) from refusal


def _make_room(grant: Grant) -> None:
    """One of few: two that begin at once do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [Lock.UPLOADS, f"{grant.purpose.name}:{grant.target}"],
        )
    others = Upload.objects.open().filter(purpose=grant.purpose.name, target=grant.target)
    abandoned = [upload.key for upload in others.order_by("-progressed_at")[MOST_OPEN - 1 :]]
    Upload.objects.filter(key__in=abandoned).delete()
    files.delete_after_commit(*abandoned)


def _reread(upload: Upload) -> None:
    """As it stands now that nobody else writes; ``Gone`` if it does not stand any more."""
    try:
        upload.refresh_from_db()
    except Upload.DoesNotExist:
        # Opening it made a file for nobody.
        if not files.held([upload.key]):
            files.delete(upload.key)
        raise Gone from None
    if upload.completed_at is not None:
        raise WrongOffset


def _take(upload: Upload, file: int, pieces: Iterable[bytes], *, at: dt.datetime) -> None:
    unsafe = 0
    try:
        for piece in pieces:
            files.write(file, piece)
            unsafe += len(piece)
            if unsafe >= CHECKPOINT:
                _secure(upload, file, at=at)
                unsafe = 0
    except OSError:
        # What went before is kept; where the disk is full, the last piece may be there in part.
        _secure(upload, file, at=at)
        raise
    _secure(upload, file, at=at)


def _secure(upload: Upload, file: int, *, at: dt.datetime) -> None:
    """Let the row follow the disk. The last byte counts only with the transaction that completes the upload."""
    os.fdatasync(file)
    there = os.fstat(file).st_size
    if upload.offset < there < upload.size:
        _advance(upload, there, at=at)


def _advance(upload: Upload, offset: int, *, at: dt.datetime) -> None:
    moved = Upload.objects.filter(pk=upload.pk, offset=upload.offset, completed_at=None).update(
        offset=offset, progressed_at=at, expires_at=at + PATIENCE
    )
    if not moved:
        raise Gone
    upload.offset, upload.progressed_at, upload.expires_at = offset, at, at + PATIENCE


def _complete(grant: Grant, upload: Upload, *, at: dt.datetime) -> None:
    """Look at the whole file, then let the app have it."""
    purpose = grant.purpose
    try:
        facts = purpose.check(files.path_of(upload.key), upload) if purpose.check else None
        with transaction.atomic():
            ask(grant, at=at)
            if not Upload.objects.filter(pk=upload.pk, completed_at=None).update(
                offset=F("size"), progressed_at=at, completed_at=at, expires_at=at + PATIENCE
            ):
                raise Gone
            upload.refresh_from_db()
            purpose.complete(upload, facts=facts, at=at)
            if purpose.wake:
                transaction.on_commit(partial(_wake, purpose, upload))
    except (Closed, Gone):
        raise
    except Refusal as refusal:
        forget(upload)
        raise NotAccepted(str(refusal)) from refusal


def _wake(purpose: Purpose, upload: Upload) -> None:
    """Tell a worker; if nobody hears it, the app's own periodic task finds what there is to do."""
    assert purpose.wake is not None
    try:
        purpose.wake(upload)
    except Exception:  # the broker's library raises of its own, and a file that was taken must not fail
        logger.warning("Nobody hears that an upload for %s is complete.", purpose.name, exc_info=True)


@transaction.atomic
def forget(upload: Upload) -> None:
    """Let nothing of an upload stay, neither row nor file; one that was taken after all is let be."""
    if Upload.objects.open().filter(pk=upload.pk).delete()[0]:
        files.delete_after_commit(upload.pk)

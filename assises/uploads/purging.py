"""What nobody went on with, and what belongs to nobody, is deleted."""

import datetime as dt
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from assises import files
from assises.models import Upload

#: Seconds for which a file may lie without a row: whoever has put it is about to write one.
ALONE = 24 * 3600
#: Rows or files looked at together.
BATCH = 500


def purge(*, at: dt.datetime) -> int:
    """Delete expired uploads with their files, and files that no row holds; how many files went.

    Runs at any time, any number of times, beside itself and beside whoever is sending.
    """
    return _expired(at) + _alone()


def _expired(at: dt.datetime) -> int:
    gone = 0
    for key in Upload.objects.expired(at).values_list("key", flat=True):
        try:
            with files.locked(key), transaction.atomic():
                # Somebody may have gone on since.
                if not Upload.objects.expired(at).filter(key=key).delete()[0]:
                    continue
                # The file of a complete upload is another row's by now, or nobody's.
                if not files.held([key]):
                    files.delete_after_commit(key)
                    gone += 1
        except files.Busy:
            continue
    return gone


def _alone() -> int:
    gone = 0
    paths = _old(Path(settings.FILES_ROOT), before=time.time() - ALONE)
    while batch := list(itertools.islice(paths, BATCH)):
        keys = {path: files.key_of(path) for path in batch}
        held = files.held(key for key in keys.values() if key is not None)
        for path, key in keys.items():
            if key not in held:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _old(folder: Path, *, before: float) -> Iterator[Path]:
    """Files that nothing was written to since: of a process that was killed, of a transaction that failed, of a row that went."""
    for parent, _folders, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            try:
                if path.lstat().st_mtime < before:
                    yield path
            except FileNotFoundError:
                continue

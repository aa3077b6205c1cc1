"""What files are received for. Each app declares its own in ``uploads.py``."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.module_loading import autodiscover_modules

from assises.models import Upload


@dataclass(frozen=True)
class Purpose:
    """One kind of file that an app receives, for rows of one kind: its ``target`` says which row."""

    name: str
    most_bytes: Callable[[str], int]
    may_receive: Callable[[str, dt.datetime], None]
    complete: Callable[..., None]
    check: Callable[[Path, Upload], Any] | None
    wake: Callable[[Upload], object] | None


_PURPOSES: dict[str, Purpose] = {}


def purpose(
    name: str,
    *,
    most_bytes: Callable[[str], int],
    may_receive: Callable[[str, dt.datetime], None],
    complete: Callable[..., None],
    check: Callable[[Path, Upload], Any] | None = None,
    wake: Callable[[Upload], object] | None = None,
) -> None:
    """Declare that files are received; ``name`` is ``app.noun``, as ``awards.film``.

    ``most_bytes(target)`` is the most that the target takes of one.

    ``may_receive(target, at)`` raises ``Refusal`` where the target takes nothing at that instant. It is asked when an
    upload begins, at each part, and again inside the transaction that completes it.

    ``check(path, upload)`` looks at a file that has arrived whole, outside of any transaction, and returns what it found
    out. ``complete(upload, facts=…, at=…)`` is the service that takes it, given what ``check`` returned (None without
    one), in the transaction in which the upload becomes complete: it writes ``upload.key`` into a ``FileKeyField`` of a
    row of its own. A ``Refusal`` of either is what the sender reads, and nothing of the file is kept.

    ``wake(upload)`` is called after the commit, to tell a worker that there is something to do; it may fail.
    """
    _PURPOSES[name] = Purpose(name, most_bytes, may_receive, complete, check, wake)


def purpose_of(name: str) -> Purpose | None:
    """The purpose of this name; None if no app declares it (any more)."""
    autodiscover_modules("uploads")
    return _PURPOSES.get(name)

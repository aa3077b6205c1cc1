"""What the tests' app receives. The target says how it behaves, so that a server in another process can be told."""

import datetime as dt
from pathlib import Path

from assises.exceptions import Refusal
from assises.models import JobRun, Upload
from assises.uploads import purpose

MEGABYTE = 1024 * 1024
#: What the service of the app took, in this process.
TAKEN: list[tuple[Upload, object]] = []
#: The uploads whose worker was woken.
WOKEN: list[Upload] = []


def may_receive(target: str, at: dt.datetime) -> None:
    """Closed for the target ``closed``, and for any target as soon as a row of its name says so."""
    if target == "closed" or JobRun.objects.filter(name=f"closed:{target}").exists():
        raise Refusal("Le dépôt des films est clos.")


def check(path: Path, upload: Upload) -> int:
    with path.open("rb") as file:
        if file.read(9) == b"forbidden":
            raise Refusal("Ce fichier n’est pas un film.")
    return path.stat().st_size


def complete(upload: Upload, *, facts: int, at: dt.datetime) -> None:
    if upload.original_name == "second.mp4":
        raise Refusal("Il y a déjà un film.")
    TAKEN.append((upload, facts))


def wake(upload: Upload) -> None:
    WOKEN.append(upload)
    if upload.original_name == "nobody.mp4":
        raise OSError("no broker")


purpose(
    "tests.film",
    most_bytes=lambda _target: 600 * MEGABYTE,
    may_receive=may_receive,
    check=check,
    complete=complete,
    wake=wake,
)
purpose("tests.note", most_bytes=lambda _target: 1000, may_receive=may_receive, complete=complete)

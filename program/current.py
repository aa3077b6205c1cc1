"""Which programme a page shows: the latest public release, a release of one's own asking, or the work in progress.

A release that is published never changes, so a process parses it once; which one is the latest, it asks anew every
few seconds.
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import reverse

from assises.current import current_edition
from assises.memory import remember
from assises.models import Edition
from program import snapshot
from program.changes import Change, compare
from program.models import ProgrammeRelease
from program.programme import Programme, SessionFacts, Stamp
from program.services.releases import programme_of, stamp_of

SECONDS = 5
HOUR = 3600
IN_PROGRESS = "en-cours"
#: Hexadecimal digits of the hash that stand in the address of a release that is not public.
HASH_DIGITS = 12


@dataclass(frozen=True)
class Shown:
    """A programme with what is said of it, and the addresses of its pages."""

    programme: Programme
    #: None while it is in progress.
    stamp: Stamp | None
    #: Key of the release; 0 while in progress.
    pk: int = 0
    published_at: dt.datetime | None = None
    changes: tuple[Change, ...] = ()
    #: Number of the release that the changes are counted from.
    since: int | None = None
    #: Which pages: empty for those of the latest, else the reference of a release or ``IN_PROGRESS``.
    where: str = ""

    @property
    def is_in_progress(self) -> bool:
        return self.stamp is None

    @property
    def is_latest(self) -> bool:
        return self.where == ""

    @property
    def url(self) -> str:
        """Path of its overview, in the language that is active."""
        if self.is_latest:
            return reverse("program:programme")
        if self.is_in_progress:
            return reverse("program:in_progress")
        return reverse("program:version", args=[self.where])

    def url_of(self, session: SessionFacts) -> str:
        """Path of the page of an item."""
        if self.is_latest:
            return reverse("program:session", args=[session.code])
        if self.is_in_progress:
            return reverse("program:in_progress_session", args=[session.code])
        return reverse("program:version_session", args=[self.where, session.code])


def reference_of(release: ProgrammeRelease) -> str:
    """``2``, or ``1-0f3a…`` for a release that is not public: whoever has not been given it cannot guess it."""
    return (
        str(release.number) if release.is_public else f"{release.number}-{release.content_hash[:HASH_DIGITS]}"
    )


def latest() -> Shown | None:
    """The latest public release of the current edition; None before the first."""
    edition = current_edition()
    if edition is None:
        return None

    def read() -> Shown | None:
        pk = _public(edition).first()
        return replace(_published(pk), where="") if pk else None

    return remember(f"program:latest:{edition.pk}", SECONDS, read)


def release(reference: str) -> Shown | None:
    """A published release of the current edition by its reference; None if there is none, or the hash is another."""
    found = find(reference)
    if found is None or found.published_at is None:
        return None
    return _published(found.pk)


def find(reference: str) -> ProgrammeRelease | None:
    """The release, published or not, that the reference names; without its content."""
    number, _dash, _digits = reference.partition("-")
    edition = current_edition()
    if edition is None or not number.isdecimal() or len(number) > 4:
        return None
    found = ProgrammeRelease.objects.filter(edition=edition, number=int(number)).defer("content").first()
    if found is None or reference != reference_of(found):
        return None
    return found


def unpublished(found: ProgrammeRelease) -> Shown:
    """A release that waits for approval, for those who prepare and approve it."""
    return _shown(found)


def in_progress(edition: Edition) -> Shown:
    """The programme as organisers are composing it, with what differs from what the public reads."""
    programme = snapshot.read(edition)
    public = latest()
    return Shown(
        programme,
        stamp=None,
        changes=tuple(compare(public.programme, programme)) if public else (),
        since=public.stamp.number if public and public.stamp else None,
        where=IN_PROGRESS,
    )


def published_of(edition: Edition) -> list[Shown]:
    """All releases that the public may read, latest first."""
    return [_published(pk) for pk in _public(edition)]


def _public(edition: Edition) -> "QuerySet[ProgrammeRelease, int]":
    return ProgrammeRelease.objects.public().filter(edition=edition).values_list("pk", flat=True)


def _published(pk: int) -> Shown:
    return remember(f"program:release:{pk}", HOUR, lambda: _shown(ProgrammeRelease.objects.get(pk=pk)))


def _shown(found: ProgrammeRelease) -> Shown:
    programme = programme_of(found)
    before = _before(found)
    return Shown(
        programme,
        stamp=stamp_of(found),
        pk=found.pk,
        published_at=found.published_at,
        changes=tuple(compare(programme_of(before), programme)) if before else (),
        since=before.number if before else None,
        where=reference_of(found),
    )


def _before(found: ProgrammeRelease) -> ProgrammeRelease | None:
    """What its readers have read before: the public release before it, or else any that was published."""
    earlier = (
        ProgrammeRelease.objects.published()
        .filter(edition_id=found.edition_id, number__lt=found.number)
        .order_by("-is_public", "-number")
    )
    return earlier.first()

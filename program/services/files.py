"""Documents and feeds are made once for each release, and served as stored files ever after."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from assises.locks import Lock
from program import documents
from program.exports import calendars, schedule, spreadsheet
from program.models import ProgrammeRelease, ReleaseFile
from program.programme import Programme, Stamp
from program.services.releases import programme_of, stamp_of

Maker = Callable[[Programme, Stamp], bytes]


@dataclass(frozen=True)
class FileKind:
    """One of the files that a release is made into."""

    media_type: str
    make: Maker


PDF, ICS = "application/pdf", "text/calendar; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS: dict[str, FileKind] = {
    "programme.fr.pdf": FileKind(PDF, lambda p, s: documents.booklet(p, s, languages=["fr"])),
    "programme.zh-hans.pdf": FileKind(PDF, lambda p, s: documents.booklet(p, s, languages=["zh-hans"])),
    "programme-bilingue.pdf": FileKind(
        PDF, lambda p, s: documents.booklet(p, s, languages=["fr", "zh-hans"])
    ),
    "salles.pdf": FileKind(PDF, documents.room_sheets),
    "fiches-visites.pdf": FileKind(PDF, documents.visit_sheets),
    "programme.fr.ics": FileKind(ICS, lambda p, s: calendars.calendar(p, s, language="fr")),
    "programme.zh-hans.ics": FileKind(ICS, lambda p, s: calendars.calendar(p, s, language="zh-hans")),
    "schedule.xml": FileKind("application/xml; charset=utf-8", schedule.xml),
    "schedule.json": FileKind("application/json", schedule.json),
    "programme.fr.xlsx": FileKind(XLSX, lambda p, s: spreadsheet.workbook(p, s, language="fr")),
    "programme.zh-hans.xlsx": FileKind(XLSX, lambda p, s: spreadsheet.workbook(p, s, language="zh-hans")),
}


def file_of(release: ProgrammeRelease, name: str, *, at: dt.datetime) -> ReleaseFile:
    """The file of this name (see ``KINDS``), made now if nobody has asked for it before. Raises ``KeyError``.

    While a release is not published its files are made anew each time and not kept: approvals stand on them.
    """
    kind = KINDS[name]
    if release.published_at is None:
        return _make(release, name, kind, at)
    found = ReleaseFile.objects.filter(release=release, name=name).first()
    if found is not None:
        return found
    with transaction.atomic():
        # Two processes that are asked at once do not both make it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.RELEASE_FILES, release.pk])
        found = ReleaseFile.objects.filter(release=release, name=name).first()
        if found is not None:
            return found
        made = _make(release, name, kind, at)
        made.save()
        return made


def _make(release: ProgrammeRelease, name: str, kind: FileKind, at: dt.datetime) -> ReleaseFile:
    data = kind.make(programme_of(release), stamp_of(release))
    return ReleaseFile(
        release=release,
        name=name,
        media_type=kind.media_type,
        data=data,
        data_hash=hashlib.sha256(data).hexdigest(),
        made_at=at,
    )

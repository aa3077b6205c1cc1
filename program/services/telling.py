"""Whose session moved is told: who they are, and what each of them reads."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import translation

from assises.mail.outbox import Letter
from assises.templatetags.typography import bcp47
from program.audiences import Reader, readers
from program.changes import TOLD, Change, Spot, compare
from program.content import from_content
from program.models import ProgrammeRelease
from program.programme import Words


def readers_told(release: ProgrammeRelease, at: dt.datetime) -> list[Reader]:
    """Who gets a letter if the release is published at ``at``."""
    return [reader for reader, _changes in _told(release, at)]


def letters_about(release: ProgrammeRelease, at: dt.datetime) -> list[Letter]:
    """One letter to each person whose session moved, was dropped or is back since the release that people have read."""
    return [_letter(release, reader, changes) for reader, changes in _told(release, at)]


def _told(release: ProgrammeRelease, at: dt.datetime) -> list[tuple[Reader, list[Change]]]:
    moved = {c.guid: c for c in _moves(release)}
    if not moved:
        return []
    told = [
        (reader, [change for guid, change in moved.items() if guid in reader.guids])
        for reader in readers(release.edition, set(moved), at)
    ]
    return [(reader, changes) for reader, changes in told if changes]


def _moves(release: ProgrammeRelease) -> list[Change]:
    """Against the last public release: it may be older than the release just before."""
    if not release.is_public:
        return []
    public = ProgrammeRelease.objects.public().filter(edition=release.edition, number__lt=release.number)
    read = public.first()
    if read is None:
        return []
    return [c for c in compare(from_content(read.content), from_content(release.content)) if c.what in TOLD]


def _letter(release: ProgrammeRelease, reader: Reader, changes: list[Change]) -> Letter:
    with translation.override(reader.language):
        programme = reverse("program:programme")
    return Letter(
        event="program/moved",
        # Whoever keeps the person's data finds the letter by the beginning of its key, to erase it.
        key=f"{reader.key}:moved:{release.pk}",
        to_email=reader.email,
        to_name=reader.name,
        language=reader.language,
        context={
            "edition": release.edition,
            "release": release,
            "lines": [_line(change, reader.language) for change in changes],
            "path": reader.link or programme,
            "programme": programme,
            "has_own_page": bool(reader.link),
        },
    )


def _line(change: Change, language: str) -> dict[str, Any]:
    def spot(where: Spot | None) -> str:
        return where.in_words(language) if where else ""

    return {
        "title": change.title.in_language(language),
        "lang": _lang(change.title, language),
        "what": change.what.value,
        "before": spot(change.before),
        "after": spot(change.after),
    }


def _lang(title: Words, language: str) -> str:
    with translation.override(language):
        return bcp47(title.lang)

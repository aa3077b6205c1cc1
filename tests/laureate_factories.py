"""Sealed results with films and pictures, in one line each. Nothing here is random."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Any

from assises import files
from assises.enums import Side
from assises.models import Edition, Theme
from awards.enums import AttachmentKind, Effect, MusicRights
from awards.models import Application, Attachment, Call, Category, Film
from tests.deliberation_factories import a_sitting, decided, in_deliberation, recuse, seal
from tests.factories import NUMBERS
from tests.jury_factories import IN_CALL, juror, rows_of

#: While the results are sealed, long before the ceremony.
REHEARSAL = dt.datetime(2018, 11, 20, 8, tzinfo=dt.UTC)
FILM = b"film " * 50


def sealed(
    edition: Edition,
    *,
    laureates: int = 1,
    recused: Iterable[tuple[Side, int, int]] = (),
    prepare: Any = None,
    **fields: Any,
) -> Call:
    """So many prizes in the category of the award, application 1 first, all with files; the last one is in reserve.

    ``recused``: side and place of members of the jury, and the number of what they find out in the end that they know.
    """
    fields = {"jurors": 1, "prepare": prepare or with_files, **fields}
    begin = partial(give_prizes, prizes=laureates)
    call = in_deliberation(edition, applications=laureates + 1, begin=begin, **fields)
    category = call.categories.get()
    a_sitting(call)
    for number in range(1, laureates + 1):
        decided(call, number, category=category)
    decided(call, laureates + 1, effect=Effect.RESERVE, category=category)
    for side, place, number in recused:
        recuse(juror(call, side, place), rows_of(call)[number - 1])
    return seal(call)


def give_prizes(call: Call, *, prizes: int) -> None:
    call.categories.update(prizes=prizes)


def a_category(call: Call, code: str, *, is_mention: bool = False, order: int = 5) -> Category:
    """Another category; one that is no mention has a theme of its own."""
    names = {"name_fr": f"Catégorie {code}", "name_zh_hans": f"类别{code}"}
    theme = None
    if not is_mention:
        theme = Theme.objects.create(
            edition=call.edition, code=f"{code}-{next(NUMBERS)}", shape="square", colour="#8A5A00", **names
        )
    return Category.objects.create(call=call, code=code, theme=theme, order=order, **names)


def with_files(row: Application, *, has_film: bool = True, film: bytes = FILM, picture: bytes = b"-") -> None:
    """Before it is submitted: a picture, a film with subtitles; the pair has said that all of it may be shown."""
    _attach(
        row, AttachmentKind.PICTURE, picture, media_type="image/jpeg", alternative=f"Vue du projet {row.number}",
        credit="Service Exemple", width=1200, height=800,
    )  # fmt: skip
    row.people_agree, row.music = True, MusicRights.OWN
    if has_film:
        _attach(row, AttachmentKind.SUBTITLES, b"WEBVTT\n", media_type="text/vtt", language="fr")
        Film.objects.create(
            application=row, key=files.put([film]), name="film.mp4", media_type="video/mp4", bytes=len(film),
            digest="1" * 64, seconds=10, width=1280, height=720, arrived_at=IN_CALL,
        )  # fmt: skip


def _attach(row: Application, kind: AttachmentKind, content: bytes, **fields: Any) -> None:
    Attachment.objects.create(
        application=row, kind=kind, key=files.put([content]), name="fichier", bytes=len(content), digest="2" * 64,
        added_at=IN_CALL, **fields,
    )  # fmt: skip

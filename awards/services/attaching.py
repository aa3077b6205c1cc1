"""The files of an application: letters, pictures, the film and its subtitles. Each is looked at before it is kept."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assises import constraints, files, films, pictures, subtitles
from assises.exceptions import Refusal
from assises.models import Upload
from awards.completeness import film_of
from awards.enums import AttachmentKind
from awards.models import Application, Attachment, Editor, Film
from awards.services.applications.keeping import refuse_unwritable, writable, written

#: The purpose of an upload that is a film.
FILM = "awards.film"
MEGABYTE = 1_000_000
#: A letter of a partner, megabytes: some scanned pages.
LETTER_MEGABYTES = 10
#: What is kept of a picture, pixels along its longer side: enough for a screen across a room.
PICTURE_PIXELS = 2400


def attach_letter(
    row: Application, side: str, sent: UploadedFile, *, at: dt.datetime, by: Editor
) -> Attachment:
    """Keep the letter of a partner as a PDF; another one takes its place. Refuses what is no PDF, and what is too large."""
    _refuse_size(sent, LETTER_MEGABYTES)
    head = sent.read(1024)
    sent.seek(0)
    if b"%PDF-" not in head:
        raise Refusal(
            _("This file is not a PDF, whatever its name says. Scan or export the letter as a PDF.")
        )
    return _attach(
        row,
        _Pieces(sent.chunks()),
        {"kind": AttachmentKind.LETTER, "side": side, "name": _name(sent), "media_type": "application/pdf"},
        at=at,
        by=by,
    )


def attach_picture(
    row: Application, sent: UploadedFile, *, alternative: str, credit: str, at: dt.datetime, by: Editor
) -> Attachment:
    """Keep a picture, made anew without what it tells of place and camera, at most ``PICTURE_PIXELS`` along its longer side.

    Refuses what is no picture, what is too large, one that is there already, and more than the rules allow.
    """
    _refuse_size(sent, row.call.picture_megabytes)
    with NamedTemporaryFile() as copy:
        for piece in sent.chunks():
            copy.write(piece)
        copy.flush()
        (made,) = pictures.renditions(Path(copy.name), [PICTURE_PIXELS], ["JPEG"])
    return _attach(
        row,
        _Pieces([made.content]),
        {
            "kind": AttachmentKind.PICTURE,
            "name": _name(sent),
            "media_type": made.media_type,
            "alternative": alternative,
            "credit": credit,
            "width": made.width,
            "height": made.height,
        },
        at=at,
        by=by,
    )


def attach_subtitles(
    row: Application, language: str, sent: UploadedFile, *, at: dt.datetime, by: Editor
) -> Attachment:
    """Keep the subtitles of the film in one language, as WebVTT; others take their place. Refuses them without a film."""
    film = film_of(row)
    if film is None:
        raise Refusal(_("Send the film first: subtitles are compared with it."))
    content = sent.read(subtitles.MOST_BYTES + 1)
    subtitles.check(content, film_seconds=float(film.seconds))
    return _attach(
        row,
        _Pieces([content]),
        {
            "kind": AttachmentKind.SUBTITLES,
            "language": language,
            "name": _name(sent),
            "media_type": "text/vtt",
        },
        film=film,
        at=at,
        by=by,
    )


@transaction.atomic
def detach(row: Application, attachment: Attachment, *, at: dt.datetime, by: Editor) -> None:
    """Take a file out of the application. Asking twice changes nothing."""
    row = writable(row, at, by)
    found = row.attachments.filter(pk=attachment.pk).first()
    if found is not None:
        _delete([found])
        written(row, found.kind, at=at, by=by)


# --- The film --------------------------------------------------------------------------------------------


def may_receive_film(row: Application, at: dt.datetime) -> None:
    """Refuses a film for an application that its pair may not write in at that instant: late to the second is late."""
    refuse_unwritable(row, at)


def look_into_film(path: Path, *, most_seconds: int) -> dict[str, Any]:
    """What is in a film that has arrived, as columns of ``Film``. Refuses what browsers do not play, and what is too long.

    Takes some seconds: outside of any transaction.
    """
    found = films.examine(path, max_seconds=most_seconds)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(files.PIECE):
            digest.update(piece)
    return {
        "media_type": found.media_type,
        "bytes": found.bytes,
        "digest": digest.hexdigest(),
        "seconds": round(found.seconds, 3),
        "width": found.width,
        "height": found.height,
    }


@transaction.atomic
def take_film(
    row: Application, *, key: uuid.UUID, name: str, facts: dict[str, Any], at: dt.datetime, by: Editor
) -> Film:
    """Keep a film that has arrived and was looked into; the one before goes, and its subtitles with it."""
    row = writable(row, at, by)
    _let_go_of_film(row)
    film = Film.objects.create(application=row, key=key, name=name[-200:] or "–", arrived_at=at, **facts)
    written(row, "film", at=at, by=by)
    return film


def kept_film(row: Application, upload: Upload) -> Film:
    """The film that an upload brought. Refuses one that was taken out, or replaced, since it arrived."""
    film = Film.objects.filter(application=row, key=upload.key).first()
    if film is None:
        raise Refusal(_("This film is not there any more: choose it again."))
    return film


@transaction.atomic
def remove_film(row: Application, *, at: dt.datetime, by: Editor) -> None:
    """Take the film out, and its subtitles with it. Asking twice changes nothing."""
    row = writable(row, at, by)
    if film_of(row) is not None:
        _let_go_of_film(row)
        written(row, "film", at=at, by=by)


def _let_go_of_film(row: Application) -> None:
    _delete(row.attachments.filter(kind=AttachmentKind.SUBTITLES))
    for film in Film.objects.filter(application=row):
        files.delete_after_commit(film.key)
        film.delete()


# --- For all of them -------------------------------------------------------------------------------------


class _Pieces:
    """What is written, counted and hashed on its way to the disk."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.bytes = 0
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.bytes += len(piece)
            self._hash.update(piece)
            yield piece

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _attach(
    row: Application,
    pieces: _Pieces,
    values: dict[str, Any],
    *,
    film: Film | None = None,
    at: dt.datetime,
    by: Editor,
) -> Attachment:
    """Put the file, then write its row; what there is one of takes the place of the one before."""
    refuse_unwritable(Application.objects.select_related("call__edition__host").get(pk=row.pk), at)
    key = files.put(pieces)
    try:
        with transaction.atomic():
            attachment = _write(
                row, key, {**values, "bytes": pieces.bytes, "digest": pieces.digest}, film=film, at=at, by=by
            )
    except IntegrityError as error:
        files.delete(key)
        raise Refusal(constraints.sentence_of(error)) from error
    except BaseException:
        files.delete(key)
        raise
    return attachment


def _write(
    row: Application,
    key: uuid.UUID,
    values: dict[str, Any],
    *,
    film: Film | None,
    at: dt.datetime,
    by: Editor,
) -> Attachment:
    row = writable(row, at, by)
    if film is not None and not Film.objects.filter(application=row, key=film.key).exists():
        raise Refusal(_("The film was taken out or replaced meanwhile: subtitles are compared with it."))
    kind = values["kind"]
    same = row.attachments.filter(kind=kind)
    if kind == AttachmentKind.PICTURE:
        if same.count() >= row.call.pictures:
            raise Refusal(
                _("The rules allow %(most)d pictures: take one out first.") % {"most": row.call.pictures}
            )
    else:
        _delete(same.filter(side=values.get("side", ""), language=values.get("language", "")))
    attachment = Attachment.objects.create(application=row, key=key, added_at=at, **values)
    written(row, kind, at=at, by=by)
    return attachment


def _delete(attachments: Iterable[Attachment]) -> None:
    for attachment in attachments:
        files.delete_after_commit(attachment.key)
        attachment.delete()


def _refuse_size(sent: UploadedFile, megabytes: int) -> None:
    size = sent.size or 0
    if not size:
        raise Refusal(_("This file is empty."))
    if size > megabytes * MEGABYTE:
        raise Refusal(
            _("This file is too large: %(size)s. At most %(most)s are accepted.")
            % {"size": files.size_in_words(size), "most": files.size_in_words(megabytes * MEGABYTE)}
        )


def _name(sent: UploadedFile) -> str:
    """The name that its owner knows it by, without what stands in no name; its end is kept, where it says its kind."""
    name = "".join(c for c in (sent.name or "") if c.isprintable())
    return name[-200:] or "–"

"""The files of an application as answers: what they are called, and what browsers may do with them."""

import uuid

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from assises.ranges import private_file
from awards.completeness import film_of
from awards.models import Application, Attachment, Film
from awards.presenting import AddressOf

#: The endings under which browsers save what we show: ours, never those of the sender.
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "text/vtt": "vtt",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


def address_of(row: Application) -> AddressOf:
    """Where accounts read the files of an application; who may, ``awards.rights.may_read`` says."""
    return lambda key: reverse("admin:award_application_file", args=[row.number, key])


def file_of(request: HttpRequest, row: Application, key: uuid.UUID) -> HttpResponseBase:
    """A file of an application, or the range of it that was asked for; whoever calls has seen who may read it."""
    film = film_of(row)
    found = film if film is not None and film.key == key else row.attachments.filter(key=key).first()
    if found is None:
        raise Http404
    return send(request, row, found)


def send(request: HttpRequest, row: Application, found: Attachment | Film) -> HttpResponseBase:
    """As ``file_of``, where the file was found."""
    ending = ENDINGS[found.media_type]
    name = f"{row.call.edition.code}-{row.number or 'brouillon'}-{found.key.hex[:8]}.{ending}"
    # A letter is somebody else's document: it is saved, and never runs as a page of ours.
    return private_file(
        request,
        found.key,
        media_type=found.media_type,
        name=name,
        as_attachment=found.media_type == "application/pdf",
    )

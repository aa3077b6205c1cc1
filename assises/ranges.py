"""A private file as an answer, whole or a range of it (RFC 9110, 14): films play, and are wound, from our own server."""

import re
import uuid
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from assises import files

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
#: The most that is sent for a range without an end, bytes. A player that is paused leaves its connection standing, and
#: the thread that feeds it: with this it has what it needs for some seconds, and asks for the rest when it plays on.
OPEN_RANGE = 8 * 1024 * 1024


def private_file(
    request: HttpRequest, key: uuid.UUID, *, media_type: str, name: str, as_attachment: bool = False
) -> HttpResponseBase:
    """The file with this key, or the range of it that is asked for; whoever calls has seen to it who may read it.

    ``name`` is what the browser saves it as: ours, never that of the sender. Raises ``Http404`` where there is no such
    file. The answer is 200, 206, 304 or 416; several ranges at once are answered with the whole, as is anything that is
    no range. A file never changes under its key, so the key is its entity tag.
    """
    try:
        size = files.path_of(key).stat().st_size
    except FileNotFoundError as error:
        raise Http404 from error
    etag = f'"{key.hex}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Content-Disposition": str(content_disposition_header(as_attachment, name)),
    }
    unchanged = get_conditional_response(request, etag, None, None)
    if unchanged is not None:
        for header, value in headers.items():
            unchanged.headers[header] = value
        return unchanged
    span = _span(request, size, etag, whole=as_attachment)
    if span is not None and span[0] >= span[1]:
        return HttpResponse(
            status=416, content_type="text/plain", headers={**headers, "Content-Range": f"bytes */{size}"}
        )
    begin, end = span or (0, size)
    headers["Content-Length"] = str(end - begin)
    if span is not None:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    status = 200 if span is None else 206
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=media_type, headers=headers)
    return StreamingHttpResponse(
        _pieces(key, begin, end), status=status, content_type=media_type, headers=headers
    )


def _span(request: HttpRequest, size: int, etag: str, *, whole: bool) -> tuple[int, int] | None:
    """From which byte to which, the last one excluded; None for the whole, and nothing in it for what is not there."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or found is None or found[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found[1], found[2]
    if not first:
        # The last so many bytes.
        return max(0, size - int(last)), size
    begin = int(first)
    if last:
        # What ends before it begins is no range.
        return (begin, min(int(last) + 1, size)) if int(last) >= begin else None
    return begin, size if whole else min(begin + OPEN_RANGE, size)


def _pieces(key: uuid.UUID, begin: int, end: int) -> Iterator[bytes]:
    with files.opened(key) as file:
        file.seek(begin)
        left = end - begin
        while left > 0 and (piece := file.read(min(files.PIECE, left))):
            left -= len(piece)
            yield piece

"""Large files over tus 1.0.0 (https://tus.io/protocols/resumable-upload): creation, termination, expiration.

The grant in the address is the authority: a page has handed it out for one purpose and one row, signed. No cookie is
read, so there is no session that another site could make use of, and nothing for a CSRF token to protect.

A part is read in pieces and written as it comes, in the thread that answers; it takes one of few places in its process,
so that slow lines never take all of its threads: whoever comes beyond that is asked to try again in some seconds. A
proxy in front that gathers requests first makes each part a matter of milliseconds.
"""

import base64
import binascii
import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import translation
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from assises import clock, files, uploads
from assises.exceptions import Refusal
from assises.models import Upload
from assises.text import whole_number

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PART = "application/offset+octet-stream"
#: Seconds that a line may be silent, as that of a laptop that was closed, and that one part may take in all.
SILENCE, LONGEST = 30, 600
#: Seconds, and bytes, of a refused part that are read all the same: a browser hears the answer only after it has sent.
DRAINING, DRAINED = 10, 8 * 1024 * 1024
#: Parts that one process receives at once.
AT_ONCE = 4
#: The answer to each refusal; to any other 400.
STATUS: dict[type[Refusal], int] = {
    uploads.Closed: 403,
    uploads.WrongOffset: 409,
    uploads.Gone: 410,
    uploads.TooLarge: 413,
    uploads.NotAccepted: 422,
    files.DiskFull: 507,
}
_places = threading.BoundedSemaphore(AT_ONCE)

Answer = Callable[..., HttpResponse]


def _tus(view: Answer) -> Answer:
    """Read the grant, speak the version and the reader's language, and say refusals in words."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, grant: str, **address: uuid.UUID) -> HttpResponse:
        with translation.override(_language(request)):
            allowed = uploads.read_grant(grant)
            if allowed is None:
                response = _said(
                    404, _("This address receives no files. Go back to the page and load it anew.")
                )
            elif _method(request) != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                response = _said(412, _("Send files with version 1.0.0 of the tus protocol."))
                response.headers["Tus-Version"] = VERSION
            else:
                response = _tried(view, request, allowed, **address)
            response.headers.setdefault("Content-Language", translation.get_language())
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        # Whoever is one too many must not hold a thread while it is refused.
        if response.status_code >= 400 and response.status_code != 503:
            _drain(request)
        return response

    return answered


def _tried(view: Answer, request: HttpRequest, grant: uploads.Grant, **address: uuid.UUID) -> HttpResponse:
    try:
        return view(request, grant, **address)
    except files.Busy:
        return _said(423, _("Another connection is sending this file right now. Wait a moment."))
    except Refusal as refusal:
        return _said(STATUS.get(type(refusal), 400), str(refusal))
    except Http404:
        return _said(404, _("This upload is no longer here. Choose the file again: it will be sent anew."))


@_tus
def uploads_of(request: HttpRequest, grant: uploads.Grant) -> HttpResponse:
    """Begin an upload (POST), or say what can be sent (OPTIONS)."""
    if _method(request) == "OPTIONS":
        return _abilities(grant)
    if _method(request) != "POST":
        return _not_allowed("OPTIONS, POST")
    size = request.headers.get("Upload-Length", "")
    if not (size.isascii() and size.isdigit()):
        return _said(400, _("Say how long the file is."))
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    made = uploads.create(
        grant,
        size=whole_number(size) if len(size) < 18 else 10**18,
        name=told.get("filename", ""),
        media_type=told.get("filetype", ""),
        at=clock.now(),
    )
    response = HttpResponse(status=201)
    response.headers["Location"] = reverse("upload", args=[_token(request), made.key])
    return _standing(response, made)


@_tus
def upload(request: HttpRequest, grant: uploads.Grant, key: uuid.UUID) -> HttpResponse:
    """Say how much is here (HEAD), take the next part (PATCH), give the upload up (DELETE)."""
    method = _method(request)
    if method == "OPTIONS":
        return _abilities(grant)
    if method not in ("HEAD", "PATCH", "DELETE"):
        return _not_allowed("DELETE, HEAD, OPTIONS, PATCH")
    at = clock.now()
    found = uploads.find(grant, key, at=at)
    if found is None:
        raise Http404
    if method == "HEAD":
        response = HttpResponse(status=200)
        response.headers["Upload-Length"] = str(found.size)
        return _standing(response, found)
    if method == "DELETE":
        uploads.terminate(found)
        return HttpResponse(status=204)
    if request.content_type != PART:
        return _said(415, _("Send a part of a file as %(type)s.") % {"type": PART})
    offset, length = request.headers.get("Upload-Offset", ""), request.META.get("CONTENT_LENGTH") or ""
    if not all(number.isascii() and number.isdigit() and len(number) < 18 for number in (offset, length)):
        return _said(400, _("Say where this part of the file begins, and how long it is."))
    if not _places.acquire(blocking=False):
        response = _said(503, _("Many files are arriving at this moment. Yours goes on in some seconds."))
        response.headers["Retry-After"] = "5"
        return response
    try:
        found = uploads.append(
            grant, found, offset=int(offset), length=int(length), pieces=_pieces(request), at=at
        )
    finally:
        _places.release()
    return _standing(HttpResponse(status=204), found)


def _standing(response: HttpResponse, upload: Upload) -> HttpResponse:
    response.headers["Upload-Offset"] = str(upload.offset)
    if upload.completed_at is None:
        response.headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _abilities(grant: uploads.Grant) -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(grant.purpose.most_bytes(grant.target))
    return response


def _said(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


def _not_allowed(methods: str) -> HttpResponse:
    response = _said(405, _("Files are sent here by a program, not read."))
    response.headers["Allow"] = methods
    return response


def _method(request: HttpRequest) -> str:
    """Some networks let no other methods through than GET and POST: the protocol has a header for them."""
    own = request.method or ""
    # Of a POST alone: whatever follows links changes nothing.
    return request.headers.get("X-HTTP-Method-Override", own).upper() if own == "POST" else own


def _token(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    return str(request.resolver_match.kwargs["grant"])


def _language(request: HttpRequest) -> str:
    """That of the page: its script names it. A cookie would say that of the back office."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        with contextlib.suppress(LookupError):
            return get_supported_language_variant(code)
    return translation.get_language() or "fr"


def _metadata(header: str) -> dict[str, str]:
    """``filename ZmlsbS5tcDQ=,filetype …``: what cannot be read is passed over, for nothing depends on it."""
    found = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        with contextlib.suppress(binascii.Error, ValueError):
            found[name] = base64.b64decode(value, validate=True).decode()
    return found


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes, until it ends, is cut, or nothing comes any more."""
    with _patient(request):
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            try:
                piece = request.read(files.PIECE)
            except UnreadablePostError:
                yield from _rest(request)
                return
            if not piece:
                return
            yield piece


def _rest(request: HttpRequest) -> Iterator[bytes]:
    """What the server had received of a piece when the line was cut: it hands out only what it holds in full."""
    size = files.PIECE
    with _patient(request, seconds=0.001):
        while size := size // 2:
            with contextlib.suppress(UnreadablePostError):
                yield request.read(size)


@contextlib.contextmanager
def _patient(request: HttpRequest, seconds: float = SILENCE) -> Iterator[None]:
    """Let no line be silent for longer; the server (gunicorn) itself would wait for ever."""
    line = request.META.get("gunicorn.socket")
    before = line.gettimeout() if line else None
    if line:
        line.settimeout(seconds)
    try:
        yield
    finally:
        if line:
            with contextlib.suppress(OSError):
                line.settimeout(before)


def _drain(request: HttpRequest) -> None:
    read, end = 0, time.monotonic() + DRAINING
    with _patient(request, DRAINING), contextlib.suppress(UnreadablePostError):
        while read < DRAINED and time.monotonic() < end and (piece := request.read(files.PIECE)):
            read += len(piece)

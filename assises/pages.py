"""Answers that are the same for everybody: made once, kept by the process, and not sent again to whoever has them."""

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable
from functools import cached_property

import brotli
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from assises.memory import remember

PAGE_SECONDS = 2
#: Below this many bytes a smaller body saves nothing.
WORTH_PACKING = 1400


class Kept:
    """A body that many people get, with its entity tag, and packed for those who ask for it packed."""

    def __init__(self, body: bytes, *, tag: str = "", packs: bool = True) -> None:
        self.body = body
        self.tag = tag or hashlib.sha256(body).hexdigest()
        #: Whether it becomes smaller: texts do, PDF and spreadsheets are packed already.
        self.packs = packs and len(body) >= WORTH_PACKING

    @cached_property
    def brotli(self) -> bytes:
        return brotli.compress(self.body, quality=5)

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    def form_for(self, accepted: str) -> tuple[str, bytes]:
        """The name of the encoding to send, empty for none, and the bytes."""
        if self.packs:
            wanted = {name.partition(";")[0].strip() for name in accepted.split(",") if ";q=0" not in name}
            if "br" in wanted:
                return "br", self.brotli
            if "gzip" in wanted:
                return "gzip", self.gzip
        return "", self.body


def answer(
    request: HttpRequest,
    kept: Kept,
    content_type: str = "text/html; charset=utf-8",
    *,
    modified: dt.datetime | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponseBase:
    """The kept body, or 304 for whoever has it. Entity tag and date of last change as RFC 9110 wants them.

    Packing is safe here: no such page holds a secret that somebody could guess from its length.
    """
    encoding, body = kept.form_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = f'"{kept.tag}{"-" + encoding if encoding else ""}"'
    response = HttpResponse(body, content_type=content_type, headers=headers)
    response.headers["ETag"] = etag
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if kept.packs:
        patch_vary_headers(response, ["Accept-Encoding"])
    last = None
    if modified is not None:
        last = int(modified.timestamp())
        response.headers["Last-Modified"] = http_date(last)
    if any(name.startswith("HTTP_IF_") for name in request.META):
        return get_conditional_response(request, etag, last, response) or response
    return response


def is_nobody_in_particular(request: HttpRequest) -> bool:
    """Whether this visitor is not signed in and has no message to read: then the page is everybody's."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES:
        return True
    return not request.user.is_authenticated and not len(get_messages(request))


def page_for_everybody(
    request: HttpRequest, draw: Callable[[], str], *, keep: bool = True, is_public: bool = True
) -> HttpResponseBase:
    """The page that ``draw`` gives, drawn once in ``PAGE_SECONDS`` per address, language and query.

    ``draw`` must put nothing of the visitor into it: see ``nobody``. Without ``keep`` it is drawn each time: for
    queries that anybody can make up, so that they do not push out what others read. A page that is not public is
    everybody's who has its address, but no cache between us keeps it.
    """

    def make() -> Kept:
        return Kept(draw().encode())

    kept = remember(f"page:{request.get_full_path()}", PAGE_SECONDS, make) if keep else make()
    scope = "public" if is_public else "private"
    response = answer(request, kept, headers={"Cache-Control": f"{scope}, no-cache"})
    patch_vary_headers(response, ["Cookie"])
    return response


def nobody() -> dict[str, object]:
    """What takes the visitor out of the context of a page that everybody gets."""
    return {"messages": (), "user": None}

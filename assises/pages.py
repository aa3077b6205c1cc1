"""Answers that are the same for everybody: made once, kept by the process, and not sent again to whoever has them."""

import datetime as dt
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import brotli
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from assises.memory import recall, remember

View = Callable[..., HttpResponseBase]

HTML = "text/html; charset=utf-8"
PAGE_SECONDS = 2
#: Below this many bytes a smaller body saves nothing.
WORTH_PACKING = 1400
#: An encoding that the reader names in order not to get it.
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
#: What templates need to be read by people, and browsers do not; nothing here is in a ``pre``.
INDENTATION = re.compile(r"\n\s+")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


class Kept:
    """A body that many people get, with its headers; packed once for those who ask for it packed.

    ``tag`` is its entity tag (its hash if left out) and ``modified`` its date of last change, as RFC 9110 wants
    them. ``packs`` says whether it becomes smaller: texts do, PDF and spreadsheets are packed already. Packing is
    safe here: what everybody gets holds no secret that somebody could guess from its length.
    """

    def __init__(
        self,
        body: bytes,
        content_type: str = HTML,
        *,
        tag: str = "",
        modified: dt.datetime | None = None,
        packs: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = body
        self.content_type = content_type
        self.tag = tag or hashlib.sha256(body).hexdigest()
        self.packs = packs and len(body) >= WORTH_PACKING
        self.modified = int(modified.timestamp()) if modified is not None else None
        self.headers = dict(headers or {})
        if self.modified is not None:
            self.headers["Last-Modified"] = http_date(self.modified)
        if self.packs:
            vary = self.headers.get("Vary")
            self.headers["Vary"] = f"Accept-Encoding, {vary}" if vary else "Accept-Encoding"
        self._forms: dict[str, tuple[bytes, dict[str, str]]] = {}

    def form_for(self, accepted: str) -> tuple[bytes, dict[str, str]]:
        """The bytes to send to a reader who accepts these encodings, and their headers."""
        encoding = _encoding(accepted) if self.packs else ""
        form = self._forms.get(encoding)
        if form is None:
            etag = f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'
            headers = {**self.headers, "ETag": etag}
            if encoding:
                headers["Content-Encoding"] = encoding
            body = PACKERS[encoding](self.body) if encoding else self.body
            form = self._forms[encoding] = (body, headers)
        return form


def _encoding(accepted: str) -> str:
    if not accepted:
        return ""
    wanted = {part.partition(";")[0].strip() for part in accepted.split(",") if not REFUSED.search(part)}
    return next((name for name in PACKERS if name in wanted), "")


def answer(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The kept body, or 304 for whoever has it."""
    body, headers = kept.form_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    response = HttpResponse(body, content_type=kept.content_type, headers=headers)
    if any(name in request.META for name in CONDITIONS):
        return get_conditional_response(request, headers["ETag"], kept.modified, response) or response
    return response


def is_nobody_in_particular(request: HttpRequest) -> bool:
    """Whether this visitor is not signed in and has no message to read: then the page is everybody's."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES:
        return True
    return not request.user.is_authenticated and not len(get_messages(request))


def page_for_everybody(
    request: HttpRequest,
    draw: Callable[[], str],
    *,
    keep: bool = True,
    is_public: bool = True,
    version: str = "",
) -> HttpResponseBase:
    """The page that ``draw`` gives, drawn once in ``PAGE_SECONDS`` per address, language and query.

    ``draw`` must put nothing of the visitor into it: see ``nobody``. Without ``keep`` it is drawn each time: for
    queries that anybody can make up, so that they do not push out what others read. A page that is not public is
    everybody's who has its address, but no cache between us keeps it. What is kept is that of a ``version``: where
    that is another one, the page is drawn anew at once.
    """

    def make() -> Kept:
        scope = "public" if is_public else "private"
        return Kept(
            INDENTATION.sub("\n", draw()).encode(),
            headers={"Cache-Control": f"{scope}, no-cache", "Vary": "Cookie"},
        )

    return answer(request, remember(_key(request) + version, PAGE_SECONDS, make) if keep else make())


def kept_for_everybody(view: View) -> View:
    """A view that gives pages by ``page_for_everybody``: nothing of it runs while its page is kept."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept = recall(_key(request)) if request.method in ("GET", "HEAD") else None
        if kept is not None and is_nobody_in_particular(request):
            return answer(request, kept)
        return view(request, *args, **kwargs)

    return wrapped


def _key(request: HttpRequest) -> str:
    return f"page:{request.get_full_path()}"


def nobody() -> dict[str, object]:
    """What takes the visitor out of the context of a page that everybody gets."""
    return {"messages": (), "user": None}

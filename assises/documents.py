"""Documents: tagged PDF (PDF/UA-1) with our own faces, from local files only."""

import atexit
import functools
import hashlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import translation
from django.utils._os import safe_join

#: Where the addresses of a document start. No such host exists; only our static files are found there.
ORIGIN = "https://documents.invalid"

# Pango's fonts are not made for several threads, and under Python's lock nobody would gain by it.
_one_at_a_time = threading.Lock()


def render_pdf(
    template: str,
    *,
    language: str,
    identifier: str = "",
    pages: Callable[[list[Any]], list[Any]] | None = None,
    **context: Any,
) -> bytes:
    """Render a template that extends ``base_pdf.html``, in ``language``, as an accessible PDF.

    The network is closed: ``{% static %}`` files and ``data:`` addresses are found, everything else is left out.
    The first document of a process takes longer, because the library and the faces are read.

    ``identifier`` stands for all that went into the document: with the same one the file has the same bytes.
    ``pages`` may leave out some of the pages that were laid out.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    with _one_at_a_time:
        weasyprint, fetcher, fonts = _press()
        document = weasyprint.HTML(string=html, base_url=ORIGIN, url_fetcher=fetcher).render(
            font_config=fonts
        )
        if pages is not None:
            document.pages = pages(document.pages)
        key = hashlib.sha256(identifier.encode()).digest()[:16] if identifier else None
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=key)


@functools.cache
def _press() -> tuple[Any, Any, Any]:
    """WeasyPrint (it takes seconds to import), its fetcher, and the faces, unpacked once in each process."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class LocalFetcher(URLFetcher):
        """Finds static files and ``data:``; the rest is an error, which WeasyPrint reports and passes over."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = static_path(url)
            if path is None:
                raise ValueError("A document fetches nothing but static files.")
            types = {".css": "text/css", ".svg": "image/svg+xml"}
            kind = types.get(path.suffix, "application/octet-stream")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    # The style sheets are those of the pages too: rules that are for screens only would be told of each time.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    tag_languages()
    fonts = FontConfiguration()
    atexit.register(fonts.__del__)  # it keeps the unpacked faces in a temporary folder
    return weasyprint, LocalFetcher(allowed_protocols=["data"]), fonts


def static_path(url: str) -> Path | None:
    """The file behind an address of ours, collected or still in its application; None for any other address."""
    prefix = ORIGIN + settings.STATIC_URL
    if not url.startswith(prefix):
        return None
    name = unquote(urlsplit(url).path.removeprefix(settings.STATIC_URL))
    try:
        if settings.STATIC_ROOT and (collected := Path(safe_join(settings.STATIC_ROOT, name))).is_file():
            return collected
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


def tag_languages() -> None:
    """Let each ``lang`` of the HTML reach the PDF, so that a screen reader changes its voice; name its links.

    WeasyPrint 70 writes the language of the whole document only, and describes a link by its address, not by its
    ``title``. This wraps a private function of it: its version is pinned, and a test reads the result.
    """
    import pydyf  # type: ignore[import-untyped]
    from weasyprint.pdf import tags

    build = tags._build_box_tree
    if getattr(build, "tags_languages", False):
        return

    def build_with_languages(box: Any, *args: Any) -> Any:
        element = getattr(box, "element", None)
        own = element.get("lang") if element is not None and element.tag not in ("html", "body") else None
        link = getattr(box, "link_annotation", None)
        if link and element is not None and (title := element.get("title")):
            link["Contents"] = pydyf.String(title)
        for node in build(box, *args):
            if own and "Lang" not in node:
                node["Lang"] = pydyf.String(own)
            yield node

    build_with_languages.tags_languages = True  # type: ignore[attr-defined]
    tags._build_box_tree = build_with_languages

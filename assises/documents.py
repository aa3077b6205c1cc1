"""Documents: tagged PDF (PDF/UA-1) with our own faces, from local files only; PDF/A-3 where they are to be kept."""

import atexit
import datetime as dt
import functools
import hashlib
import io
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

#: The languages of a document in both; the first is its own, and that of the order of the two sides.
BOTH = ["fr", "zh-hans"]

#: What an archive document says of itself besides PDF/A: that it is PDF/UA-1 too. PDF/A knows only its own names
#: and a few others, so that the name space comes with a description.
PDF_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

# Pango's fonts are not made for several threads, and under Python's lock nobody would gain by it.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Attached:
    """A file inside an archive document: what the document was made from, for machines. Made or changed ``at``."""

    name: str
    content: bytes
    media_type: str
    description: str
    at: dt.datetime

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w.-]+", self.name, re.ASCII):
            raise ValueError(
                "The name of an attached file has letters of ASCII, digits, dots and hyphens only."
            )
        if not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", self.media_type):
            raise ValueError("A media type is written as in application/json, without parameters.")
        if self.at.utcoffset() is None:
            raise ValueError("The moment of an attached file has a time zone.")


class MissingSigns(ValueError):
    """No face of ours has these signs: a document that shows them cannot be kept."""

    def __init__(self, signs: set[int]) -> None:
        self.signs = frozenset(signs)
        said = " ".join(f"{chr(sign)} (U+{sign:04X})" for sign in sorted(signs))
        super().__init__(f"No face has these signs, so that the document cannot be kept: {said}")


def render_pdf(
    template: str,
    *,
    language: str,
    identifier: str = "",
    pages: Callable[[list[Any]], list[Any]] | None = None,
    attached: Sequence[Attached] = (),
    archive: bool = False,
    **context: Any,
) -> bytes:
    """Render a template that extends ``base_pdf.html``, in ``language``, as an accessible PDF.

    The network is closed: ``{% static %}`` files and ``data:`` addresses are found, everything else is left out.
    The first document of a process takes longer, because the library and the faces are read.

    ``identifier`` stands for all that went into the document: with the same one the file has the same bytes.
    ``pages`` may leave out some of the pages that were laid out.

    With ``archive`` the document is PDF/A-3a as well, made to be kept, and may carry files, which it shows by name.
    Its template says ``dcterms.created`` and ``dcterms.modified`` to the second, with the time zone. A text with a
    sign that no face has cannot be kept so: that raises ``MissingSigns``.
    """
    if attached and not archive:
        raise ValueError("Files are attached to archive documents only.")
    if len({file.name for file in attached}) < len(attached):
        raise ValueError("Each attached file has a name of its own.")
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
        if not archive:
            return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=key)
        date_in_seconds(document.metadata)
        files = sorted(attached, key=lambda file: file.name)  # a name tree is sorted
        return document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=key,
            attachments=[
                weasyprint.Attachment(
                    file_obj=io.BytesIO(file.content),
                    name=file.name,
                    description=file.description,
                    created=file.at.astimezone(dt.UTC),
                    modified=file.at.astimezone(dt.UTC),
                    relationship="Data",
                )
                for file in files
            ],
            finisher=functools.partial(finish_archive, files=files),
        )


def date_in_seconds(metadata: Any) -> None:
    """Both dates of a document that is kept, as its two places for them can say them alike: whole seconds."""
    if not metadata.title:
        raise ValueError("An archive document has a title.")
    for name in ("created", "modified"):
        moment = dt.datetime.fromisoformat(getattr(metadata, name) or "0001-01-01")
        if moment.utcoffset() is None:
            raise ValueError(f"An archive document says dcterms.{name}, with the time zone.")
        setattr(metadata, name, moment.isoformat(timespec="seconds"))


def finish_archive(document: Any, pdf: Any, *, files: Sequence[Attached]) -> None:
    """What PDF/A-3, PDF/UA-1 and PDF 1.7 ask for beyond what WeasyPrint 70 writes, just before the file is written.

    The objects of the file are pydyf's, which are public; which of them there are is WeasyPrint's own affair, and so
    is ``missing`` of a font: its version is pinned, and a test reads the result.
    """
    import pydyf  # type: ignore[import-untyped]

    missing = {sign for font in document.fonts.values() for sign in font.missing}
    if missing:
        raise MissingSigns(missing)

    def at(reference: bytes) -> Any:
        return pdf.objects[int(reference.split()[0])]

    def of_type(name: str) -> list[Any]:
        return [entry for entry in pdf.objects if isinstance(entry, dict) and entry.get("Type") == name]

    # One RDF for both standards, readable without any software for PDF.
    xmp = at(pdf.catalog["Metadata"])
    said, end, rest = b"".join(xmp.stream).rpartition(b"</rdf:RDF>")
    xmp.stream, xmp.compress = [said + PDF_UA + end + rest], False

    # WeasyPrint guesses a media type from the name, and names each file twice.
    named = of_type("/Filespec")
    for entry, file in zip(named, files, strict=True):
        entry["EF"]["UF"] = entry["EF"]["F"]
        at(entry["EF"]["F"]).extra["Subtype"] = "/" + file.media_type.replace("/", "#2f")
    if named:
        pdf.catalog["AF"] = pydyf.Array(entry.reference for entry in named)

    # The cells of a table name their headers, which are found by name.
    headers = {entry["ID"].string: entry.reference for entry in of_type("/StructElem") if "ID" in entry}
    if headers:
        tree = pydyf.Array(part for name in sorted(headers) for part in (pydyf.String(name), headers[name]))
        at(pdf.catalog["StructTreeRoot"])["IDTree"] = pydyf.Dictionary({"Names": tree})

    for entry in pdf.objects:
        if "Interpolate" in getattr(entry, "extra", ()):
            entry.extra["Interpolate"] = "false"


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
    import pydyf
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

"""Documents and feeds of a release: made once, kept by the process, not sent again to whoever has them."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from assises import clock
from assises.memory import remember
from assises.pages import Kept, answer
from assises.templatetags.typography import bcp47
from program import current
from program.current import HOUR, Shown
from program.exports import calendars
from program.models import ProgrammeRelease
from program.services.files import ICS, KINDS, file_of
from program.views.public import nothing_yet, release_or_404

#: A phone that follows a calendar asks again within minutes anyway; a proxy may answer in between.
PUBLIC = "public, max-age=60"
#: Who has the address of a release that is not public has it for oneself.
PRIVATE = "private, no-cache"
#: Formats that are compressed in themselves.
PACKED = ("application/pdf", "application/vnd")


@require_safe
def latest_in_language(request: HttpRequest, extension: str) -> HttpResponseBase:
    """``programme.pdf``, ``.ics`` or ``.xlsx`` of the latest public release, in the language of the address."""
    return _latest(request, f"programme.{get_language()}.{extension}")


@require_safe
def latest(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the latest public release that is in both languages, or in none."""
    return _latest(request, name)


@require_safe
def version(request: HttpRequest, reference: str, name: str) -> HttpResponseBase:
    """A file of the release of this reference."""
    if name not in KINDS:
        raise Http404
    return _send(request, release_or_404(request, reference), name)


@require_safe
def session_calendar(request: HttpRequest, code: str) -> HttpResponseBase:
    """One item for one's calendar; one that was dropped is crossed out there, as in the calendar of all."""
    shown = current.latest()
    if shown is None:
        return nothing_yet(request, status=404)
    if all(code != session.code for session in (*shown.programme.sessions, *shown.programme.dropped)):
        raise Http404
    language = get_language()

    def make() -> Kept:
        assert shown.stamp is not None
        body = calendars.calendar(shown.programme, shown.stamp, language=language, only=code)
        return Kept(body, ICS, modified=shown.published_at, headers=_headers(shown, f"{code}.{language}.ics"))

    return answer(request, remember(f"program:file:{shown.pk}:{code}.{language}.ics", HOUR, make))


def _latest(request: HttpRequest, name: str) -> HttpResponseBase:
    shown = current.latest()
    if shown is None:
        return nothing_yet(request, status=404)
    return _send(request, shown, name)


def _send(request: HttpRequest, shown: Shown, name: str) -> HttpResponseBase:
    def make() -> Kept:
        kind = KINDS[name]
        file = file_of(ProgrammeRelease.objects.get(pk=shown.pk), name, at=clock.now())
        return Kept(
            bytes(file.data),
            kind.media_type,
            tag=file.data_hash,
            modified=shown.published_at,
            packs=not kind.media_type.startswith(PACKED),
            headers=_headers(shown, name),
        )

    # While a release waits for approval its files are made anew each time.
    kept = remember(f"program:file:{shown.pk}:{name}", HOUR, make) if shown.published_at else make()
    return answer(request, kept)


def _headers(shown: Shown, name: str) -> dict[str, str]:
    headers = {
        "Cache-Control": PUBLIC if shown.published_at and _is_public(shown) else PRIVATE,
        "Content-Disposition": content_disposition_header(False, _file_name(shown, name)) or "inline",
        "Content-Language": _language_of(name),
    }
    if not _is_public(shown):
        headers["X-Robots-Tag"] = "noindex"
    return headers


def _is_public(shown: Shown) -> bool:
    return shown.stamp is not None and shown.stamp.is_public


def _file_name(shown: Shown, name: str) -> str:
    """``toulouse-2018-v2-programme.fr.pdf``: which edition and release it was still stands there a year later."""
    number = shown.stamp.number if shown.stamp else 0
    return f"{shown.programme.edition.code}-v{number}-{name}"


def _language_of(name: str) -> str:
    if ".fr." in name or name.startswith("schedule"):
        return "fr"
    return bcp47("zh-hans") if ".zh-hans." in name else "fr, zh-Hans"

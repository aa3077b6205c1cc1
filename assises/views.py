import hashlib
import logging

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Min
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assises import clock, silence
from assises.abuse import address_of, allow
from assises.current import current_edition
from assises.jobs import jobs
from assises.models import Organisation, OutgoingEmail
from assises.planning.feeds import calendar_of, feed_of, note_read

logger = logging.getLogger(__name__)

#: Minutes after which a letter that has not left means that nobody delivers.
LATE_LETTER_MINUTES = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the Assises are, and first of all what one can do now."""
    if current_edition() is None:
        return render(request, "assises/no_edition.html")
    return render(request, "assises/home.html")


@require_safe
def page(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text."""
    return render(request, template)


@require_safe
def organisations(request: HttpRequest, side: str = "") -> JsonResponse:
    """Organisations whose name, alias or SIREN has what was typed, of one side or of both; for suggestions while typing."""
    typed = request.GET.get("q", "").strip()[:200]
    if len(typed) < 2 or not allow("search", address_of(request), limit=1200, seconds=3600):
        return JsonResponse({"organisations": []})
    found = Organisation.objects.of_today().matching(typed)
    if side:
        found = found.filter(side=side)
    response = JsonResponse(
        {
            "organisations": [
                {
                    "name": str(o),
                    "kind": o.get_kind_display(),
                    "siren": o.siren or "",
                    "zh": o.name_zh_hans or "",
                }
                for o in found[:12]
            ]
        }
    )
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive and answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether people can register (503 if not), and what is degraded meanwhile."""
    state: dict[str, object] = {"database": "ok", "redis": "ok", "letters": "ok", "tasks": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = OutgoingEmail.objects.leaving()
        # A letter of a mailing has waited since somebody approved it.
        since = Greatest("created_at", "mailing__approved_at")
        oldest = waiting.aggregate(oldest=Min(since))["oldest"]
        if oldest and (clock.now() - oldest).total_seconds() > LATE_LETTER_MINUTES * 60:
            state["letters"] = "late"
        late = [job.name for job in jobs(clock.now()) if job.is_late]
        if late:
            state["tasks"] = f"late: {', '.join(late)}"
    except DatabaseError:
        logger.exception("The database does not answer.")
        state |= {"database": "down", "letters": "unknown", "tasks": "unknown"}
    if not _redis_answers():
        state["redis"] = "down"
    state["demo"] = settings.DEMO
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


def _redis_answers() -> bool:
    cache.set("readyz", "1", 5)
    return cache.get("readyz") == "1"


@require_safe
def agenda(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar of the planning behind its private address; gone once it is revoked."""
    feed = feed_of(token)
    if feed is None:
        raise Http404
    at = clock.now()
    note_read(feed, at=at)
    body = calendar_of(feed, at=at)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = feed.language
    return get_conditional_response(request, response.headers["ETag"], None, response) or response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop reminders to oneself, or have them again; looking at the page changes nothing."""
    mark = silence.read(token)
    if mark is None:
        raise Http404
    if request.method == "POST":
        if "again" in request.POST:
            silence.speak_again(mark)
        else:
            silence.silence(mark, at=clock.now())
        return redirect("reminders_stop", token)
    return render(request, "assises/reminders_stop.html", {"is_silenced": silence.is_silenced(mark)})


@csrf_exempt
@require_POST
def reminders_stop_at_once(request: HttpRequest, token: str) -> HttpResponse:
    """The one click of a mail program (RFC 8058): it has no session, and the address itself is signed."""
    mark = silence.read(token)
    if mark is None:
        raise Http404
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return HttpResponse(status=400)
    silence.silence(mark, at=clock.now())
    return HttpResponse("ok", content_type="text/plain")

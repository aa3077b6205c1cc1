"""What phones at the desk ask for by script: the guest list, a place to send arrivals, the service worker."""

import datetime as dt
import hashlib
import json
import math
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from assises import clock
from assises.current import current_edition
from assises.models import Edition
from registration import guests, queue
from registration.badges import read_badge
from registration.services.arrivals import Arrival, Outcome, record_arrivals
from registration.views.desk import decoder_url, for_the_desk, member_of_staff

#: Arrivals in one sending; a phone with more sends several times.
MOST_ARRIVALS = 500
#: Older than this, the clock of the phone is not believed.
MOST_AGE = dt.timedelta(days=4)
#: All that the pages of the desk need where there is no network.
ASSETS = [
    "assises/css/tokens.css",
    "assises/css/site.css",
    "assises/img/favicon.svg",
    "assises/img/icons.svg",
    "assises/js/site.js",
    "registration/css/desk.css",
    "registration/js/desk.js",
    "registration/js/desk-camera.js",
    "registration/js/desk-panel.js",
    "registration/js/desk-store.js",
    "registration/js/desk-sync.js",
    "registration/js/desk-text.js",
    "registration/js/desk-walk-in.js",
]
#: Modules are imported by these plain names, whatever the names of the files that import them.
DECODER_ASSETS = ["qr/decode.js", "qr/index.js"]


@require_safe
@for_the_desk
@gzip_page
def guest_list(request: HttpRequest) -> HttpResponse:
    """The guest list; with ``since``, only what changed after that cursor. Nothing changed: 304."""
    edition = current_edition()
    if edition is None:
        return JsonResponse({"error": _("There is no edition yet.")}, status=404)
    at = clock.now()
    since = request.GET.get("since", "")
    cursor = guests.cursor()
    changed = guests.changed_since(int(since)) if since.isdecimal() else None
    over = at >= guests.over_at(edition)
    people = [] if over else guests.guests(edition, at=at, only=changed)
    answer = {
        "edition": edition.pk,
        "full": changed is None,
        "cursor": cursor,
        "over_at": guests.over_at(edition),
        "time_zone": edition.time_zone,
        "ranks": queue.rank_of(edition, at=at),
        "guests": [guest.as_json() for guest in people],
    }
    body = json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="application/json")
    response = get_conditional_response(request, etag=etag, response=response) or response
    # The list is kept where logging out erases it, and in no cache of the browser.
    response.headers["ETag"] = etag
    patch_cache_control(response, no_store=True, private=True)
    response.headers["X-Assises-Now"] = at.isoformat()
    return response


@require_POST
@for_the_desk
def arrivals(request: HttpRequest) -> HttpResponse:
    """Arrivals that a phone noted. Each gets its outcome, and its person as she is now; sent twice counts once."""
    edition = current_edition()
    if edition is None:
        return JsonResponse({"error": _("There is no edition yet.")}, status=404)
    at = clock.now()
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"error": _("This could not be read.")}, status=400)
    read = {str(entry.get("id")): _arrival(entry, sent["sent_at"], at) for entry in sent["entries"]}
    good = [arrival for arrival in read.values() if arrival]
    outcomes = record_arrivals(
        edition,
        good,
        received_at=at,
        by=member_of_staff(request),
        device=str(sent.get("device", ""))[:20],
    )
    said = {id_: outcomes[arrival.key] if arrival else Outcome.UNKNOWN for id_, arrival in read.items()}
    return JsonResponse({"outcomes": said, "guests": _people(edition, good, at)})


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """What the phone sent, if it has the right shape."""
    try:
        sent = json.loads(request.body)
        entries = sent["entries"]
        right = len(entries) <= MOST_ARRIVALS and all(isinstance(entry, dict) for entry in entries)
        return sent if right and isinstance(sent["sent_at"], int | float) else None
    except (ValueError, KeyError, TypeError):
        return None


def _arrival(entry: dict[str, Any], sent_at: float, at: dt.datetime) -> Arrival | None:
    """One arrival; its instant is so long ago as the phone says, whatever its clock shows."""
    try:
        age = (sent_at - float(entry["at"])) / 1000
        key = uuid.UUID(str(entry["id"]))
    except (KeyError, TypeError, ValueError):
        return None
    code = read_badge(str(entry.get("code", "")))
    if code is None:
        return None
    plausible = math.isfinite(age) and 0 <= age <= MOST_AGE.total_seconds()
    when = at - dt.timedelta(seconds=age) if plausible else at
    return Arrival(key=key, code=code, at=when, undo=bool(entry.get("undo")))


def _people(edition: Edition, arrivals: list[Arrival], at: dt.datetime) -> list[dict[str, Any]]:
    codes = {arrival.code for arrival in arrivals}
    ids = edition.registrations.filter(code__in=codes).values_list("pk", flat=True)
    return [guest.as_json() for guest in guests.guests(edition, at=at, only=list(ids))]


@never_cache
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the pages of the desk, in this language, for when there is no network.

    It says nothing about anybody: any browser may read it.
    """
    names = ASSETS + (DECODER_ASSETS if decoder_url() else [])
    urls = [staticfiles_storage.url(name) for name in names]
    # Modules import each other, and the decoder imports its tables, by names without a hash.
    urls += [f"{settings.STATIC_URL}{name}" for name in names if name.endswith(".js")]
    digest = hashlib.sha256("".join(urls).encode())
    for name in names:
        path = finders.find(name) or staticfiles_storage.path(name)
        digest.update(Path(str(path)).read_bytes())
    context = {
        "facts": json.dumps(
            {
                "version": digest.hexdigest()[:16],
                "assets": sorted(set(urls)),
                "pages": [reverse("desk:desk"), reverse("desk:walk_in")],
                "static": settings.STATIC_URL,
            }
        ).replace("<", "\\u003c")
    }
    return render(
        request, "registration/desk/service-worker.js", context, content_type="text/javascript; charset=utf-8"
    )

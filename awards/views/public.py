"""The award as everybody reads it: what it is for, when, by which rules."""

import datetime as dt
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assises import clock
from assises.current import current_edition
from assises.memory import remember
from awards.content import opening_of
from awards.deadlines import is_open
from awards.documents import rules_pdf
from awards.enums import Phase
from awards.models import Call, Rules
from awards.reading import call_of, in_one_language, versions_of

#: Seconds for which a version of the rules is kept by a process as a document.
HOUR = 3600


@require_safe
def award(request: HttpRequest) -> HttpResponse:
    """What the award is, where it stands, its categories and criteria as the rules in force say them."""
    call = _call()
    in_force = call.rules.in_force().first() if call else None
    dates = {phase: opening_of(call, phase, in_force) for phase in Phase} if call else {}
    return render(
        request,
        "awards/award.html",
        {
            "call": call,
            "edition": call.edition if call else current_edition(),
            "rules": in_force,
            "content": in_one_language(in_force.content or {}) if in_force else None,
            "stands": _stands(call, dates) if call else "",
            "is_open": call is not None and is_open(call, clock.now(), in_force),
            "dates": [(phase.label, date) for phase, date in dates.items() if date],
        },
    )


@require_safe
def rules(request: HttpRequest, version: int = 0) -> HttpResponse:
    """A version of the rules; without a number, the one in force."""
    call = _call()
    versions = versions_of(call) if call else []
    shown = _version(versions, version)
    if shown is None and (version or call is None):
        raise Http404
    return render(
        request,
        "awards/rules.html",
        {
            "call": call,
            "edition": call.edition if call else None,
            "rules": shown,
            "content": in_one_language(shown.content or {}) if shown else None,
            "versions": versions,
            "is_latest": bool(versions) and shown == versions[0],
        },
    )


@require_safe
def pdf(request: HttpRequest, version: int) -> HttpResponse:
    """A version as a document in both languages; made once an hour by each process."""
    call = _call()
    shown = _version(versions_of(call), version) if call else None
    if shown is None or not version:
        raise Http404
    body = remember(f"awards:rules:{shown.pk}", HOUR, lambda: rules_pdf(shown))
    name = f"{shown.call.edition.code}-prix-reglement-v{shown.version}.pdf"
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Language"] = "fr, zh-Hans"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["ETag"] = quote_etag(shown.digest[:32])
    return get_conditional_response(request, response.headers["ETag"], None, response) or response


def _call() -> Call | None:
    edition = current_edition()
    return call_of(edition) if edition is not None else None


def _version(versions: list[Rules], version: int) -> Rules | None:
    if not version:
        return versions[0] if versions else None
    return next((rules for rules in versions if rules.version == version), None)


def _stands(call: Call, dates: Mapping[Phase, dt.datetime | None]) -> str:
    """Where the award stands, in a sentence for whoever thinks of applying."""
    at, closes = clock.now(), dates[Phase.ADMISSIBILITY]
    if call.phase == Phase.RULES:
        return _(
            "The rules are being written. The call opens once both co-presidents of the jury have agreed."
        )
    if call.phase == Phase.CALL and (closes is None or at < closes):
        return _("The call for applications is open.")
    if call.has_reached(Phase.PUBLISHED):
        return _("The award has been given.")
    return _("The call for applications is closed; the results stay secret until the ceremony.")

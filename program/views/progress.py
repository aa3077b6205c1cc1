"""The programme as it is being composed, for organisers, by the templates that everybody's pages are made of."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assises.accounts import led_elsewhere
from assises.current import current_edition
from program import current
from program.current import Shown
from program.views.public import item, overview

View = Callable[..., HttpResponseBase]


def for_composers(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        elsewhere = led_elsewhere(request)
        if elsewhere is not None:
            return elsewhere
        if not request.user.has_perm("program.compose_programme"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(require_safe(guarded))


@for_composers
def in_progress(request: HttpRequest) -> HttpResponseBase:
    return overview(request, _shown())


@for_composers
def in_progress_session(request: HttpRequest, code: str) -> HttpResponseBase:
    return item(request, _shown(), code)


def _shown() -> Shown:
    edition = current_edition()
    if edition is None:
        raise Http404
    return current.in_progress(edition)

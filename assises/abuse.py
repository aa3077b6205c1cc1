"""Against robots, by our own means: a fixed window per address, without a foreign service."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def allow(kind: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more ``kind`` of request by ``who``; False from the ``limit``-th on, within ``seconds``.

    Without Redis everything is allowed: a cache that is away must not close the registration.
    """
    if not settings.ABUSE_PROTECTION:
        return True
    key = f"abuse:{kind}:{who}"
    if cache.add(key, 1, timeout=seconds):
        return True
    try:
        return int(cache.incr(key)) <= limit
    except ValueError:  # the window closed in between
        return True


def address_of(request: HttpRequest) -> str:
    """The client's address, behind as many proxies as are ours; what others claim in front is not believed."""
    if settings.TRUSTED_PROXIES:
        chain = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(chain) >= settings.TRUSTED_PROXIES:
            return chain[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))

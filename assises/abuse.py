"""Against robots, by our own means: a fixed window per address, without a foreign service."""

import contextlib
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def allow(kind: str, who: str, *, limit: int, seconds: int, cost: int = 1) -> bool:
    """Count ``cost`` more of a ``kind`` by ``who``; False once there were more than ``limit`` within ``seconds``.

    Without Redis everything is allowed: a cache that is away must not close the registration.
    """
    if not settings.ABUSE_PROTECTION:
        return True
    key = f"abuse:{kind}:{who}"
    if cache.add(key, cost, timeout=seconds):
        return cost <= limit
    try:
        return int(cache.incr(key, cost)) <= limit
    except ValueError:  # the window closed in between
        return True


def give_back(kind: str, who: str) -> None:
    """What was counted last turned out to be in order: it counts no more."""
    if settings.ABUSE_PROTECTION:
        with contextlib.suppress(ValueError):  # the window closed in between
            cache.incr(f"abuse:{kind}:{who}", -1)


def address_of(request: HttpRequest) -> str:
    """The client's address, behind as many proxies as are ours; what others claim in front is not believed."""
    return _network(_peer(request))


def _network(address: str) -> str:
    """One line has a whole /64 of IPv6 addresses: it counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def _peer(request: HttpRequest) -> str:
    if settings.TRUSTED_PROXIES:
        chain = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(chain) >= settings.TRUSTED_PROXIES:
            return chain[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))

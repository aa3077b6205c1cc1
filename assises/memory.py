"""What one process remembers for a few seconds: objects that every page asks for and hardly ever change.

Django's local-memory cache would copy them at each look. These are shared by all threads: read them, never
change them.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 200
_kept: dict[str, tuple[float, Any]] = {}


def remember(key: str, seconds: float, make: Callable[[], T]) -> T:
    """What ``make`` gave at most ``seconds`` ago, or gives now."""
    kept = _kept.get(key)
    if kept is not None and kept[0] > time.monotonic():
        value: T = kept[1]
        return value
    if len(_kept) >= _MOST:
        _make_room()
    value = make()
    _kept[key] = (time.monotonic() + seconds, value)
    return value


def _make_room() -> None:
    """Let go of the half that would run out first: what is kept for an hour outlives a flood of pages."""
    # A copy first: another thread may put something in meanwhile.
    for key, _kept_until in sorted(_kept.copy().items(), key=lambda item: item[1][0])[: _MOST // 2]:
        _kept.pop(key, None)


def forget() -> None:
    """Remember nothing: tests, and whoever has just changed what pages show."""
    _kept.clear()

"""What one process remembers for a few seconds: objects that every page asks for and hardly ever change.

Django's local-memory cache would copy them at each look. These are shared by all threads: read them, never
change them.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 200
_kept: dict[str, tuple[float, Any]] = {}
_making: set[str] = set()
_lock = threading.Lock()


def recall(key: str) -> Any:
    """What is remembered under this key now; None if nothing is."""
    kept = _kept.get(key)
    return kept[1] if kept is not None and kept[0] > time.monotonic() else None


def remember(key: str, seconds: float, make: Callable[[], T]) -> T:
    """What ``make`` gave at most ``seconds`` ago, or gives now.

    While one thread makes it anew, the others do with the last one for as long again: a page that is drawn at once by
    all who ask for it takes as many times longer.
    """
    kept = _kept.get(key)
    now = time.monotonic()
    if kept is not None and kept[0] > now:
        value: T = kept[1]
        return value
    with _lock:
        is_ours = key not in _making
        _making.add(key)
    if not is_ours:
        if kept is not None and kept[0] + seconds > now:
            last: T = kept[1]
            return last
        return make()
    try:
        value = make()
        if len(_kept) >= _MOST:
            _make_room()
        _kept[key] = (time.monotonic() + seconds, value)
        return value
    finally:
        _making.discard(key)


def _make_room() -> None:
    """Let go of the half that would run out first: what is kept for an hour outlives a flood of pages."""
    # A copy first: another thread may put something in meanwhile.
    for key, _kept_until in sorted(_kept.copy().items(), key=lambda item: item[1][0])[: _MOST // 2]:
        _kept.pop(key, None)


def forget() -> None:
    """Remember nothing: tests, and whoever has just changed what pages show."""
    _kept.clear()

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
_making: dict[str, "_Making"] = {}
#: Seconds after which a thread no longer waits for what another one makes.
PATIENCE = 5
_lock = threading.Lock()


def recall(key: str) -> Any:
    """What is remembered under this key now; None if nothing is."""
    kept = _kept.get(key)
    return kept[1] if kept is not None and kept[0] > time.monotonic() else None


def remember(key: str, seconds: float, make: Callable[[], T]) -> T:
    """What ``make`` gave at most ``seconds`` ago, or gives now.

    One thread makes it, for a page that all draw at once takes each of them as many times longer. Meanwhile the
    others do with the last one for as long again, or wait where there is none.
    """
    kept = _kept.get(key)
    now = time.monotonic()
    if kept is not None and kept[0] > now:
        value: T = kept[1]
        return value
    with _lock:
        other = _making.get(key)
        if other is None:
            _making[key] = ours = _Making()
    if other is not None:
        if kept is not None and kept[0] + seconds > now:
            last: T = kept[1]
            return last
        return other.result(key, make)
    try:
        value = make()
        if len(_kept) >= _MOST:
            _make_room()
        _kept[key] = (time.monotonic() + seconds, value)
        return value
    finally:
        _making.pop(key, None)
        ours.done.set()


class _Making:
    """Somebody is making something; others may wait for it."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.done = threading.Event()

    def result(self, key: str, make: Callable[[], T]) -> T:
        """What the other thread made; made here after all if it failed, takes too long, or is this very thread."""
        if self.thread != threading.get_ident() and self.done.wait(PATIENCE):
            kept = _kept.get(key)
            if kept is not None:
                value: T = kept[1]
                return value
        return make()


def _make_room() -> None:
    """Let go of the half that would run out first: what is kept for an hour outlives a flood of pages."""
    # A copy first: another thread may put something in meanwhile.
    for key, _kept_until in sorted(_kept.copy().items(), key=lambda item: item[1][0])[: _MOST // 2]:
        _kept.pop(key, None)


def forget() -> None:
    """Remember nothing: tests, and whoever has just changed what pages show."""
    _kept.clear()

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis as a cache that may be away: then nothing is remembered, and no page fails."""

    def _try(self, call: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError):
            logger.warning("Redis does not answer; going on without the cache.")
            return otherwise

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().set, None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        # "Added" makes the caller go ahead: doing a thing twice is better than not at all.
        return self._try(super().add, True, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().incr, 1, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(super().delete, False, *args, **kwargs)

    def clear(self) -> Any:
        return self._try(super().clear, None)

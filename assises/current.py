"""The edition of the public site, read once in a few seconds instead of at each page."""

from django.core.cache import caches

from assises.models import Edition

SECONDS = 5
KEY = "edition:current"


def current_edition() -> Edition | None:
    """The current edition with its milestones, themes and credits; None before the first is loaded.

    A change in the back office is seen by every process within ``SECONDS``.
    """
    cache = caches["local"]
    found = cache.get(KEY)
    if found is None:
        found = Edition.objects.current().first()
        cache.set(KEY, found or "none", SECONDS)
    return found if isinstance(found, Edition) else None

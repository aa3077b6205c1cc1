import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from assises import memory
from assises.models import Edition
from tests.factories import an_edition


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """No test sees what another one left in a cache."""
    cache.clear()
    memory.forget()


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    """No test speaks the language of the last page that another one asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def at() -> dt.datetime:
    """Monday 15 October 2018, 10:00 in Paris: registration is open, the quotas are released."""
    return dt.datetime(2018, 10, 15, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def edition(db: None) -> Edition:
    """An edition with three places for authorities and two for tourism, open to all."""
    return an_edition(elected=3, tourism=2)

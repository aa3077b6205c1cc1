import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from assises import accounts, memory
from assises.models import Edition, User
from tests.factories import NOW, a_member_of_staff, an_edition


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


@pytest.fixture
def monday() -> Iterator[None]:
    """Monday 15 October 2018: what pages call now is the day of the tests."""
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def somebody(db: None) -> Callable[..., User]:
    """``somebody(accounts.PROGRAMME)``: an account with these groups."""

    def make(*roles: str, **fields: object) -> User:
        accounts.ensure_groups()
        user = a_member_of_staff(is_superuser=False, **fields)
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def as_role(somebody: Callable[..., User]) -> Callable[..., Client]:
    """``as_role(accounts.PROGRAMME)``: the browser of somebody with these groups; each call is another person."""

    def log_in(*roles: str, **fields: object) -> Client:
        client = Client()
        client.force_login(somebody(*roles, **fields))
        return client

    return log_in

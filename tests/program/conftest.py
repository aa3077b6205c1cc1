import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from assises import accounts
from assises.models import User
from tests.factories import NOW, a_member_of_staff


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

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from assises import accounts
from tests.factories import NOW, a_member_of_staff


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Monday 15 October 2018: what pages call now is the day of the tests."""
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def as_role(client: Client, db: None) -> Callable[..., Client]:
    """``as_role(accounts.DESK)``: the browser of somebody with these groups."""

    def log_in(*roles: str, language: str = "fr") -> Client:
        accounts.ensure_groups()
        user = a_member_of_staff(is_superuser=False, language=language)
        user.groups.set(Group.objects.filter(name__in=roles))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def organiser(as_role: Callable[..., Client]) -> Client:
    return as_role(accounts.ORGANISERS)

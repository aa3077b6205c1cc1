import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from assises.models import Edition
from tests.factories import NOW, a_member_of_staff, an_edition


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Monday 15 October 2018: what pages call now is the day of the tests."""
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def edition(db: None) -> Edition:
    """The current edition, 11 to 13 December 2018, without anything on its days."""
    return an_edition()


@pytest.fixture
def with_rights(client: Client, db: None) -> Callable[..., Client]:
    """``with_rights("view_session")``: the browser of somebody of the staff with these permissions."""

    def log_in(*codenames: str, language: str = "fr") -> Client:
        user = a_member_of_staff(is_superuser=False, language=language)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def composer(with_rights: Callable[..., Client]) -> Client:
    return with_rights("view_session", "compose_programme", "view_registeritem", "add_registeritem")


@pytest.fixture
def viewer(with_rights: Callable[..., Client]) -> Client:
    return with_rights("view_session")

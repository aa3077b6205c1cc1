from collections.abc import Callable

import pytest
from django.test import Client

from assises import accounts


@pytest.fixture(autouse=True)
def in_october(monday: None) -> None:
    """What pages call now is the day of the tests."""


@pytest.fixture
def organiser(as_role: Callable[..., Client]) -> Client:
    return as_role(accounts.ORGANISERS)

"""Who reads the pages of minutes."""

import pytest

from assises import accounts
from assises.enums import Side
from tests.assises.minutes.asking import as_user
from tests.minutes_factories import a_speaker_for


@pytest.fixture
def organiser(as_role):
    return as_role(accounts.ORGANISERS)


@pytest.fixture
def french(db):
    return as_user(a_speaker_for(Side.FRENCH))


@pytest.fixture
def chinese(db):
    return as_user(a_speaker_for(Side.CHINESE))

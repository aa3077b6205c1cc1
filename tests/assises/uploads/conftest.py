from pathlib import Path

import pytest
from django.test import Client

from assises.uploads import write_grant
from tests.uploading import uploads as received
from tests.uploading.asking import Sender


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path, settings: object) -> Path:
    """A folder of the test's own for private files."""
    settings.FILES_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    settings.FILES_RESERVE = 0  # type: ignore[attr-defined]
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def nothing_taken() -> None:
    """What the app of the tests took is that of one test."""
    received.TAKEN.clear()
    received.WOKEN.clear()


@pytest.fixture
def sender(client: Client, monday: None) -> Sender:
    """Somebody who may send a film for the application 12."""
    return Sender(client, write_grant("tests.film", 12))

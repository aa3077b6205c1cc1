from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path: Path) -> None:
    """No test of the award leaves a letter, a film or minutes among the files of the demonstration."""
    settings.FILES_ROOT = tmp_path / "files"

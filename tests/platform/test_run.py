"""The script that a newcomer types, where nothing is installed; and what it installs from."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from assises.development.home import PROJECT

# What every system has; neither Python nor a package manager.
ALWAYS_THERE = ("cat", "dirname", "grep", "id", "mkdir", "uname")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of the script in a path with spaces, on a system with hardly a program."""
    project = tmp_path / "a project"
    programs = project / "programs"
    programs.mkdir(parents=True)
    for name in ALWAYS_THERE:
        program = shutil.which(name)
        assert program
        (programs / name).symlink_to(program)
    shutil.copy(PROJECT / "run", project)
    return project


def run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": str(project / "programs"), "HOME": str(project)}
    return subprocess.run(
        ["/bin/sh", str(project / "run"), *arguments],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
    )


def test_help_names_every_command(bare: Path) -> None:
    done = run(bare, "help")

    assert done.returncode == 0
    for command in ("test", "manage", "shell", "reset", "help"):
        assert f"./run {command}" in done.stdout


def test_an_unknown_command_is_named(bare: Path) -> None:
    done = run(bare, "dance")

    assert done.returncode == 1
    assert 'there is no command "dance"' in done.stderr


def test_without_python_there_is_one_line_to_type(bare: Path) -> None:
    done = run(bare)

    lines = [line for line in done.stderr.splitlines() if "apt-get" in line]
    assert done.returncode == 1
    assert lines == [
        "run: an administrator types, once:  apt-get install -y --no-install-recommends"
        " python3 python3-venv libpangoft2-1.0-0 libharfbuzz-subset0"
    ]


def test_the_tests_name_each_thing_that_is_missing(bare: Path) -> None:
    done = run(bare, "test")

    missing = re.findall(r"^run: missing: (\w+)", done.stderr, flags=re.MULTILINE)
    assert done.returncode == 1
    assert {"Python", "Pango", "pdftoppm"} <= set(missing)


def test_the_scripts_can_be_run_and_ci_runs_the_tests() -> None:
    ci = PROJECT / ".ci" / "run"

    assert os.access(PROJECT / "run", os.X_OK)
    assert os.access(ci, os.X_OK)
    assert "./run test" in ci.read_text()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_host_is_named(lock: str) -> None:
    text = (PROJECT / lock).read_text()

    packages = [p for p in re.split(r"\n(?=[a-z0-9])", text) if "==" in p]
    assert packages
    assert [p.splitlines()[0] for p in packages if "--hash=sha256:" not in p] == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links", text) == []


def test_the_locks_hold_everything_that_the_project_asks_for() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    def missing(requirements: list[str], lock: str) -> list[str]:
        locked = set(re.findall(r"^([a-z0-9-]+)==", (PROJECT / lock).read_text(), flags=re.MULTILINE))
        names = [re.split(r"[\[<>=]", requirement)[0].lower() for requirement in requirements]
        return [name for name in names if name not in locked]

    runtime = project["project"]["dependencies"]
    assert missing(runtime, "requirements.lock") == []
    assert missing([*runtime, *project["dependency-groups"]["dev"]], "requirements-dev.lock") == []


def test_the_packages_for_browsers_are_locked_by_hash_and_name_no_host() -> None:
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]

    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    assert all(entry["integrity"].startswith("sha512-") for entry in installed.values())
    assert not any("resolved" in entry for entry in installed.values())

"""Where the servers of ./run live, and as whom they run."""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


class ServiceError(Exception):
    """Something that ./run needs cannot be had; the text says what to do."""


class Home:
    """The folders and locks of one copy of the project.

    ``data`` is what ./run remembers, ``sockets`` where its servers listen.
    """

    def __init__(self, project: Path = PROJECT) -> None:
        # PostgreSQL refuses to run as root; and the project may lie where nobody else may look.
        self.account = unprivileged_account() if os.geteuid() == 0 else None
        self.var = project / "var"
        self.data = self._data_folder()
        self.log = self.data / "log"
        # A socket's path is limited to 107 bytes, a project's path is not.
        tag = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        self.sockets = Path(f"/tmp/assises-{os.geteuid()}-{tag}")

    def furnish(self) -> None:
        """Make the folders that the servers write to."""
        self.log.mkdir(exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self._must_be_ours(self.sockets)
        for folder in (self.log, self.sockets):
            self.give_away(folder)

    def _data_folder(self) -> Path:
        """``var/data``; as root a link to a place that the unprivileged account can reach."""
        self.var.mkdir(exist_ok=True)
        data = self.var / "data"
        if self.account and not data.is_symlink() and not data.exists():
            reachable = tempfile.mkdtemp(prefix="assises-", dir="/var/tmp")
            try:
                data.symlink_to(reachable)
            except FileExistsError:  # another start was faster
                os.rmdir(reachable)
        data = data.resolve()
        data.mkdir(exist_ok=True)
        self._must_be_ours(data)
        data.chmod(0o711 if self.account else 0o700)
        return data

    def _must_be_ours(self, folder: Path) -> None:
        owner = folder.lstat().st_uid
        if owner not in {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}:
            raise ServiceError(f"{folder} belongs to user {owner}: run as that user, or remove it first.")

    def give_away(self, folder: Path) -> None:
        """To the account that runs the servers."""
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def identity(self) -> dict[str, Any]:
        """For `subprocess`: the account that runs the servers."""
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def program_folder(self, package: str, folder: str, libraries: str = "") -> Path | None:
        """``folder`` of an installed wheel, copied when the account may not read it there."""
        spec = importlib.util.find_spec(package)  # found, not imported: importing some has effects
        if spec is None or not spec.submodule_search_locations:
            return None
        source = Path(spec.submodule_search_locations[0])
        test = ["/bin/sh", "-c", 'test -r "$1" -a -x "$1"', "sh", str(source)]
        if not self.account or subprocess.run(test, cwd="/", **self.identity()).returncode == 0:
            return source / folder
        copy = self.data / f"{package}-{importlib.metadata.version(package)}"
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            for part in (source, source.parent / libraries) if libraries else (source,):
                shutil.copytree(part, copy / part.name, symlinks=True)
            (copy / "complete").touch()
        return copy / source.name / folder

    # --- Locks --------------------------------------------------------------------------------

    def open_lock(self, name: str) -> int:
        return os.open(self.data / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """One process at a time inside the block."""
        lock = self.open_lock(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def clear(self) -> None:
        """Remove all data. The locks stay: somebody may be waiting for one."""
        for path in [*self.var.iterdir(), *self.data.iterdir()]:
            if path.name == "data" or path.suffix == ".lock":
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServiceError("running as root, and there is no user postgres or nobody to run PostgreSQL.")


def end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""

"""What the settings of the project read when ./run starts it: its own secret, a clock set to 2018."""

import contextlib
import datetime as dt
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from assises.development.home import PROJECT
from assises.development.services import Services

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
DEMO = os.environ.get("ASSISES_DEMO") or "full"
# The demonstration begins on this day, at the hour of its first start: some places are held, some offered. On a later
# day the jury has gone on.
DAY = os.environ.get("ASSISES_DAY") or "2018-10-15"
DEMONSTRATION_DAY = dt.datetime.fromisoformat(DAY).replace(tzinfo=ZoneInfo("Europe/Paris"))
# What decides whether the database is up to date, beside the catalogues.
PREPARED_FROM = ("*/migrations/*.py", "*/loading.py", "*/loading/*.py", "assises/data/**/*.csv")


def project_environment(services: Services) -> dict[str, str]:
    """A variable that is set wins over what is made up here."""
    data = services.home.data
    defaults = {
        "ASSISES_DEVELOPMENT": "1",
        "ASSISES_DEMO": DEMO,
        "ASSISES_CLOCK_OFFSET": "0" if DEMO == "none" else remembered(data / "clock_offset", clock_offset),
        "ASSISES_BASE_URL": url().rstrip("/"),
        "SECRET_KEY": remembered(data / "secret_key", lambda: secrets.token_urlsafe(50)),
        "DEBUG": "false",
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ | services.environment()


def remembered(file: Path, make: Callable[[], str]) -> str:
    """What ``file`` says; the first who asks writes it, for its owner only."""
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as fresh, contextlib.suppress(FileExistsError):
            fresh.write(make())
            fresh.flush()
            os.link(fresh.name, file)
    return file.read_text()


def clock_offset(now: dt.datetime | None = None) -> str:
    """Seconds from now to the same hour of the demonstration's first day: whole days."""
    days = ((now or dt.datetime.now(dt.UTC)) - DEMONSTRATION_DAY) // dt.timedelta(days=1)
    return str(-days * 24 * 3600)


def fingerprint(services: Services) -> str:
    """Of all that a start brings into our own database; empty when it must be done in any case."""
    catalogues = sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po"))
    compiled = all(catalogue.with_suffix(".mo").exists() for catalogue in catalogues)
    if not services.postgresql or not compiled:
        return ""
    found = hashlib.sha256(f"{services.postgresql.database_identity()} {DEMO}".encode())
    files = [file for pattern in PREPARED_FROM for file in sorted(PROJECT.glob(pattern))]
    for file in [*files, *catalogues]:
        found.update(f"{file.relative_to(PROJECT)}\n".encode() + file.read_bytes())
    return found.hexdigest()


def address() -> str:
    return f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"


def url() -> str:
    """As a browser on this machine reaches the site."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
    return f"http://{everywhere.get(HOST, f'[{HOST}]' if ':' in HOST else HOST)}:{PORT}/"

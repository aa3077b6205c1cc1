"""The project's settings, with what only tests need."""

import os
import re

os.environ.setdefault("ASSISES_DEVELOPMENT", "1")
os.environ["ASSISES_DEMO"] = "full"
os.environ["ASSISES_CLOCK_OFFSET"] = "0"

from assises.settings import *  # noqa: F403

SECRET_KEY = "for tests only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests call what they mean to test; no worker of another stack hears of it.
CELERY_BROKER_URL = "memory://"
ABUSE_PROTECTION = False
# Tests empty the cache: each of several processes has a database of its own, or it would empty that of the others.
if worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    CACHES["default"]["LOCATION"] = re.sub(  # noqa: F405
        r"(?<=/|=)\d+$",
        lambda db: str(int(db[0]) + 1 + int(worker)),
        REDIS_URL,  # noqa: F405
    )

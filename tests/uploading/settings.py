"""The settings of a real server on which something receives files."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.uploading"]
ROOT_URLCONF = "tests.uploading.urls"
TEMPLATES[0]["APP_DIRS"] = True

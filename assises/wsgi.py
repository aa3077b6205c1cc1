"""The web application. It keeps its database connections in a pool, which workers must not."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assises.settings")
os.environ.setdefault("DATABASE_POOL", "8")

application = get_wsgi_application()

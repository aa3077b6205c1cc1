"""One file, read from the environment (and from ``.env``), in sections."""

import datetime as dt
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- What kind of place this is -----------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# True where ./run serves the project on one's own machine: plain http, assets found in place.
DEVELOPMENT = DEBUG or env.bool("ASSISES_DEVELOPMENT", default=False)
SECRET_KEY = env("SECRET_KEY", default="development only" if DEVELOPMENT else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: letters carry links that are signed with it.")
# Former secrets: what was signed or encrypted with them is still read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Letters and badges carry whole addresses; they are written by workers, which see no request.
BASE_URL = env("ASSISES_BASE_URL", default="http://localhost:8000" if DEVELOPMENT else "").rstrip("/")
if not BASE_URL:
    raise ImproperlyConfigured("Set ASSISES_BASE_URL: letters and documents carry whole addresses.")

# full: the demonstration edition with invented people; empty: without people; none: an empty database.
DEMO = env("ASSISES_DEMO", default="none")
if DEMO != "none" and not DEVELOPMENT:
    raise ImproperlyConfigured("The demonstration shows all letters to everybody: set ASSISES_DEMO=none.")
# The demonstration edition took place in 2018: its clock is shifted by this much.
CLOCK_OFFSET = dt.timedelta(seconds=env.int("ASSISES_CLOCK_OFFSET", default=0))
# Off for load tests only: rate limits, honeypot, minimum delay.
ABUSE_PROTECTION = env.bool("ASSISES_ABUSE_PROTECTION", default=True)
ABUSE_MINIMUM_SECONDS = env.int("ASSISES_ABUSE_MINIMUM_SECONDS", default=3)
# A town hall has one address for all its offices: the limit is generous, per address and hour.
ABUSE_POSTS_PER_HOUR = env.int("ASSISES_ABUSE_POSTS_PER_HOUR", default=120)
# People registered per address and hour: nobody fills the building from one desk.
ABUSE_PEOPLE_PER_HOUR = env.int("ASSISES_ABUSE_PEOPLE_PER_HOUR", default=40)
ABUSE_LOGINS_PER_HOUR = env.int("ASSISES_ABUSE_LOGINS_PER_HOUR", default=30)
# How many proxies of ours stand in front; 0 means that the peer's own address is the client's.
TRUSTED_PROXIES = env.int("ASSISES_TRUSTED_PROXIES", default=0)

# --- Applications -------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",
    "assises.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "assises",
    "program",
    "registration",
    "awards",
]

MIDDLEWARE = [
    "assises.middleware.utf8_only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "assises.middleware.back_office_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assises.middleware.refusals_and_headers",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assises.context.site",
            ],
        },
    }
]

ROOT_URLCONF = "assises.urls"
WSGI_APPLICATION = "assises.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data ---------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///assises")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
# For the web only (wsgi.py asks for it): Celery closes its connections at each task.
if _pool := env.int("DATABASE_POOL", default=0):
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 20}

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
# Shared by all processes; a Redis that does not answer is a cache that remembers nothing.
CACHES = {"default": {"BACKEND": "assises.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}

# --- Accounts -----------------------------------------------------------------------------

AUTH_USER_MODEL = "assises.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "assises.accounts.validators.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "assises.accounts.validators.UnlikeTheAccount"},
    {"NAME": "assises.accounts.validators.Uncommon"},
]
LOGIN_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 3600
# Administrators may do everything: they must have a second factor. Apps say in accounts.py who else must.
SECOND_FACTOR_FOR_STAFF = env.bool("ASSISES_SECOND_FACTOR_FOR_STAFF", default=DEMO == "none")

# Of django-allauth only what assises/accounts/urls.py names: no sign-up, no addresses of its own, no letters.
ACCOUNT_ADAPTER = "assises.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# One way to count: assises/accounts/limits.py.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "assises.accounts.forms.LoginForm",
    "reauthenticate": "assises.accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "assises.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "assises.accounts.forms.AuthenticateForm",
    "reauthenticate": "assises.accounts.forms.ConfirmCodeForm",
    "activate_totp": "assises.accounts.forms.EnrolForm",
    "authenticate_webauthn": "assises.accounts.forms.AuthenticateKeyForm",
    "reauthenticate_webauthn": "assises.accounts.forms.ConfirmKeyForm",
    "add_webauthn": "assises.accounts.forms.AddKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A telephone's clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT

# --- Languages and time -------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("fr",)
PHONENUMBER_DEFAULT_REGION = "FR"

# --- Letters and tasks --------------------------------------------------------------------

# In the demonstration no letter leaves the machine: the outbox itself is the mailbox to read.
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://localhost:25" if DEMO == "none" else "dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="assises@example.org")
EMAIL_TIMEOUT = 20
# Letters of one person's act that leave by themselves; somebody looks at more of them first.
MASS_LETTERS = env.int("MASS_LETTERS", default=20)

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "UTC"
# A page must never wait for a broker that is down: beat sends what a lost wake-up left behind.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 3, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "letters": {"task": "assises.mail.tasks.deliver_pending", "schedule": 20.0},
    "places": {"task": "registration.tasks.tend_places", "schedule": 30.0},
    "reminders": {"task": "assises.tasks.remind", "schedule": 60.0},
    "minutes": {"task": "assises.tasks.escalate_silence", "schedule": 3600.0},
    "retention": {"task": "registration.tasks.purge", "schedule": 24 * 3600.0},
    "award": {"task": "awards.tasks.open_phases", "schedule": 60.0},
    "completions": {"task": "awards.tasks.close_completions", "schedule": 60.0},
    "jury_minutes": {"task": "awards.tasks.write_minutes", "schedule": 60.0},
    "pairs": {"task": "awards.tasks.forget_pairs", "schedule": 24 * 3600.0},
    "proposers": {"task": "program.tasks.forget_proposers", "schedule": 24 * 3600.0},
    "uploads": {"task": "assises.tasks.purge_uploads", "schedule": 3600.0},
}

# --- Files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
# In development the files are served from where they lie.
STATIC_ROOT = None if DEVELOPMENT else BASE_DIR / "static"
STATICFILES_DIRS = [
    (name, folder)
    for name, folder in [
        ("qr", BASE_DIR / "node_modules/qr"),
        ("tus", BASE_DIR / "node_modules/tus-js-client/dist"),
    ]
    if folder.is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEBUG

# What people sent us: one folder for all web processes and workers, on a disk of its own if there is one.
FILES_ROOT = Path(env("FILES_ROOT", default=str(BASE_DIR / "var" / "files")))
# Bytes of its disk that uploads leave to everything else.
FILES_RESERVE = env.int("FILES_RESERVE", default=1024**3)
# Where a large file lies while a plain form brings it; by default where the system has its temporary files.
FILE_UPLOAD_TEMP_DIR = env("FILE_UPLOAD_TEMP_DIR", default=None)

# --- Security -----------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if not DEVELOPMENT:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}

"""The switches. Everything that differs between machines comes from the environment, and fails loudly on nonsense."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, SELF

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GUANJIA_HOME") or ROOT / "var")


class BadSetting(Exception):
    """A setting that cannot be understood; the message names it."""


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        raise BadSetting(f"{name}={value!r}: use 1 or 0")
    return value in ("1", "true", "yes") if value else default


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """A PostgreSQL URL as Django's settings; a socket folder comes as ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise BadSetting(f"DATABASE_URL: {parts.scheme or 'empty'}:// is not PostgreSQL")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "guanjia.tenancy.backend",
        "NAME": unquote(parts.path.lstrip("/")) or "guanjia",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DEMO = env_bool("GUANJIA_DEMO")
DEBUG = env_bool("GUANJIA_DEBUG")
SECRET_KEY = os.environ.get("GUANJIA_SECRET_KEY") or ("not-for-production" if DEBUG or "PYTEST_VERSION" in os.environ else "")
if not SECRET_KEY:
    secret_file = HOME / "secret"
    SECRET_KEY = secret_file.read_text().strip() if secret_file.exists() else "no-secret-yet-only-for-checks"
# Keys for sealed columns, newest first; kept apart from SECRET_KEY in production.
DATA_KEYS = env_list("GUANJIA_DATA_KEYS") or [SECRET_KEY]
ALLOWED_HOSTS = env_list("GUANJIA_HOSTS", "*" if DEMO or DEBUG or "PYTEST_VERSION" in os.environ else "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = env_list("GUANJIA_ORIGINS")

AS_OWNER = env_bool("GUANJIA_AS_OWNER")
_APP_URL = os.environ.get("DATABASE_URL") or "postgresql://localhost/guanjia"
_OWNER_URL = os.environ.get("DATABASE_OWNER_URL") or _APP_URL
DATABASES = {"default": database(_OWNER_URL if AS_OWNER else _APP_URL)}
if not env_bool("GUANJIA_NO_POOL", default="PYTEST_VERSION" in os.environ or AS_OWNER):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}  # type: ignore[index]
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
# The role that owns nothing. With two URLs the server signs it in; with one, the backend takes it by SET ROLE.
APP_ROLE = "guanjia_app"
ROW_ROLE = APP_ROLE
if _OWNER_URL != _APP_URL:
    APP_ROLE = ""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_cotton",
    "template_partials",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "guanjia.tenancy",
    "guanjia.events",
    "guanjia.jobs",
    "guanjia.estates",
    "guanjia.people",
    "guanjia.households",
    "guanjia.billing",
    "guanjia.collection",
    "guanjia.rulebooks",
    "guanjia.clocks",
    "guanjia.tickets",
    "guanjia.duties",
    "guanjia.care",
    "guanjia.staffing",
    "guanjia.keys",
    "guanjia.quality",
    "guanjia.emergencies",
    "guanjia.incentives",
    "guanjia.gate",
    "guanjia.decoration",
    "guanjia.services",
    "guanjia.moves",
    "guanjia.lettings",
    "guanjia.liaison",
    "guanjia.nearby",
    "guanjia.surveys",
    "guanjia.activities",
    "guanjia.assembly",
    "guanjia.sorting",
    "guanjia.training",
    "guanjia.notices",
    "guanjia.bulletins",
    "guanjia.reports",
    "guanjia.importing",
    "guanjia.web",
    "guanjia.operations",
    "guanjia.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanjia.web.middleware.clean_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanjia.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guanjia.web.middleware.EstateMiddleware",
]
ROOT_URLCONF = "guanjia.urls"
WSGI_APPLICATION = "guanjia.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "guanjia" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "guanjia.web.context.house",
            ],
            "builtins": ["guanjia.web.templatetags.house", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "people:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # a new colleague's link to their first password
SESSION_ENGINE = "guanjia.people.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SIGN_IN_CODES_PER_ADDRESS = int(os.environ.get("GUANJIA_CODES_PER_ADDRESS") or (1000 if DEMO else 5))  # an hour
PROXIES = int(os.environ.get("GUANJIA_PROXIES") or 0)  # trusted ones in front of us, for X-Forwarded-For
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if env_bool("GUANJIA_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "guanjia" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [ROOT / "guanjia" / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "media"  # private: served by views that check the reach
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = os.environ.get("GUANJIA_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("GUANJIA_SMTP_HOST", "localhost")
SMS_PORT = os.environ.get("GUANJIA_SMS_PORT") or f"guanjia.notices.ports.{'PretendSms' if DEMO or DEBUG or 'PYTEST_VERSION' in os.environ else 'NoSms'}"
PAYMENT_SIMULATOR = env_bool("GUANJIA_PAYMENT_SIMULATOR", default="PYTEST_VERSION" in os.environ)  # pays with play money
WEBHOOKS_TO_PRIVATE = env_bool("GUANJIA_WEBHOOKS_TO_PRIVATE", default=DEMO)  # else only public addresses over https
DEFAULT_FROM_EMAIL = os.environ.get("GUANJIA_MAIL_FROM", "guanjia@localhost")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"guanjia": {"level": "INFO"}},
}

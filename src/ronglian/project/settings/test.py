"""The test suite: SQLite in memory or the PostgreSQL of DATABASE_URL, cheap passwords, no mail, jobs at once."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("RONGLIAN_VAR", str(Path(tempfile.gettempdir()) / f"ronglian-test-{os.getpid()}"))

os.environ.setdefault("RONGLIAN_EMBEDDING", "none")  # tests that read meaning bring a model of their own

from ronglian.project.settings.base import *  # noqa: F403 - the base reads RONGLIAN_VAR when imported
from ronglian.project.settings.base import DATABASES

SECRET_KEY = "only-for-tests"  # noqa: S105 - guards nothing
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HOLDER_KEY_COST = 1 << 4
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "ronglian.kernel.sqlite_gate":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # each test process has its own
SEARCHES_PER_SECOND = 0  # hundreds of searches in a second; what tests the limit sets it
WHITENOISE_AUTOREFRESH = True  # the static files are served from where they are written
WHITENOISE_USE_FINDERS = True

"""One person's machine: what `make run` uses. Binds to 127.0.0.1; the secret key is made once and kept in var/."""

from ronglian.project.secret import machine_secret
from ronglian.project.settings.base import *  # noqa: F403 - a profile is the base with a few changes
from ronglian.project.settings.base import VAR

SECRET_KEY = machine_secret(VAR / "secret-key")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

"""A server that others reach: everything secret or local to the machine comes from the environment."""

import os

from ronglian.project.settings.base import *  # noqa: F403 - a profile is the base with a few changes

SECRET_KEY = os.environ["RONGLIAN_SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = os.environ["RONGLIAN_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RONGLIAN_PROXIES", "1"))
# The prefix makes browsers refuse these cookies from other hosts and without TLS.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = os.environ.get("RONGLIAN_SSL_REDIRECT", "1") == "1"
# A program that calls without TLS is refused, not led on: it would never learn that it sends its token in the open.
SECURE_REDIRECT_EXEMPT = [r"^api/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

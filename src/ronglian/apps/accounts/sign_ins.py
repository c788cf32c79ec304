"""What is noted of signing in and out: when a session began, and a line of the security log without any address."""

from __future__ import annotations

import logging
from time import time
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from ronglian.apps.accounts.models import Person
from ronglian.kernel.sealing import personal_digest

BEGAN, SEEN = "began_at", "seen_at"
security = logging.getLogger("ronglian.security")


def note_sign_ins() -> None:
    """Listen to Django, whoever signs people in: allauth, a provider, a test."""
    user_logged_in.connect(_began, dispatch_uid="ronglian sign-in")
    user_logged_out.connect(_ended, dispatch_uid="ronglian sign-out")
    user_login_failed.connect(_failed, dispatch_uid="ronglian failed sign-in")


def _began(sender: Any, request: HttpRequest, user: Person, **_more: Any) -> None:
    now = time()
    request.session[BEGAN] = request.session[SEEN] = now
    security.info("signed in: person %s", user.public_id)


def _ended(sender: Any, request: HttpRequest, user: Person | None, **_more: Any) -> None:
    if user is not None:
        security.info("signed out: person %s", user.public_id)


def _failed(sender: Any, credentials: dict[str, Any], **_more: Any) -> None:
    """The address as its digest: equal tries can be counted, and a password typed as address is not kept."""
    claimed = str(credentials.get("email") or credentials.get("username") or "").lower()
    security.warning("sign-in failed: address %s", personal_digest(claimed))

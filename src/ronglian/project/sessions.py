"""How long somebody stays signed in, and what stays behind on the machine they used."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ronglian.apps.accounts.sign_ins import BEGAN, SEEN
from ronglian.kernel.read_only import read_only_reason

Respond = Callable[[HttpRequest], HttpResponse]


def end_old_sessions(get_response: Respond) -> Respond:
    """Sign out who was not seen for a while, and whoever signed in too long ago, whatever they did since.

    When somebody was last seen is written now and then only: reading stays reading.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(SESSION_KEY):
            _keep_or_end(request, time())
        return get_response(request)

    return respond


def keep_private(get_response: Respond) -> Respond:
    """What depends on who is signed in is kept by no cache and, after signing out, by no browser."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        depends = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if depends and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return respond


def _keep_or_end(request: HttpRequest, now: float) -> None:
    session = request.session
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
        session.flush()
    elif now - seen > settings.SESSION_IDLE_SECONDS / 10 and not read_only_reason():
        session[SEEN] = now

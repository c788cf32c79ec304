"""What holds for every door that speaks HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ronglian.api.problems import problem
from ronglian.kernel.log.carried import carried_checkpoint
from ronglian.kernel.rate_limits import may_ask
from ronglian.kernel.read_only import read_only_reason, read_only_text
from ronglian.kernel.time_limit import OutOfTime, stopped, time_limit

logger = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SURVEY_LINKS = "/survey/"
# Questions that are sent as POST because they are long; they change nothing.
ASKED_BY_POST = frozenset({"/api/v1/match"})
RETRY_READ_ONLY, RETRY_LIMITED, RETRY_SEARCH = "60", "300", "1"


def read_only(get_response: Respond) -> Respond:
    """While the read-only switch is on, every call that could write answers 503 with the reason."""

    def respond(request: HttpRequest) -> HttpResponse:
        reason = None if is_safe(request) else read_only_reason()
        if reason is None:
            return get_response(request)
        text, headers = read_only_text(reason), {"Retry-After": RETRY_READ_ONLY}
        if request.path.startswith("/api/"):
            return problem(503, "read_only", text, headers=headers)
        response = render(request, "503.html", {"text": text}, status=503)
        response["Retry-After"] = RETRY_READ_ONLY
        return response

    return respond


def api_needs_https(get_response: Respond) -> Respond:
    """Where pages are led to TLS, calls of programs without it are refused: their token has been seen already."""

    def respond(request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        if is_api and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return problem(
                403, "https_needed", _("Call this address with https; a token sent without is lost.")
            )
        return get_response(request)

    return respond


def limit_searches(get_response: Respond) -> Respond:
    """Searching costs more than reading: whoever asks too often from one address is told to wait a second."""

    def respond(request: HttpRequest) -> HttpResponse:
        limit = settings.SEARCHES_PER_SECOND
        if not limit or not is_search(request) or may_ask("search", client_address(request), time(), limit):
            return get_response(request)
        if request.path.startswith("/api/"):
            return problem(429, "too_often", headers={"Retry-After": RETRY_SEARCH})
        response = render(request, "429.html", status=429)
        response["Retry-After"] = RETRY_SEARCH
        return response

    return respond


class TimeLimit:
    """A request that takes longer than REQUEST_SECONDS is stopped; one that brings a file has UPLOAD_SECONDS."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        brings_file = (request.content_type or "").startswith("multipart/")
        with time_limit(settings.UPLOAD_SECONDS if brings_file else settings.REQUEST_SECONDS):
            response = self.get_response(request)
        if response.status_code == 503 and not response.has_header("Retry-After"):
            response["Retry-After"] = RETRY_READ_ONLY
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A view that was stopped while it fetched rows; the API presents its own."""
        if not stopped(error):
            return None
        logger.warning("stopped after its time: %s %s", request.method, request.path)
        return render(request, "web/refused.html", {"error": OutOfTime()}, status=OutOfTime.status)


def retry_later(get_response: Respond) -> Respond:
    """Who asked too often is told when to ask again."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 429 and not response.has_header("Retry-After"):
            response["Retry-After"] = RETRY_LIMITED
        return response

    return respond


def carry_checkpoint(get_response: Respond) -> Respond:
    """Every file that is handed out carries the latest checkpoint of the log, whichever page or call made it."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.has_header("Content-Disposition"):
            for header, value in carried_checkpoint().items():
                response[header] = value
        return response

    return respond


def is_search(request: HttpRequest) -> bool:
    if request.path.startswith(SURVEY_LINKS):
        return True  # whoever tries links out is as slow as one who searches
    return request.path in ASKED_BY_POST or (request.method in SAFE and bool(request.GET.get("q")))


def client_address(request: HttpRequest) -> str:
    """The address a request comes from; of X-Forwarded-For only what trusted proxies have added."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # the header does not fit the number of proxies: somebody came past them
        return str(request.META.get("REMOTE_ADDR", ""))


def is_safe(request: HttpRequest) -> bool:
    return request.method in SAFE or request.path in ASKED_BY_POST or request.path == "/language/"

"""What holds for every door that speaks HTTP."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ronglian.api.problems import problem
from ronglian.kernel.read_only import read_only_reason, read_only_text

Respond = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Questions that are sent as POST because they are long; they change nothing.
ASKED_BY_POST = frozenset({"/api/v1/match"})
RETRY_READ_ONLY, RETRY_LIMITED = "60", "300"


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


def retry_later(get_response: Respond) -> Respond:
    """Who asked too often is told when to ask again."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 429 and not response.has_header("Retry-After"):
            response["Retry-After"] = RETRY_LIMITED
        return response

    return respond


def is_safe(request: HttpRequest) -> bool:
    return request.method in SAFE or request.path in ASKED_BY_POST or request.path == "/language/"

"""Every way a request can fail, as a problem document."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from ronglian.api.calling import RefusedRequest
from ronglian.api.invalid import field_errors
from ronglian.api.parsing import UnreadableBody
from ronglian.api.problems import (
    TITLES,
    field_error,
    not_found,
    operation_problem,
    problem,
    too_large,
    unauthorised,
)
from ronglian.kernel.errors import NotFound, OperationError
from ronglian.kernel.time_limit import OutOfTime, stopped

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def add_handlers(api: NinjaAPI) -> None:
    """Teach the API to present each failure."""
    for kind, handler in (
        (OperationError, _operation),
        (NotFound, _absent),
        (Http404, _absent),
        (ValidationError, _invalid),
        (RefusedRequest, _refused),
        (AuthenticationError, _unauthorised),
        (HttpError, _unreadable),
        (RequestDataTooBig, _too_big),
        (SuspiciousOperation, _unreadable),
        (MultiPartParserError, _unreadable),
        (UnreadablePostError, _unreadable),
        (Exception, _failed),
    ):
        api.add_exception_handler(kind, handler)  # type: ignore[arg-type]  # each handler knows its own kind


def presented(view: View) -> View:
    """What Ninja answers outside its handlers, or Django before it: wrong methods, HEAD, no such address."""

    @wraps(view)
    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT_BYTES:
            return too_large()
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return not_found()
        finally:
            if is_head:  # the server sends what GET would, without the body
                request.method = "HEAD"
        if isinstance(response, HttpResponseNotAllowed):
            return problem(405, "method_not_allowed", headers={"Allow": response["Allow"]})
        return response

    run.csrf_exempt = True  # type: ignore[attr-defined]  # tokens, never cookies
    return run


def absent(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer at every address that is none."""
    return not_found()


def _operation(request: HttpRequest, error: OperationError) -> HttpResponse:
    is_form = (request.content_type or "").startswith("multipart/")
    return operation_problem(error, "form" if is_form else "body")


def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return not_found()


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(422, "invalid", errors=field_errors(error.errors))


def _refused(request: HttpRequest, error: RefusedRequest) -> HttpResponse:
    return problem(error.status, error.code, error.detail, error.errors)


def _unauthorised(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return unauthorised()


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    # Ninja wraps what the parser raised.
    cause = error.__cause__ if isinstance(error.__cause__, UnreadableBody) else error
    if isinstance(cause, UnreadableBody):
        message = cause.message
        place = [field_error("body", [], "unreadable", message)]
        code = "unsupported_media_type" if cause.status_code == 415 else "unreadable"
        return problem(cause.status_code, code, message, place)
    return problem(400, "unreadable", errors=[field_error("body", [], "unreadable", TITLES[400])])


def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return too_large()


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if stopped(error):
        return operation_problem(OutOfTime())
    return _our_fault(request, error)


def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged with its trace, told without."""
    logger.error("the API failed at %s", request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return problem(500, "failed")

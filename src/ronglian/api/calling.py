"""What routes share: parameters made in code, idempotency keys, versions as ETags."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar, get_type_hints

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.params.models import Header
from ninja.utils import contribute_operation_args
from pydantic import BaseModel

from ronglian.api.problems import FieldError, field_error
from ronglian.kernel.idempotency import idempotency
from ronglian.kernel.models import Record

View = TypeVar("View", bound=Callable[..., Any])
KEY_PATTERN = r"^[\x21-\x7e]{1,120}$"
_TAG = re.compile(r'"([1-9][0-9]{0,8})"')

IfMatch = Annotated[
    str | None,
    Header(
        None,
        alias="If-Match",
        description='The ETag of the version you read, such as "3"; * changes whatever is there.',
    ),
]


class RefusedRequest(Exception):
    """The request itself is at fault; `errors` names where."""

    def __init__(self, status: int, code: str, detail: str, errors: list[FieldError]) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors


def takes(**models: Any) -> Callable[[View], View]:
    """Give parameters their schemas where these differ from kind to kind and the code is the same."""

    def decorate(view: View) -> View:
        view.__annotations__.update(models)
        return view

    return decorate


def repeatable(view: View) -> View:
    """Let the call carry an Idempotency-Key: repeated with the same key it has one effect and one answer."""
    # Ninja would look the names of the annotations up in this module.
    view.__annotations__ = get_type_hints(view, include_extras=True)

    @wraps(view)
    def run(request: HttpRequest, *args: Any, idempotency_key: str | None = None, **kwargs: Any) -> Any:
        with idempotency(idempotency_key, fingerprint(request) if idempotency_key else b""):
            return view(request, *args, **kwargs)

    contribute_operation_args(
        run,
        "idempotency_key",
        str | None,  # type: ignore[arg-type]  # Ninja takes any annotation, its stub says a class
        Header(
            None,
            alias="Idempotency-Key",
            pattern=KEY_PATTERN,
            description="Any text of your choice, once per call: a repetition has no second effect.",
        ),
    )
    return run  # type: ignore[return-value]  # the same signature as far as callers know


def fingerprint(request: HttpRequest) -> bytes:
    """What makes two calls the same call. Multipart bodies differ in their boundary, so their parts count."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    if not (request.content_type or "").startswith("multipart/"):
        return head + request.body
    parts = [f"{name}={values}" for name, values in sorted(request.POST.lists())]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            parts.append(f"{name}:{file.name}:{digest.hexdigest()}")
    return head + "\n".join(parts).encode("utf-8", "backslashreplace")


def expected_version(if_match: str | None) -> int | None:
    """The version an edit is meant for; None for `*`. Without the header nobody knows what is overwritten."""
    if if_match is None:
        detail = _('Send If-Match with the ETag of the version you read, such as "3", or * for any.')
        raise RefusedRequest(
            428, "version_needed", detail, [field_error("header", ["If-Match"], "missing", detail)]
        )
    if if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    if tag is None:
        detail = _('If-Match takes one ETag, such as "3", or *.')
        raise RefusedRequest(422, "invalid", detail, [field_error("header", ["If-Match"], "etag", detail)])
    return int(tag.group(1))


def tagged(response: HttpResponse, record: Record) -> None:
    """Say which version the response shows."""
    response["ETag"] = f'"{record.version}"'


class Known(BaseModel):
    """Parameters of an address; a misspelt one is refused rather than ignored."""

    @classmethod
    def check_names(cls, request: HttpRequest) -> None:
        known = sorted(field.alias or name for name, field in cls.model_fields.items())
        unknown = [name for name in request.GET if name not in known]
        if unknown:
            message = _("There is no such parameter here. Known are: %(known)s.")
            text = message % {"known": ", ".join(known)}
            errors = [field_error("query", [name], "unknown_parameter", text) for name in unknown]
            raise RefusedRequest(422, "invalid", _("Some parameters are unknown."), errors)

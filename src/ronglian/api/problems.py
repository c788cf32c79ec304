"""Errors as problem details (RFC 9457): one form for everything that can go wrong.

`errors` lists what has to change: where (`in`, `name`, and for bodies a JSON pointer), a code, and a message in
the language of Accept-Language. What a reader may not know of answers exactly as what does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import BaseModel, Field

from ronglian.kernel.errors import OperationError, Text

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, Text] = {
    400: _lazy("The request cannot be read."),
    401: _lazy("A valid token is needed."),
    403: _lazy("You may not do this."),
    404: _lazy("There is nothing here, or nothing that you may see."),
    405: _lazy("This address does not know this method."),
    409: _lazy("The state of the record forbids this."),
    412: _lazy("The record was changed meanwhile."),
    413: _lazy("The request is too large."),
    415: _lazy("The body must be JSON."),
    422: _lazy("Some fields need correction."),
    428: _lazy("Say which version you change."),
    429: _lazy("That was too often; wait a moment."),
    500: _lazy("Something went wrong on our side."),
    503: _lazy("This cannot be done for the moment."),
}


class FieldError(BaseModel):
    """One thing to correct."""

    place: str = Field(
        serialization_alias="in", description="Where it stands: body, query, path, header, form or file."
    )
    name: str = Field(description="The field, empty where the whole body is meant.")
    pointer: str | None = Field(description="JSON pointer into the body; null elsewhere.")
    code: str = Field(description="What is wrong, for programs.")
    message: str = Field(description="What is wrong and what would be right, for people.")


class Problem(BaseModel):
    """Problem details as in RFC 9457."""

    type: str = Field(description="Names the kind of problem.", examples=["urn:ronglian:problem:invalid"])
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="This very problem in words.")
    code: str = Field(description="The kind of problem, for programs.", examples=["invalid"])
    errors: list[FieldError] = Field(
        description="What has to be corrected; empty where it is not about fields."
    )


def field_error(place: str, path: Iterable[str | int], code: str, message: Text) -> FieldError:
    """The error of the field at `path`."""
    steps = [str(step) for step in path]
    pointer = "#" + "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
    return FieldError(
        place=place,
        name=".".join(steps),
        pointer=pointer if place == "body" else None,
        code=code,
        message=str(message),
    )


def problem(
    status: int,
    code: str,
    detail: Text = "",
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The response that says what is wrong."""
    title = str(TITLES[status])
    body = Problem(
        type=f"urn:ronglian:problem:{code}",
        title=title,
        status=status,
        detail=str(detail) or title,
        code=code,
        errors=list(errors),
    )
    return HttpResponse(
        json.dumps(_storable(body.model_dump(by_alias=True)), ensure_ascii=False).encode(),
        status=status,
        content_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def operation_problem(error: OperationError, place: str = "body") -> HttpResponse:
    """What an operation refused, with the fields it names; `place` is where these were sent."""
    errors = [
        field_error(place, [name] if name else [], error.code, text)
        for name, texts in error.fields.items()
        for text in texts
    ]
    return problem(error.status, error.code, error.message, errors)


def too_large() -> HttpResponse:
    return problem(413, "too_large", errors=[field_error("body", [], "too_large", TITLES[413])])


def not_found() -> HttpResponse:
    return problem(404, "not_found")


def unauthorised() -> HttpResponse:
    detail = _("Send a valid token: Authorization: Bearer … . Tokens are made at the site under your name.")
    return problem(401, "unauthorised", detail, headers={"WWW-Authenticate": "Bearer"})


def _storable(value: Any) -> Any:
    """Names of fields come from the sender; a lone surrogate in one cannot be sent back."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value

"""Errors that teach: what is wrong, where, and what would be right. Every door presents these the same way.

OperationError
 ├── InvalidInput   422  a field's value is wrong; `fields` says which and why
 ├── NotAllowed     403  who acts may see the object but not do this; says who can
 ├── RuleViolation  409  the object's state forbids it
 ├── Conflict       409  somebody else was faster, or a key was used twice
 ├── StaleVersion   412  the record changed since it was read
 ├── ReadOnly       503  nothing can be written for a while
 └── OutOfTime      503  it took too long and was stopped (kernel/time_limit.py)
NotFound            404  there is nothing, or nothing this reader may know of
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class OperationError(Exception):
    """An operation refused; nothing was written."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"

    def __init__(self, message: Text, *, fields: Mapping[str, Sequence[Text]] | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.fields: dict[str, list[Text]] = {name: list(texts) for name, texts in (fields or {}).items()}


class InvalidInput(OperationError):
    status = 422
    code = "invalid"

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[Text]]) -> InvalidInput:
        return cls(_("Some fields need correction."), fields=fields)


class NotAllowed(OperationError):
    status = 403
    code = "not_allowed"


class RuleViolation(OperationError):
    status = 409
    code = "rule"


class Conflict(OperationError):
    status = 409
    code = "conflict"


class StaleVersion(OperationError):
    status = 412
    code = "stale"

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or _(
                "The record was changed by somebody else since you opened it. Reload it and apply your change again."
            )
        )


class ReadOnly(OperationError):
    status = 503
    code = "read_only"


class NotFound(Exception):
    """Nothing there, or nothing that this reader may know of: the two are indistinguishable."""

    status: ClassVar[int] = 404
    code: ClassVar[str] = "not_found"

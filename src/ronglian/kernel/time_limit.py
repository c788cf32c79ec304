"""How long a request may take. Whoever asks for too much is stopped at a statement of the database, with a clear answer.

Nothing is half-written: what was stopped is rolled back like any failed operation. SQLite is interrupted by its progress
handler, PostgreSQL by statement_timeout (`limit_statements`, set once for each connection of a server process); on both,
no further statement begins after the end. After the end a few seconds of grace are left in which the answer is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any, ClassVar

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.errors import OperationError

GRACE = 5.0  # seconds
STEPS = 10_000  # of SQLite's machine between two looks at the clock: some milliseconds
QUERY_CANCELED = "57014"  # PostgreSQL's code


class OutOfTime(OperationError):
    status: ClassVar[int] = 503
    code: ClassVar[str] = "out_of_time"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This took too long and was stopped; nothing was changed. Ask for less at once, or try again later."
            )
        )


@dataclass(slots=True)
class _Limit:
    ends: float
    ran_out: bool = False

    def is_over(self) -> bool:
        """Whether time is up; if so, what follows is the answer and has the grace."""
        if monotonic() < self.ends:
            return False
        self.ran_out, self.ends = True, monotonic() + GRACE
        return True


_limit: ContextVar[_Limit | None] = ContextVar("time_limit", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what the block asks of the database once `seconds` have passed: raises OutOfTime there."""
    token = _limit.set(_Limit(monotonic() + seconds))
    try:
        with connection.execute_wrapper(_watched):
            yield
    finally:
        _limit.reset(token)
        if connection.vendor == "sqlite" and connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)


def stopped(error: BaseException) -> bool:
    """Whether the error is that of a statement that was stopped, seen while rows were fetched."""
    limit = _limit.get()
    if not isinstance(error, OperationalError):
        return isinstance(error, OutOfTime)
    if getattr(error.__cause__, "sqlstate", None) == QUERY_CANCELED:
        return True
    return limit is not None and limit.ran_out and "interrupted" in str(error)


def limit_statements(wrapper: BaseDatabaseWrapper, seconds: float) -> None:
    """On PostgreSQL, no statement of this connection lasts longer; 0 takes the limit off."""
    if wrapper.vendor == "postgresql":
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(seconds * 1000))])


def _watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    limit = _limit.get()
    if limit is None:
        return execute(sql, params, many, context)
    if limit.is_over():
        raise OutOfTime
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(limit.is_over, STEPS)
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if stopped(error):
            raise OutOfTime from error
        raise

"""Lists come in pages: `page` and `limit` in the address, `total` and `next` in the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, Field

from ronglian.api.calling import Known
from ronglian.api.fields import QueryWhole

T = TypeVar("T")
LARGEST_PAGE = 100


class PageParameters(Known):
    """Which part of a list."""

    page: QueryWhole = Field(1, ge=1, le=100_000, description="Which page, from 1.")
    limit: QueryWhole = Field(20, ge=1, le=LARGEST_PAGE, description="How many items to a page, at most 100.")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int = Field(description="How many there are on all pages.")
    page: int
    limit: int
    next: str | None = Field(description="The address of the next page; null on the last.")


class Rows(Protocol):
    """A query set, or a list of ids in order of rank."""

    def __getitem__(self, key: slice) -> Any: ...


def paginate(
    request: HttpRequest,
    rows: Rows,
    total: int,
    parameters: PageParameters,
    present: Callable[[Sequence[Any]], list[Any]],
) -> dict[str, Any]:
    """The page as plain values; `present` turns its rows into schemas."""
    start = (parameters.page - 1) * parameters.limit
    shown = list(rows[start : start + parameters.limit]) if start < total else []
    has_more = start + parameters.limit < total
    return {
        "items": present(shown),
        "total": total,
        "page": parameters.page,
        "limit": parameters.limit,
        "next": _address(request, parameters.page + 1) if has_more else None,
    }


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"

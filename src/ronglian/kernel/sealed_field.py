"""A column whose value only the keys outside the database can read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from ronglian.kernel.sealing import seal, unseal


class SealedField(models.TextField):  # type: ignore[type-arg]  # django-stubs: the value is any JSON, not a text
    """密存字段: a text or another JSON value, sealed in the database (`kernel.sealing`), plain in memory.

    It cannot be searched or sorted by: the same value is sealed differently each time.
    """

    def from_db_value(self, value: str | None, _expression: Any, _connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else unseal(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(value)

"""Key rotation (密钥轮换): what is sealed with an old key is sealed anew, while the site runs.

Every batch is a transaction of its own and passes over what is done, so the work can be stopped at any moment and goes on
where it was. Where a column that the log covers changes with its seal, an event says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Cast
from django_tasks import task

from ronglian.kernel.actor import Actor, job_actor
from ronglian.kernel.events import record_events, subject_type
from ronglian.kernel.log.entries import logged_fields
from ronglian.kernel.sealed_field import SealedField
from ronglian.kernel.sealing import KeyMissing, data_keys, key_of, reseal

BATCH = 200
SEALED = re.compile(r"gAAAAA[\w-]{90,}={0,2}")
Column = tuple[type[models.Model], "models.Field[Any, Any]"]
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Resealed:
    """What was found: rows looked at, values sealed anew, values that no key opens (by column)."""

    rows: int = 0
    values: int = 0
    lost: Counter[str] = field(default_factory=Counter)


@task()
def reseal_everything() -> int:
    """The same as a job; answers how many values were sealed anew."""
    return reseal_all(job_actor("reseal")).values


def reseal_all(actor: Actor, progress: Progress = lambda _done, _total: None) -> Resealed:
    """Seal everything with the newest key. `progress` hears how many rows of how many have been looked at."""
    found = Resealed()
    total = sum(model._base_manager.count() for model, _field in sealed_columns())
    for model, column in sealed_columns():
        for numbers in _row_numbers(model):
            _reseal_batch(actor, model, column, numbers, found)
            found.rows += len(numbers)
            progress(found.rows, total)
    return found


def count_by_key() -> Counter[int | None]:
    """How many values each key opens: 0 is the newest; None stands for those that no key opens."""
    counted: Counter[int | None] = Counter(dict.fromkeys(range(len(data_keys())), 0))
    for model, column in sealed_columns():
        for numbers in _row_numbers(model):
            for _pk, text in _texts(model, column, numbers):
                counted.update(key_of(sealed) for sealed in SEALED.findall(text))
    return counted


def sealed_columns() -> list[Column]:
    """Every column that holds sealed values."""
    named = [name.rpartition(".") for name in settings.SEALED_COLUMNS]
    found: list[Column] = [
        (apps.get_model(label), apps.get_model(label)._meta.get_field(column)) for label, _dot, column in named
    ]  # fmt: skip
    for model in apps.get_models():
        found += [(model, each) for each in model._meta.concrete_fields if isinstance(each, SealedField)]
    return found


def _reseal_batch(
    actor: Actor, model: type[models.Model], column: Any, numbers: list[int], found: Resealed
) -> None:
    """Look without a lock; take one only where something is to be done, and look again."""
    if all(_anew(text, Resealed(), "") == text for _pk, text in _texts(model, column, numbers)):
        _note_lost(model, column, numbers, found)
        return
    with transaction.atomic():
        list(model._base_manager.select_for_update().filter(pk__in=numbers).values_list("pk"))
        place = f"{model._meta.label}.{column.name}"
        changed = []
        for pk, text in _texts(model, column, numbers):
            new = _anew(text, found, place)
            if new != text:
                changed.append((new, pk))
        quote = connection.ops.quote_name
        update = f"UPDATE {quote(model._meta.db_table)} SET {quote(column.column)} = %s WHERE id = %s"  # noqa: S608 - names of our own models
        with connection.cursor() as cursor:
            cursor.executemany(update, changed)
        if column.attname in logged_fields(model) and not isinstance(column, SealedField):
            rows: Any = model._base_manager.filter(pk__in=[pk for _new, pk in changed])
            record_events(actor, f"{subject_type(model)}.resealed", rows)


def _note_lost(model: type[models.Model], column: Any, numbers: list[int], found: Resealed) -> None:
    for _pk, text in _texts(model, column, numbers):
        _anew(text, found, f"{model._meta.label}.{column.name}")


def _anew(text: str, found: Resealed, place: str) -> str:
    """The text of a column with every sealed value in it under the newest key."""

    def each(match: re.Match[str]) -> str:
        try:
            new = reseal(match.group())
        except KeyMissing:
            found.lost[place] += 1
            return match.group()
        found.values += new != match.group()
        return new

    return SEALED.sub(each, text)


def _row_numbers(model: type[models.Model]) -> Iterator[list[int]]:
    last = 0
    while numbers := list(
        model._base_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield numbers
        last = numbers[-1]


def _texts(model: type[models.Model], column: Any, numbers: list[int]) -> list[tuple[int, str]]:
    """The column as it is stored, sealed."""
    rows = model._base_manager.filter(pk__in=numbers).annotate(stored=Cast(column.name, models.TextField()))
    return [(pk, text or "") for pk, text in rows.values_list("pk", "stored")]

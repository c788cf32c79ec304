"""The stated facts of many records as a table: each different value once, and a small number for each record (事实表)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.columns import Columns, join, to_columns
from ronglian.engines.matching.packing import Rows, make_bytes
from ronglian.engines.matching.records import TEXT_FIELDS, NeedProfile, Profile, ResultProfile, to_plain
from ronglian.engines.text import Metric

IntArray = NDArray[np.int64]

_FEW = 2_000
# Which columns follow from which fact. Of two facts about money the first counts where it is stated.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "technology_field": ("field",),
    "industry": ("section", "division", "group", "trade"),
    "region": ("province", "city", "region_set"),
    "modes": ("modes",),
    "confirmed_on": ("confirmed",),
    "expires_on": ("expires",),
    "minimum_maturity": ("maturity",),
    "maturity": ("maturity",),
    "hard": ("hard",),
}
_MONEY = {
    NeedProfile: ("budget_high_fen", "budget_low_fen"),
    ResultProfile: ("price_low_fen", "price_high_fen"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of many records (单项事实)."""

    values: Rows  # JSON in UTF-8; nothing where it is not stated
    codes: NDArray[Any]  # (records,) places in ``values``

    def value(self, place: int) -> Any:
        """A value as JSON holds it; None where it is not stated."""
        text = self.values.row(place).tobytes()
        # Lone surrogates can stand in free text and must come back as they were.
        return json.loads(text.decode("utf-8", "surrogatepass")) if text else None

    def take(self, rows: IntArray) -> "Fact":
        """The fact of these records, without the values that none of them has."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return Fact(self.values.take(used.astype(np.int64)), _small(codes, len(used)))


@dataclass(frozen=True)
class Facts:
    """All facts of many records of one kind (事实表)."""

    kind: type[Profile]
    modes: Mapping[str, int]  # the bit of each transfer mode in the columns
    table: Mapping[str, Fact]

    def read(self, row: int, record: str) -> Profile:
        """The profile of a record without its text."""
        found = {name: self._read(name, row) for name in self.table}
        stated = {name: value for name, value in found.items() if value is not None}
        return self.kind.from_facts({"id": record, **stated})

    def read_metrics(self, row: int) -> tuple[Metric, ...]:
        """The metrics of a record alone, for ranking: they are compared with many."""
        return tuple(Metric.from_dict(metric) for metric in self._read("metrics", row) or ())

    def _read(self, name: str, row: int) -> Any:
        code = int(self.table[name].codes[row])
        return self._few[name][code] if name in self._few else self.table[name].value(code)

    def take(self, rows: IntArray) -> "Facts":
        """The facts of these records."""
        return Facts(self.kind, self.modes, {name: fact.take(rows) for name, fact in self.table.items()})

    def columns(self, rows: IntArray | slice) -> Columns:
        """What scoring asks of these records."""
        arrays = {
            column: values[self.table[name].codes[rows]]
            for name, columns in self._values.items()
            for column, values in columns.items()
        }
        first, second = (arrays.pop(name) for name in _MONEY[self.kind])
        arrays["money"] = np.where(np.isnan(first), second, first)
        size = len(first)
        for name, values in _NOTHING.items():
            arrays.setdefault(name, np.repeat(values, size))
        return Columns(**arrays)

    @cached_property
    def _few(self) -> dict[str, list[Any]]:
        """Values of the facts that have few: they are asked for again and again."""
        return {
            name: [fact.value(place) for place in range(len(fact.values))]
            for name, fact in self.table.items()
            if len(fact.values) <= _FEW
        }

    @cached_property
    def _values(self) -> dict[str, dict[str, NDArray[Any]]]:
        """By fact and column: the entry of each value."""
        found: dict[str, dict[str, NDArray[Any]]] = {}
        for name, fact in self.table.items():
            places = range(len(fact.values))
            if name == "metrics":
                found[name] = {"metrics": (np.diff(fact.values.starts) > 0).astype(np.int64)}
            elif name in _MONEY[self.kind]:
                money = [fact.value(place) for place in places]
                found[name] = {name: np.array(money, dtype=np.float64)}
            elif name in _COLUMNS:
                stated = [{} if (value := fact.value(place)) is None else {name: value} for place in places]
                columns = to_columns(
                    [self.kind.from_facts({"id": "", **each}) for each in stated], self.modes
                )
                found[name] = {column: getattr(columns, column) for column in _COLUMNS[name]}
        return found


_NOTHING = {
    each.name: getattr(to_columns([ResultProfile("", "")], {}), each.name) for each in fields(Columns)
}


def make_facts(kind: type[Profile], profiles: Sequence[Profile], modes: Mapping[str, int]) -> Facts:
    """The facts of these profiles."""
    table = {}
    for each in fields(kind):
        if each.name == "id" or each.name in TEXT_FIELDS:
            continue
        places: dict[Any, int] = {}
        codes = [places.setdefault(getattr(profile, each.name), len(places)) for profile in profiles]
        table[each.name] = Fact(make_bytes([_json(value) for value in places]), _small(codes, len(places)))
    return Facts(kind, modes, table)


def _json(value: Any) -> bytes:
    if value is None or value in ((), frozenset(), ""):
        return b""
    text = json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _small(codes: Any, count: int) -> NDArray[Any]:
    return np.asarray(codes, dtype=np.min_scalar_type(max(count - 1, 0)))


def join_facts(parts: Sequence[Facts]) -> Facts:
    """Facts below one another."""
    table = {}
    for name in parts[0].table:
        places: dict[bytes, int] = {}
        codes = []
        for part in parts:
            fact = part.table[name]
            values = [fact.values.row(place).tobytes() for place in range(len(fact.values))]
            new = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int64)
            codes.append(new[fact.codes])
        table[name] = Fact(make_bytes(list(places)), _small(np.concatenate(codes), len(places)))
    return Facts(parts[0].kind, parts[-1].modes, table)


def join_columns(parts: Sequence[Columns]) -> Columns:
    """Columns below one another; none for no parts."""
    return join([to_columns([], {}), *parts])

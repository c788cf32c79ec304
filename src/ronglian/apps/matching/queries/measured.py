"""The figures of the last `make bench`: how the engine does on judgements that nobody in this project wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ronglian.engines.matching.measures import Interval


@dataclass(frozen=True, slots=True)
class MeasuredSystem:
    """One ranker and what it reached, by measure; None where the judgements do not permit the measure."""

    name: str
    measures: Mapping[str, Interval | None]


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """One set of judgements (评测数据集)."""

    name: str
    engine: str
    parameters: str
    needs: int
    results: int
    pairs: int
    measures: tuple[str, ...]
    systems: tuple[MeasuredSystem, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All sets, the day and the machine (离线评测结果)."""

    measured_on: str
    machine: str
    command: str
    sets: tuple[MeasuredSet, ...]


@cache
def read_measured() -> Measured:
    """The file that the benchmark wrote, once a process."""
    text = files("ronglian.apps.matching").joinpath("measured.json").read_text(encoding="utf-8")
    values = json.loads(text)
    sets = tuple(
        MeasuredSet(
            **{key: each[key] for key in ("name", "engine", "parameters", "needs", "results", "pairs")},
            measures=tuple(each["systems"][0]["measures"]),
            systems=tuple(_system(system) for system in each["systems"]),
        )
        for each in values["sets"]
    )
    return Measured(values["measured_on"], values["machine"], values["command"], sets)


def _system(values: Mapping[str, Mapping[str, Mapping[str, float] | None]]) -> MeasuredSystem:
    measures = {
        name: None if each is None else Interval(each["mean"], each["low"], each["high"])
        for name, each in values["measures"].items()
    }
    return MeasuredSystem(str(values["name"]), measures)

"""The four kinds of record and their schemas; the routes are the same for all."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.api.fields import Strict
from ronglian.api.registry.filters import (
    ExpertFilters,
    NeedFilters,
    RecordFilters,
    ResultFilters,
    SceneFilters,
)
from ronglian.api.registry.inputs import (
    ExpertChanges,
    NeedChanges,
    NewExpert,
    NewNeed,
    NewResult,
    NewScene,
    ResultChanges,
    SceneChanges,
)
from ronglian.api.registry.shown import ExpertShown, NeedShown, RecordShown, ResultShown, SceneShown
from ronglian.apps.registry.columns import Kind as ColumnsKind
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `plural` is its address, `noun` the second half of its operation ids."""

    plural: ColumnsKind
    noun: str
    model: type[RegistryRecord]
    shown: type[RecordShown]
    new: type[Strict]
    changes: type[Strict]
    filters: type[RecordFilters]


KINDS: tuple[Kind, ...] = (
    Kind("results", "result", Result, ResultShown, NewResult, ResultChanges, ResultFilters),
    Kind("needs", "need", Need, NeedShown, NewNeed, NeedChanges, NeedFilters),
    Kind("experts", "expert", Expert, ExpertShown, NewExpert, ExpertChanges, ExpertFilters),
    Kind("scenes", "scene", Scene, SceneShown, NewScene, SceneChanges, SceneFilters),
)

"""How well a technology manager fits a case, in points: field, place and words of both (技术经理人适配).

Told with a worked table in docs/explanation/algorithms/assignment-to-managers.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from ronglian.engines.text import content_terms

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
K = TypeVar("K", bound=Hashable)
SHARED_TERMS = 5
EVERYWHERE, SAME_PROVINCE = 0.7, 0.5


@dataclass(frozen=True, slots=True)
class FitPoints:
    """Points of each part; a change is a new version (适配参数)."""

    version: str = "1"
    carried: float = 100.0  # that a case is carried at all
    field: float = 40.0
    region: float = 20.0
    text: float = 25.0
    waiting: float = 15.0
    load: float = 15.0  # taken off for a manager's last place
    enough_text: float = 0.35  # cosine from which all points of the text are given
    longest_wait: int = 90  # days from which all points of the waiting are given


DEFAULT_FIT = FitPoints()


@dataclass(frozen=True, slots=True)
class CaseToAssign:
    """A need that waits for a manager (待分派个案). `region` GB/T 2260; codes are empty where nothing is stated."""

    id: str
    text: str
    technology_field: str = ""
    region: str = ""
    languages: frozenset[str] = frozenset({"zh"})
    is_small: bool = False
    days_waiting: int = 0


@dataclass(frozen=True, slots=True)
class ManagerToAssign:
    """A technology manager who can be given cases (可分派经理人). Without regions, works everywhere."""

    id: str
    text: str = ""
    technology_fields: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset({"zh"})
    capacity: int = 1
    open_cases: int = 0
    takes_new: bool = True

    @property
    def places(self) -> int:
        """How many cases more there is room for."""
        return max(0, self.capacity - self.open_cases) if self.takes_new else 0


@dataclass(frozen=True, eq=False)
class Fit:
    """Points of every case with every manager, by part: arrays of shape (cases, managers) (适配分)."""

    parts: dict[str, FloatArray]
    speaks: BoolArray  # a common language

    @property
    def total(self) -> FloatArray:
        """What a case is worth with a manager, before the load."""
        total: FloatArray = sum(self.parts.values(), np.zeros(self.speaks.shape))
        return total


def score_fit(
    cases: Sequence[CaseToAssign], managers: Sequence[ManagerToAssign], points: FitPoints = DEFAULT_FIT
) -> Fit:
    """The points of all pairs. Where either side states no field, half of the field's points."""
    shape = (len(cases), len(managers))
    waited = np.array([min(1.0, max(0, each.days_waiting) / points.longest_wait) for each in cases])
    fields = _table([each.technology_field for each in cases], managers, _field_share)
    regions = _table([each.region for each in cases], managers, _region_share)
    parts = {
        "carried": np.full(shape, points.carried),
        "field": points.field * fields,
        "region": points.region * regions,
        "text": points.text * np.minimum(1.0, _cosine(cases, managers) / points.enough_text),
        "waiting": np.repeat(points.waiting * waited.reshape(-1, 1), len(managers), axis=1),
    }
    speaks = _table([each.languages for each in cases], managers, _speaks) > 0.0
    return Fit({name: np.round(values, 2) for name, values in parts.items()}, speaks)


def shared_terms(case: CaseToAssign, manager: ManagerToAssign) -> tuple[str, ...]:
    """The first words that both use, in the order of the case."""
    known = set(content_terms(manager.text))
    found = dict.fromkeys(term for term in content_terms(case.text) if term in known)
    return tuple(found)[:SHARED_TERMS]


def _table(
    keys: Sequence[K], managers: Sequence[ManagerToAssign], share: Callable[[K, ManagerToAssign], float]
) -> FloatArray:
    """`share` of each pair (keys, managers); computed once for keys that are alike."""
    kinds = {key: row for row, key in enumerate(dict.fromkeys(keys))}
    values = np.array([[share(kind, manager) for manager in managers] for kind in kinds], np.float64)
    rows = np.array([kinds[key] for key in keys], np.int64)
    return values.reshape(len(kinds), len(managers))[rows]


def _field_share(technology_field: str, manager: ManagerToAssign) -> float:
    if not technology_field or not manager.technology_fields:
        return 0.5
    return float(technology_field in manager.technology_fields)


def _region_share(region: str, manager: ManagerToAssign) -> float:
    """1 for the place or what lies around it, less for a neighbour in the province, and for who works everywhere."""
    if not region or not manager.regions:
        return EVERYWHERE
    if any(region.startswith(place) or place.startswith(region) for place in manager.regions):
        return 1.0
    return SAME_PROVINCE if any(place[:2] == region[:2] for place in manager.regions) else 0.0


def _speaks(languages: frozenset[str], manager: ManagerToAssign) -> float:
    return float(bool(languages & manager.languages))


def _cosine(cases: Sequence[CaseToAssign], managers: Sequence[ManagerToAssign]) -> FloatArray:
    """Cosine of the words, rare ones weighing more (tf-idf); only words of some manager count."""
    known = {term for manager in managers for term in content_terms(manager.text)}
    number = {term: at for at, term in enumerate(sorted(known))}
    if not number:
        return np.zeros((len(cases), len(managers)))
    texts = [*(each.text for each in cases), *(each.text for each in managers)]
    counts = [Counter(term for term in content_terms(text) if term in number) for text in texts]
    rows = np.repeat(np.arange(len(counts)), [len(each) for each in counts])
    columns = np.array([number[term] for each in counts for term in each], np.int64)
    tf = 1.0 + np.log(np.array([count for each in counts for count in each.values()], np.float64))
    spread = np.bincount(columns, minlength=len(number))
    weights = tf * np.log(1.0 + len(counts) / spread)[columns]
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(counts)))
    vectors = sparse.csr_matrix((weights / lengths[rows], (rows, columns)), (len(counts), len(number)))
    cosine: FloatArray = (vectors[: len(cases)] @ vectors[len(cases) :].T).toarray()
    return cosine

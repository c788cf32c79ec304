"""From judged needs to what the learned ranker reads, and back to scores of a collection (训练数据)."""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.dense import DenseVectors
from ronglian.engines.matching.fusion import (
    WORDING_ALONE,
    WORDING_AND_MEANING,
    JudgedPool,
    LearnedRanker,
    learn_ranker,
)
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.judged import Judged, fold_of
from ronglian.engines.matching.records import NeedProfile
from ronglian.engines.matching.views import ViewReader

FloatArray = NDArray[np.float64]


class PoolReader:
    """Views of the judged needs on all results; each need is read once, and only when it is asked for."""

    def __init__(self, index: MatchIndex, judged: Judged, vectors: DenseVectors | None = None) -> None:
        self._index = index
        self._vectors = vectors if vectors is not None and vectors.enough else None
        self.shipped = WORDING_ALONE if self._vectors is None else WORDING_AND_MEANING
        self._needs = {need.id: need for need in judged.needs}
        self._places = {result.id: place for place, result in enumerate(judged.results)}
        self._read: dict[str, NDArray[np.float32]] = {}

    def learn(self, levels: Mapping[str, Mapping[str, int]]) -> LearnedRanker:
        """The ranker that these judgements teach, or the shipped one."""
        return learn_ranker(self.pools(levels), self.shipped)

    def pools(self, levels: Mapping[str, Mapping[str, int]]) -> list[JudgedPool]:
        """The pools of the needs whose levels differ: the others teach nothing."""
        return [
            JudgedPool(
                tuple(by_result.values()),
                self._values(need)[[self._places[result] for result in by_result]],
                fold_of(self._needs[need]),
            )
            for need, by_result in levels.items()
            if len(set(by_result.values())) > 1
        ]

    def scorer(self, ranker: LearnedRanker) -> Callable[[NeedProfile], FloatArray]:
        """The ranker over the whole collection, in the order of the judged results."""
        return lambda need: ranker.score(self._values(need.id))

    @cached_property
    def _reader(self) -> ViewReader:
        return ViewReader(self._index.state, self._vectors)

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        rows = {result: row for row, result in enumerate(self._reader.ids)}
        return np.array([rows[result] for result in self._places], dtype=np.int64)

    def _values(self, need: str) -> FloatArray:
        if need not in self._read:
            self._read[need] = self._reader.read(need)[self._rows].astype(np.float32)
        return self._read[need].astype(np.float64)

"""Ways of looking at a need and the results of a collection, for rankers of views (相关性视角)."""

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.answers import State
from ronglian.engines.matching.dense import DenseVectors, MeaningReader
from ronglian.engines.matching.similarity import Role, norms_of, similarities, weigh

FloatArray = NDArray[np.float64]

VIEWS = ("wording", "related", "distinct")
VIEWS_WITH_MEANING = (*VIEWS, "meaning")  # where a dense model gave vectors
RELATED_RESULTS = 100  # whose wording stands for the need's field


class ViewReader:
    """Reads the views of stored needs; what is the same for all needs is computed once.

    ``wording``: root of the similarity of need and result. ``related``: root of the similarity of the result with the
    centroid of the results nearest to the need, weighed by similarity (pseudo-relevance feedback, Rocchio 1971).
    ``distinct``: 1 - similarity with the centroid of all needs: what suits everybody suits nobody most. ``meaning``:
    nearness of the vectors of a dense model (dense.py), if there are enough.
    """

    def __init__(self, state: State, vectors: DenseVectors | None = None) -> None:
        self._state = state
        self.ids = [state.results.profiles.id(row) for row in range(len(state.results.alive))]
        self._meaning = MeaningReader(vectors, self.ids) if vectors is not None and vectors.enough else None
        self.views = VIEWS if self._meaning is None else VIEWS_WITH_MEANING
        rows = np.flatnonzero(state.needs.alive)
        common = _centroid(state, "needs", rows, np.ones(len(rows)))
        self._distinct = 1.0 - similarities(
            weigh(common, state.weighting), state.results, "results", state.weighting
        )

    def read(self, need: str) -> FloatArray:
        """Values 0..1 of one need on all results, shape (results, views), in the order of ``ids`` and ``views``.

        Raises KeyError for an unknown id.
        """
        state = self._state
        needs, results, weighting = state.needs, state.results, state.weighting
        features = needs.stored_features(needs.places[need], weighting.vocabulary, state.words)
        near = similarities(
            weigh(weighting.vector(features, "needs"), weighting), results, "results", weighting
        )
        near = np.where(results.alive, near, 0.0)
        best = np.argsort(-near, kind="stable")[:RELATED_RESULTS]
        field = _centroid(state, "results", best, near[best])
        related = similarities(weigh(field, weighting), results, "results", weighting)
        values = [np.sqrt(near), np.sqrt(related), self._distinct]
        if self._meaning is not None:
            values.append(self._meaning.read(need, values[0]))
        return np.stack(values, axis=1)


def _centroid(state: State, role: Role, rows: NDArray[np.int64], shares: FloatArray) -> dict[str, float]:
    """Sum of the unit vectors of these rows, each times its share."""
    side, weighting = state.side(role), state.weighting
    sums: dict[str, float] = {}
    for row, share in zip(rows.tolist(), shares.tolist(), strict=True):
        features = side.stored_features(row, weighting.vocabulary, state.words)
        vector = weighting.vector(features, role)
        norms = norms_of(vector)
        scale = share / max(float(norms.han[0] + norms.latin[0]) ** 0.5, 1e-12)
        for token, weight in vector.items():
            sums[token] = sums.get(token, 0.0) + weight * scale
    return sums

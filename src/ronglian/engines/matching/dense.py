"""Nearness in meaning, from vectors that a dense model made of texts (语义向量).

The engine is handed vectors and knows no model. Vectors of a model share a large common part (multilingual-e5: every
two texts have a cosine of .75 or more), which differs between needs and results; so each side's mean is taken off
before cosines are formed (Mu & Viswanath, All-but-the-Top, ICLR 2018, without the removal of components, which was
measured to harm). A result without a vector, such as one with a long text of its own, is judged by wording alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.records import NeedProfile, ResultProfile

FloatArray = NDArray[np.float64]
Vectors = NDArray[np.floating[Any]]

MEANING_SHARE = 0.25  # of the score where nothing was learned; measured in benchmarks/matching/LOG.md
# Scores of wording and meaning together from which levels 2, 3 and 4 are predicted; learned as Parameters' are.
MEANING_LEVELS = (14.45, 70.31, 78.99)
FEWEST_VECTORS = 50  # of a side, below which its mean says more about single texts than about the model
NEED_BODY = 300  # characters of a need's body that are read
LONGEST_RESULT = 200  # characters; a longer text says enough in its own words

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def need_texts(need: NeedProfile) -> tuple[str, str]:
    """The two texts of a need to embed: its title, and the title with the beginning of the body."""
    return need.title, f"{need.title}。{need.body[:NEED_BODY]}"


def result_text(result: ResultProfile) -> str | None:
    """The text of a result to embed; None where it is long or empty.

    Blanks between Chinese characters are dropped: they stand where a title was cut into words.
    """
    text = _BETWEEN_HAN.sub("", f"{result.title} {result.body}".strip())
    return text if 0 < len(text) <= LONGEST_RESULT else None


@dataclass(frozen=True, slots=True)
class DenseVectors:
    """Vectors of one model, by id (语义向量集).

    ``needs`` have shape (2, dimension), from :func:`need_texts`; ``results`` (dimension,). Only vectors of the same
    model can be compared: ``model`` names it with its version.
    """

    model: str
    needs: Mapping[str, Vectors]
    results: Mapping[str, Vectors]

    @property
    def enough(self) -> bool:
        """Whether both sides hold enough vectors for their means to be taken off."""
        return min(len(self.needs), len(self.results)) >= FEWEST_VECTORS


class MeaningReader:
    """Nearness of needs to the results of a collection; raises ValueError for vectors that are too few."""

    def __init__(self, vectors: DenseVectors, results: list[str]) -> None:
        if not vectors.enough:
            raise ValueError(f"at least {FEWEST_VECTORS} needs and results with vectors are needed")
        needs = np.stack(list(vectors.needs.values())).astype(np.float64)
        centred = unit(needs - needs.mean(axis=0))
        self._places = {need: place for place, need in enumerate(vectors.needs)}
        self._needs = unit(centred.sum(axis=1))
        self._rows = np.array([row for row, each in enumerate(results) if each in vectors.results])
        known = np.stack([vectors.results[results[row]] for row in self._rows]).astype(np.float64)
        self._results = unit(known - known.mean(axis=0))

    def read(self, need: str, wording: FloatArray) -> FloatArray:
        """Values 0..1 of one need on all results, shape (results,); where a vector is missing, the wording's value."""
        values = wording.copy()
        place = self._places.get(need)
        if place is not None:
            cosines = self._results @ self._needs[place]
            values[self._rows] = np.clip(np.round(cosines, 9), 0.0, 1.0)
        return values


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors of length 1 along the last axis; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float64)
